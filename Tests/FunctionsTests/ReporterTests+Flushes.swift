import Functions
import Promotion
import Synchronization
import Testing

/// Several flushes at the same time, and how long one takes.
extension ReporterTests {
    @Test("Flushes at the same time send nothing twice, and end when it is sent")
    func concurrentFlushes() async throws {
        post.set("on-call", .takes(.seconds(1)))
        for number in 0..<5 { await add(Self.begun, of: "w\(number)") }
        let (reporter, post) = (reporter, post)
        let deadline = post.time.now + .seconds(60)
        let toldByThen = try await post.time.run {
            await withTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        await reporter.flush(deadline: deadline)
                        return post.told.count
                    }
                }
                var counts: [Int] = []
                for await count in group { counts.append(count) }
                return counts
            }
        }
        #expect(toldByThen == [5, 5, 5, 5])
        #expect(post.attempts == 5)
    }

    @Test("What comes while one lane still sends and the other is done is sent by the flush that came with it")
    func takenOver() async throws {
        post.state.withLock { $0.store = .takes(.seconds(3)) }
        await add(Self.begun)
        let (reporter, post) = (reporter, post)
        let start = post.time.now
        let toldByThen = try await post.time.run {
            async let first: Void = reporter.flush(deadline: start + .seconds(60))
            try await post.time.sleep(until: start + .seconds(1))
            // The topic has the first one by now, and the history is at it.
            await reporter.add([Self.finished], of: Samples.identity(), topicARN: "on-call")
            await reporter.flush(deadline: start + .seconds(60))
            let told = post.told
            await first
            return told
        }
        #expect(toldByThen == subjects(Self.begun, Self.finished))
        post.state.withLock { $0.store = .delivers }
        #expect(try await outcomes() == ["finished"])
    }

    @Test("Whoever has less time is not kept by a flush that has more")
    func impatient() async throws {
        post.set("on-call", .takes(.seconds(4)))
        for number in 0..<100 { await add(Self.begun, of: "w\(number)") }
        let (reporter, post) = (reporter, post)
        let start = post.time.now
        let waited = try await post.time.run {
            async let long: Void = reporter.flush(deadline: start + .seconds(600))
            try await post.time.sleep(until: start + .seconds(1))
            await reporter.flush(deadline: start + .seconds(6))
            let waited = post.time.now - start
            await long
            return waited
        }
        // One message may be on its way.
        #expect(waited <= .seconds(11))
        try await flush(within: .seconds(600))
        #expect(post.told == (0..<100).flatMap { subjects(Self.begun, of: "w\($0)") })
    }

    @Test("A call takes five seconds at most, and none goes on beyond the deadline", arguments: [3, 60])
    func deadlines(seconds: Int) async throws {
        post.set("on-call", .hangs)
        await add(Self.begun)
        let start = post.time.now
        try await flush(within: .seconds(seconds))
        #expect(post.time.now - start == .seconds(min(seconds, 5)))
    }

    @Test("With no time nothing is sent, and nothing is lost")
    func noTime() async throws {
        await add(Self.begun)
        try await flush(within: .zero)
        #expect(post.attempts == 0 && post.writes == 0)
        try await flush()
        #expect(post.told == subjects(Self.begun))
    }
}
