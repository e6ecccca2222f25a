import Failover
import Functions
import LambdaRuntime
import Logging
import Promotion
import Synchronization
import Testing

@Suite("Telling people, and the history")
struct ReporterTests {
    let post = Post()
    let log = LogRecorder()
    let reporter: Reporter
    let history: PromotionHistory

    init() {
        let post = post
        history = PromotionHistory(pauseParameter: "/pause", service: post)
        reporter = Reporter(topics: post, history: history, logger: log.logger, now: { post.time.now })
    }

    static let begun = PromotionEvent.begun(Samples.promotion, delay: nil)
    static let finished = PromotionEvent.finished(Samples.promotion, duration: .seconds(90))

    func add(_ events: PromotionEvent..., of watch: String = "a", topic: String? = "on-call") async {
        await reporter.add(events, of: Samples.identity(watch), topicARN: topic)
    }

    func flush(within duration: Duration = .seconds(60)) async throws {
        let (reporter, deadline) = (reporter, post.time.now + duration)
        try await post.time.run { await reporter.flush(deadline: deadline) }
    }

    func pass(_ duration: Duration) async throws {
        let time = post.time
        try await time.run { try await time.sleep(until: time.now + duration) }
    }

    func subjects(_ events: PromotionEvent..., of watch: String = "a") -> [String] {
        events.map { Notification($0, identity: Samples.identity(watch), time: "").subject }
    }

    func outcomes() async throws -> [String] {
        try await history.entries(deadline: post.time.now + .seconds(60)).map(\.outcome)
    }

    @Test("What happened is told in its order, once, and is in the history")
    func order() async throws {
        await add(Self.begun)
        await add(Self.finished)
        try await flush()
        try await flush()
        #expect(post.told == subjects(Self.begun, Self.finished))
        #expect(try await outcomes() == ["finished"])
        #expect(log.lines.isEmpty)
    }

    @Test("Without a topic there is a history all the same, and without a history a topic")
    func eitherAlone() async throws {
        await add(Self.begun, topic: nil)
        try await flush()
        #expect(post.attempts == 0)
        #expect(try await outcomes() == ["begun"])
        let post = post
        let other = Reporter(topics: post, history: nil, logger: log.logger, now: { post.time.now })
        await other.add([Self.begun], of: Samples.identity(), topicARN: "on-call")
        let deadline = post.time.now + .seconds(60)
        try await post.time.run { await other.flush(deadline: deadline) }
        #expect(post.told == subjects(Self.begun))
        #expect(post.writes == 1)
    }

    @Test("What cannot be told is tried again later, before what happened after it")
    func retry() async throws {
        post.set("on-call", .fails)
        await add(Self.begun)
        try await flush()
        await add(Self.finished)
        try await flush()
        // Not again at once.
        #expect(post.attempts == 1)
        post.set("on-call", .delivers)
        try await pass(.seconds(60))
        try await flush()
        #expect(post.told == subjects(Self.begun, Self.finished))
    }

    @Test("What happens while something cannot be told is told after it")
    func meanwhile() async throws {
        post.set("on-call", .hangs)
        await add(Self.begun)
        let (reporter, post) = (reporter, post)
        let start = post.time.now
        try await post.time.run {
            async let sent: Void = reporter.flush(deadline: start + .seconds(60))
            try await post.time.sleep(until: start + .seconds(1))
            await reporter.add([Self.finished], of: Samples.identity(), topicARN: "on-call")
            await sent
        }
        post.set("on-call", .delivers)
        try await pass(.seconds(60))
        try await flush()
        #expect(post.told == subjects(Self.begun, Self.finished))
    }

    @Test("The history does not wait for a topic that fails or hangs", arguments: [Post.Outcome.fails, .hangs])
    func historyAlone(outcome: Post.Outcome) async throws {
        post.set("on-call", outcome)
        await add(Self.begun)
        await add(Self.finished)
        try await flush()
        #expect(try await outcomes() == ["finished"])
        #expect(post.told == [])
    }

    @Test("Nor does a topic wait for a history that fails or hangs", arguments: [Post.Outcome.fails, .hangs])
    func topicAlone(outcome: Post.Outcome) async throws {
        post.state.withLock { $0.store = outcome }
        await add(Self.begun)
        await add(Self.finished)
        let start = post.time.now
        try await flush()
        #expect(post.told == subjects(Self.begun, Self.finished))
        #expect(post.time.now - start <= .seconds(5))
        post.state.withLock { $0.store = .delivers }
        try await pass(.seconds(60))
        try await flush()
        #expect(try await outcomes() == ["finished"])
        #expect(post.told.count == 2)
    }

    @Test("A topic that fails keeps no other topic waiting")
    func otherTopic() async throws {
        post.set("gone", .fails)
        for number in 0..<3 {
            await add(Self.begun, of: "a\(number)", topic: "gone")
            await add(Self.begun, of: "b\(number)", topic: "on-call")
        }
        try await flush()
        #expect(post.told == (0..<3).flatMap { subjects(Self.begun, of: "b\($0)") })
        #expect(post.state.withLock { $0.attempts }.filter { $0.topic == "gone" }.count == 1)
    }

    @Test("It is given up at the tenth time, with an error in the log, and the next is told")
    func givingUp() async throws {
        post.set("on-call", .fails)
        await add(Self.begun)
        await add(Self.finished)
        for attempt in 1...10 {
            #expect(log.lines.allSatisfy { $0.level == .warning })
            try await flush()
            #expect(log.lines.filter { $0.message.contains("begun") }.count == attempt)
            if attempt == 9 { post.set("on-call", .fails) }
            if attempt < 10 { try await pass(.seconds(60)) }
        }
        #expect(log.lines.map(\.level) == Array(repeating: .warning, count: 9) + [.error])
        #expect(log.lines.last?.metadata["watch"] == "a")
        post.set("on-call", .delivers)
        try await pass(.seconds(60))
        try await flush()
        #expect(post.told == subjects(Self.finished))
        // It was in the history from the first.
        #expect(try await outcomes() == ["finished"])
    }

    @Test("Many events at once do not use up the attempts of a short failure")
    func burst() async throws {
        post.set("on-call", .fails)
        for number in 0..<100 {
            await add(Self.begun, of: "w\(number)")
            try await flush()
        }
        post.set("on-call", .delivers)
        try await pass(.seconds(60))
        try await flush()
        #expect(post.told == (0..<100).flatMap { subjects(Self.begun, of: "w\($0)") })
    }

    @Test("What is kept has a limit: the oldest goes first, and the log says so")
    func capacity() async throws {
        for number in 0..<4010 { await add(Self.begun, of: "w\(number)") }
        #expect(log.lines.filter { $0.level == .error }.isEmpty == false)
        post.state.withLock { $0.store = .fails }
        try await flush()
        #expect(post.told.first == subjects(Self.begun, of: "w10").first)
        #expect(post.told.count == 4000)
    }

    @Test("Who ordered it is in the history")
    func operatorName() async throws {
        await reporter.add([Self.begun], of: Samples.identity(), topicARN: nil, by: "ops")
        try await flush()
        #expect(try await history.entries(deadline: post.time.now + .seconds(1)).map(\.by) == ["ops"])
    }
}
