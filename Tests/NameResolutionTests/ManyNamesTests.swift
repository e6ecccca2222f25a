import Testing

@testable import NameResolution

@Suite("The system's resolver with many names", .timeLimit(.minutes(1)))
struct ManyNamesTests {
    typealias Outcome = ResolutionError.Code?

    static let healthy = (0..<900).map { "app-\($0).test" }
    static let hanging = (0..<100).map { "hang-\($0).test" }

    /// Asks for all of them at once, in any order.
    static func ask(
        _ resolver: SystemResolver, for names: [String], deadline: ContinuousClock.Instant = SystemResolverTests.later
    ) async -> [Outcome] {
        await withTaskGroup(of: Outcome.self) { group in
            for name in names.shuffled() {
                group.addTask { await SystemResolverTests.outcome(resolver, name, deadline) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Impatient, but however slow this machine is, nothing but a deadline makes a name suspect.
    static func resolver(_ lookups: Lookups) -> SystemResolver {
        let never = Duration.seconds(3600)
        let limits = LookupLimits(patience: .milliseconds(5), inTime: never, freshness: never)
        return SystemResolver(limits: limits, lookup: lookups.lookUp)
    }

    @Test("The healthy ones of a thousand names answer while a hundred hang that nobody knows of yet")
    func firstRound() async {
        let lookups = Lookups()
        let resolver = Self.resolver(lookups)
        let hung = Task { await Self.ask(resolver, for: Self.hanging) }
        // The worst order: all that hang are first.
        while resolver.names.known < 100 { await Task.yield() }
        #expect(await Self.ask(resolver, for: Self.healthy) == Array(repeating: nil, count: 900))
        while lookups.hanging < 100 { await Task.yield() }
        #expect(resolver.load.threads <= 100 + 32)
        lookups.gate.signal(count: 100)
        #expect(await hung.value == Array(repeating: nil, count: 100))
        #expect(lookups.overlapping == [] && lookups.started.count == 1000)
        // The threads that took the place of others end.
        while resolver.load.threads > 32 { await Task.yield() }
        #expect(resolver.names.known == 0 && resolver.load.queued == 0)
    }

    @Test("Names known to hang hold a quarter of the threads, and are as good as others when they answer again")
    func laterRounds() async {
        let lookups = Lookups()
        let resolver = Self.resolver(lookups)
        let hung = Task { await Self.ask(resolver, for: Self.hanging) }
        while lookups.hanging < 100 { await Task.yield() }
        while resolver.names.suspect < 100 {
            let outcomes = await Self.ask(resolver, for: Self.hanging, deadline: SystemResolverTests.soon)
            #expect(outcomes == Array(repeating: .timedOut, count: 100))
        }
        lookups.gate.signal(count: 100)
        #expect(await hung.value == Array(repeating: nil, count: 100))
        while resolver.names.known > 0 { await Task.yield() }
        #expect(resolver.names.suspect == 100)
        #expect(lookups.mostHanging == 100)

        let patient = Task { await Self.ask(resolver, for: Self.hanging) }
        while resolver.names.known < 100 || lookups.hanging < 8 { await Task.yield() }
        for _ in 0..<3 {
            #expect(await Self.ask(resolver, for: Self.healthy) == Array(repeating: nil, count: 900))
        }
        #expect(lookups.mostHanging == 8)

        // They answer from now on.
        lookups.gate.signal(count: 100)
        #expect(await patient.value == Array(repeating: nil, count: 100))
        #expect(lookups.mostHanging <= 8 && lookups.overlapping == [])
        #expect(resolver.names == (known: 0, suspect: 0))
    }

    @Test("A name that hangs holds one thread, however often it is asked for and given up")
    func oneThread() async {
        let lookups = Lookups()
        let resolver = Self.resolver(lookups)
        for _ in 0..<5 {
            #expect(await SystemResolverTests.outcome(resolver, "hang.test", SystemResolverTests.soon) == .timedOut)
        }
        let tasks = (0..<50).map { _ in
            Task { await SystemResolverTests.outcome(resolver, "hang.test", SystemResolverTests.later) }
        }
        while resolver.load.watched < 50 { await Task.yield() }
        for task in tasks[..<25] { task.cancel() }
        for task in tasks[..<25] { #expect(await task.value == .cancelled) }
        lookups.gate.signal()
        for task in tasks[25...] { #expect(await task.value == nil) }
        #expect(lookups.started == ["hang.test"])
        #expect(resolver.load.threads == 1)
    }

    @Test("One alone behind another that hangs gets a thread of its own, though nobody else comes")
    func oneBehind() async {
        let lookups = Lookups()
        let limits = LookupLimits(threads: 1, patience: .milliseconds(100))
        let resolver = SystemResolver(limits: limits, lookup: lookups.lookUp)
        let deadline = SystemResolverTests.later
        let hung = Task { await SystemResolverTests.outcome(resolver, "hang.test", deadline) }
        while lookups.hanging == 0 { await Task.yield() }
        #expect(await SystemResolverTests.outcome(resolver, "app.test", deadline) == nil)
        lookups.gate.signal()
        #expect(await hung.value == nil)
    }

    @Test("Look-ups of the same few names from everywhere at once never overlap, and all get answers")
    func overlaps() async {
        let lookups = Lookups()
        let resolver = Self.resolver(lookups)
        let names = (0..<3000).map { "app-\($0 % 7).test" }
        #expect(await Self.ask(resolver, for: names) == Array(repeating: nil, count: 3000))
        #expect(lookups.overlapping == [])
        #expect(resolver.names == (known: 0, suspect: 0) && resolver.load.watched == 0)
    }
}
