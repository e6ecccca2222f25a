import Synchronization
import Testing

@testable import NameResolution

@Suite("The system's resolver", .timeLimit(.minutes(1)))
struct SystemResolverTests {
    static var later: ContinuousClock.Instant { .now + .seconds(3600) }
    static var soon: ContinuousClock.Instant { .now + .milliseconds(5) }

    static func outcome(
        _ resolver: SystemResolver, _ name: String, _ deadline: ContinuousClock.Instant
    ) async -> ResolutionError.Code? {
        do throws(ResolutionError) {
            _ = try await resolver.resolve(name, deadline: deadline)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "What cannot be a name is not asked for",
        arguments: [
            "", ".", "a..b", ".a", "a..", "a\0.test", String(repeating: "a", count: 64) + ".test",
            Array(repeating: "abcdefg", count: 32).joined(separator: "."),
        ])
    func invalidNames(name: String) async {
        let lookups = Lookups()
        #expect(await Self.outcome(SystemResolver(lookup: lookups.lookUp), name, Self.later) == .invalidName)
        #expect(lookups.started.isEmpty)
    }

    @Test(
        "The longest names are asked for as they are",
        arguments: [
            String(repeating: "a", count: 63) + ".test.",
            Array(repeating: "abcdef", count: 36).joined(separator: ".") + ".",
        ])
    func longNames(name: String) async {
        let lookups = Lookups()
        #expect(await Self.outcome(SystemResolver(lookup: lookups.lookUp), name, Self.later) == nil)
        #expect(lookups.started == [name])
    }

    @Test("After the deadline, nothing is asked")
    func deadlinePassed() async {
        let lookups = Lookups()
        let resolver = SystemResolver(lookup: lookups.lookUp)
        #expect(await Self.outcome(resolver, "app.test", .now) == .timedOut)
        #expect(lookups.started.isEmpty && resolver.load.threads == 0)
    }

    @Test("A look-up that hangs ends at its deadline, and its late answer goes nowhere")
    func hung() async {
        let lookups = Lookups()
        let resolver = SystemResolver(limits: .bounded(1), lookup: lookups.lookUp)
        // A deadline far ahead is waited for first: the nearer one must not have to wait for it.
        let patient = Task { await Self.outcome(resolver, "hang-0.test", Self.later) }
        while lookups.started.isEmpty { await Task.yield() }
        #expect(await Self.outcome(resolver, "hang-1.test", Self.soon) == .timedOut)
        lookups.gate.signal()
        #expect(await patient.value == nil)

        #expect(await Self.outcome(resolver, "hang-2.test", Self.soon) == .timedOut)
        lookups.gate.signal()
        #expect(await Self.outcome(resolver, "app.test", Self.later) == nil)
        #expect(lookups.started.last == "app.test" && !lookups.started.contains("hang-1.test"))
    }

    @Test("Those that hang do not keep the next one waiting, as long as there may be another thread")
    func growth() async {
        let lookups = Lookups()
        let resolver = SystemResolver(limits: .bounded(4), lookup: lookups.lookUp)
        for count in 1...3 {
            let hung = Task { await Self.outcome(resolver, "hang-\(count).test", Self.later) }
            while lookups.started.count < count { await Task.yield() }
            hung.cancel()
            #expect(await hung.value == .cancelled)
        }
        #expect(await Self.outcome(resolver, "app.test", Self.later) == nil)
        #expect(resolver.load.threads == 4)
        lookups.gate.signal(count: 3)
    }

    @Test("A thousand look-ups at once, some of which hang, all end, on no more threads than allowed")
    func thousand() async {
        let lookups = Lookups()
        let resolver = SystemResolver(limits: .bounded(12), lookup: lookups.lookUp)
        let outcomes = await withTaskGroup(of: (Bool, ResolutionError.Code?).self) { group in
            for index in 0..<1000 {
                let hangs = index % 100 == 0
                let name = hangs ? "hang-\(index).test" : "app-\(index).test"
                group.addTask { (hangs, await Self.outcome(resolver, name, hangs ? Self.soon : Self.later)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count == 1000)
        #expect(outcomes.allSatisfy { hangs, code in code == (hangs ? .timedOut : nil) })
        #expect(resolver.load.threads <= 12 && resolver.load.queued == 0)
        lookups.gate.signal(count: 10)
    }

    @Test("What waits in the queue beyond its deadline, or is cancelled there, is never started")
    func queueDrop() async {
        let lookups = Lookups()
        let resolver = SystemResolver(limits: .bounded(1), lookup: lookups.lookUp)
        let hung = Task { await Self.outcome(resolver, "hang.test", Self.later) }
        while lookups.started.isEmpty { await Task.yield() }

        let late = (0..<50).map { index in Task { await Self.outcome(resolver, "late-\(index).test", Self.soon) } }
        for task in late { #expect(await task.value == .timedOut) }
        #expect(resolver.load == (threads: 1, queued: 0, watched: 1))

        let cancelled = Task { await Self.outcome(resolver, "cancelled.test", Self.later) }
        while resolver.load.queued == 0 { await Task.yield() }
        cancelled.cancel()
        #expect(await cancelled.value == .cancelled)
        #expect(resolver.load == (threads: 1, queued: 0, watched: 1))

        lookups.gate.signal()
        #expect(await hung.value == nil)
        #expect(await Self.outcome(resolver, "app.test", Self.later) == nil)
        #expect(lookups.started == ["hang.test", "app.test"])
    }

    @Test("A look-up whose task is cancelled ends at once, running or not yet begun")
    func cancellation() async {
        let lookups = Lookups()
        let resolver = SystemResolver(lookup: lookups.lookUp)
        let running = Task { await Self.outcome(resolver, "hang.test", Self.later) }
        while lookups.started.isEmpty { await Task.yield() }
        running.cancel()
        #expect(await running.value == .cancelled)
        lookups.gate.signal()

        let unused = SystemResolver(lookup: lookups.lookUp)
        let before = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await Self.outcome(unused, "app.test", Self.later)
        }
        #expect(await before.value == .cancelled)
        #expect(unused.load.threads == 0)
        #expect(lookups.started == ["hang.test"])
    }

    @Test("One look-up after the other needs one thread")
    func reuse() async {
        let resolver = SystemResolver(lookup: Lookups().lookUp)
        for _ in 0..<200 { #expect(await Self.outcome(resolver, "app.test", Self.later) == nil) }
        #expect(resolver.load == (threads: 1, queued: 0, watched: 0))
    }

    @Test("A thread that gets free too late does not start what has waited beyond its deadline")
    func lateThread() async {
        let lookups = Lookups()
        let isFirst = Atomic(true)
        let resolver = SystemResolver(
            limits: .bounded(1),
            startThread: { body in
                // The first thread would be the timekeeper's: this one never looks at its watch.
                isFirst.exchange(false, ordering: .relaxed) ? 0 : Thread.start(body)
            }, lookup: lookups.lookUp)
        let hung = Task { await Self.outcome(resolver, "hang.test", Self.later) }
        while lookups.started.isEmpty { await Task.yield() }
        let deadline = Self.soon
        let late = Task { await Self.outcome(resolver, "late.test", deadline) }
        while ContinuousClock.now < deadline { await Task.yield() }
        lookups.gate.signal()
        #expect(await hung.value == nil)
        #expect(await late.value == .timedOut)
        #expect(lookups.started == ["hang.test"])
    }

    @Test("Without any thread the error says so; where others work, the look-up waits for them")
    func threadLimit() async {
        // The first thread is the timekeeper's.
        for allowed in 0...2 {
            let left = Mutex(allowed)
            let lookups = Lookups()
            let resolver = SystemResolver(
                startThread: { body in
                    let mayStart = left.withLock { left in
                        left -= 1
                        return left >= 0
                    }
                    return mayStart ? Thread.start(body) : 11
                }, lookup: lookups.lookUp)
            let hung = Task { await Self.outcome(resolver, "hang.test", Self.later) }
            guard allowed == 2 else {
                #expect(await hung.value == .failed(11))
                continue
            }
            while lookups.started.isEmpty { await Task.yield() }
            let waiting = Task { await Self.outcome(resolver, "app.test", Self.later) }
            while resolver.load.queued == 0 { await Task.yield() }
            lookups.gate.signal()
            #expect(await hung.value == nil)
            #expect(await waiting.value == nil)
        }
    }

    @Test("The threads end with the resolver")
    func end() async {
        let started = Atomic(0)
        let ended = Semaphore()
        do {
            let resolver = SystemResolver(
                startThread: { body in
                    started.add(1, ordering: .relaxed)
                    return Thread.start {
                        body()
                        ended.signal()
                    }
                }, lookup: Lookups().lookUp)
            #expect(await Self.outcome(resolver, "app.test", Self.later) == nil)
        }
        #expect(started.load(ordering: .relaxed) == 2)
        await withCheckedContinuation { continuation in
            let status = Thread.start {
                ended.wait()
                ended.wait()
                continuation.resume()
            }
            #expect(status == 0)
        }
    }

    @Test("localhost has an address, really")
    func localhost() async throws {
        let name = try await SystemResolver().resolve("LocalHost", deadline: Self.later)
        #expect(name.addresses.contains { ["127.0.0.1", "::1"].contains($0.description) })
        #expect(!name.canonicalName.isEmpty)
    }

    @Test("A numeric address is its own answer", arguments: ["10.0.0.1", "2001:db8::1"])
    func numeric(text: String) async throws {
        let name = try await SystemResolver().resolve(text, deadline: Self.later)
        #expect(name.addresses == [try #require(IPAddress(text))])
    }

    @Test("A name under .invalid has none, really")
    func invalid() async {
        let code = await Self.outcome(SystemResolver(), "app.promoter.invalid", .now + .seconds(5))
        // The last two: this machine may have no name server.
        #expect([.notFound, .temporary, .timedOut].contains(code))
    }
}
