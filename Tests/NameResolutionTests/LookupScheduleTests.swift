import Testing

@testable import NameResolution

@Suite("The schedule of look-ups")
struct LookupScheduleTests {
    static let start = ContinuousClock.now

    static func waiter(_ name: String, deadline: Duration = .seconds(3600)) -> Waiter {
        Waiter(name: name, deadline: start + deadline)
    }

    static func same(_ some: [Waiter], _ others: some Sequence<Waiter>) -> Bool {
        some.elementsEqual(others) { $0 === $1 }
    }

    /// Starts what may be started; fails where somebody has expired.
    static func startAll(
        _ schedule: inout LookupSchedule, at time: Duration = .zero, atMost most: Int = .max
    ) -> [String] {
        var names: [String] = []
        var expired: [Waiter] = []
        while names.count < most, let name = schedule.start(at: start + time, expired: &expired) { names.append(name) }
        #expect(expired.isEmpty)
        return names
    }

    /// With these names suspect, the first one tried the longest ago.
    static func schedule(suspects: [String], limits: LookupLimits = LookupLimits()) -> LookupSchedule {
        var schedule = LookupSchedule(limits: limits)
        for (index, name) in suspects.enumerated() {
            let begin = start - .seconds(1000) + .seconds(index)
            var expired: [Waiter] = []
            schedule.add(Self.waiter(name), at: begin)
            #expect(schedule.start(at: begin, expired: &expired) == name)
            #expect(schedule.finish(name, at: begin + limits.inTime + .nanoseconds(1)).count == 1)
        }
        #expect(schedule.names == (known: 0, suspect: suspects.count))
        return schedule
    }

    @Test("A name is looked up once for all who ask meanwhile, and forgotten then")
    func joining() {
        var schedule = LookupSchedule(limits: LookupLimits())
        let waiters = (0..<4).map { _ in Self.waiter("a") }
        schedule.add(waiters[0], at: Self.start)
        schedule.add(waiters[1], at: Self.start)
        #expect(Self.startAll(&schedule) == ["a"])
        schedule.add(waiters[2], at: Self.start + .seconds(1))
        #expect(Self.startAll(&schedule) == [] && schedule.queued == 0)
        #expect(Self.same(schedule.finish("a", at: Self.start + .seconds(1)), waiters[..<3]))
        #expect(schedule.names == (known: 0, suspect: 0))
        // What comes after that is a question of its own.
        schedule.add(waiters[3], at: Self.start + .seconds(1))
        #expect(Self.startAll(&schedule, at: .seconds(1)) == ["a"])
    }

    @Test("Who gives up takes nobody along; a look-up that runs without anybody is joined, one in the queue is dropped")
    func givingUp() {
        var schedule = LookupSchedule(limits: LookupLimits())
        let waiters = (0..<3).map { _ in Self.waiter("a") }
        for waiter in waiters[..<2] { schedule.add(waiter, at: Self.start) }
        schedule.remove(waiters[0], hasTimedOut: false)
        #expect(Self.startAll(&schedule) == ["a"])
        schedule.remove(waiters[1], hasTimedOut: false)
        schedule.add(waiters[2], at: Self.start)
        #expect(Self.startAll(&schedule) == [])
        // Has nothing to take out any more, nor to report.
        schedule.remove(waiters[0], hasTimedOut: true)
        #expect(schedule.names == (known: 1, suspect: 0))
        #expect(Self.same(schedule.finish("a", at: Self.start), waiters[2...]))

        for waiter in waiters[..<2] { schedule.add(waiter, at: Self.start) }
        for waiter in waiters[..<2] { schedule.remove(waiter, hasTimedOut: true) }
        #expect(Self.startAll(&schedule) == [] && schedule.queued == 0)
        // That it has waited for a thread says nothing of the name.
        #expect(schedule.names == (known: 0, suspect: 0))
    }

    @Test("Who asks when a look-up is older than 5 s gets the answer of the next one")
    func freshness() {
        var schedule = LookupSchedule(limits: LookupLimits())
        let waiters = (0..<4).map { _ in Self.waiter("a") }
        schedule.add(waiters[0], at: Self.start)
        #expect(Self.startAll(&schedule) == ["a"])
        schedule.add(waiters[1], at: Self.start + .seconds(5))
        schedule.add(waiters[2], at: Self.start + .seconds(5) + .nanoseconds(1))
        schedule.add(waiters[3], at: Self.start + .seconds(60))
        schedule.remove(waiters[3], hasTimedOut: true)
        #expect(Self.same(schedule.finish("a", at: Self.start + .seconds(61)), waiters[..<2]))
        #expect(Self.startAll(&schedule, at: .seconds(61)) == ["a"])
        #expect(Self.same(schedule.finish("a", at: Self.start + .seconds(61)), [waiters[2]]))
        #expect(schedule.names == (known: 0, suspect: 0))
    }

    @Test("Who has waited beyond its deadline for a thread is not looked up for")
    func expired() {
        var schedule = LookupSchedule(limits: LookupLimits())
        let late = [Self.waiter("a", deadline: .seconds(1)), Self.waiter("b", deadline: .seconds(1))]
        let patient = Self.waiter("b")
        for waiter in late + [patient] { schedule.add(waiter, at: Self.start) }
        var expired: [Waiter] = []
        #expect(schedule.start(at: Self.start + .seconds(1), expired: &expired) == "b")
        #expect(Self.same(expired, late))
        #expect(Self.same(schedule.finish("b", at: Self.start + .seconds(1)), [patient]))
        #expect(schedule.names == (known: 0, suspect: 0))
    }

    static let ends: [(took: Duration, hasTimedOut: Bool, isSuspect: Bool)] = [
        (.zero, false, false), (.seconds(2), false, false), (.seconds(2) + .nanoseconds(1), false, true),
        (.zero, true, true), (.seconds(9), true, true),
    ]

    @Test("A name is suspect after a look-up that somebody gave up or that took more than 2 s", arguments: ends)
    func suspicion(took: Duration, hasTimedOut: Bool, isSuspect: Bool) {
        for names in [[], ["a"]] {
            var schedule = Self.schedule(suspects: names)
            let waiter = Self.waiter("a")
            schedule.add(waiter, at: Self.start)
            #expect(Self.startAll(&schedule) == ["a"])
            if hasTimedOut { schedule.remove(waiter, hasTimedOut: true) }
            _ = schedule.finish("a", at: Self.start + took)
            #expect(schedule.names == (known: 0, suspect: isSuspect ? 1 : 0))
        }
    }

    @Test("Suspects hold a quarter of the threads, and one at least", arguments: [(1, 1), (3, 1), (8, 2), (32, 8)])
    func lanes(threads: Int, most: Int) {
        let names = (0..<50).map { "suspect-\($0)" }
        var schedule = Self.schedule(suspects: names, limits: LookupLimits(threads: threads))
        for name in names + ["a", "b"] { schedule.add(Self.waiter(name), at: Self.start) }
        // They come first, so that they are tried at all, but no more of them than that.
        #expect(Self.startAll(&schedule) == names[..<most] + ["a", "b"])
        // One that has become suspect while it runs counts, too.
        let late = Self.waiter("c")
        schedule.add(late, at: Self.start)
        #expect(Self.startAll(&schedule) == ["c"])
        schedule.remove(late, hasTimedOut: true)
        _ = schedule.finish(names[0], at: Self.start)
        #expect(Self.startAll(&schedule) == [])
        _ = schedule.finish("c", at: Self.start)
        #expect(Self.startAll(&schedule) == [names[most]])
    }

    @Test("The suspect that was tried the longest ago is the next one, whoever was asked for first")
    func order() {
        let limits = LookupLimits(threads: 1)
        var schedule = Self.schedule(suspects: ["a", "b", "c"], limits: limits)
        var tried: [String] = []
        // Each round asks for them in the same order, and gives up on all of them.
        for round in 0..<6 {
            let waiters = ["c", "b", "a"].map { Self.waiter($0) }
            for waiter in waiters { schedule.add(waiter, at: Self.start + .seconds(round)) }
            let started = Self.startAll(&schedule, at: .seconds(round))
            for waiter in waiters { schedule.remove(waiter, hasTimedOut: true) }
            for name in started { _ = schedule.finish(name, at: Self.start + .seconds(round)) }
            tried += started
        }
        #expect(tried == ["a", "b", "c", "a", "b", "c"])
    }

    @Test("A look-up that hangs makes way for another thread, up to the ceiling; threads too many end")
    func threads() {
        let limits = LookupLimits(threads: 2, ceiling: 5)
        var schedule = LookupSchedule(limits: limits)
        var time = Self.start
        var started: [String] = []
        for index in 0..<9 { schedule.add(Self.waiter("\(index)"), at: time) }
        for expected in [2, 2, 1] {
            for _ in 0..<expected {
                #expect(schedule.reinforcement(at: time) == .start)
                schedule.startThread()
                started += Self.startAll(&schedule, at: time - Self.start, atMost: 1)
            }
            #expect(schedule.reinforcement(at: time) == nil)
            let review = schedule.nextReview(after: time)
            #expect(review == (expected == 1 ? nil : time + limits.patience))
            #expect(schedule.reinforcement(at: time + limits.patience - .nanoseconds(1)) == nil)
            time += limits.patience
        }
        // All five hang. Each that comes back finds something to do, until there is nothing more.
        #expect(schedule.threads == 5 && started.count == 5)
        for name in started[..<4] {
            _ = schedule.finish(name, at: time)
            #expect(Self.startAll(&schedule, at: time - Self.start, atMost: 1).count == 1)
            _ = schedule.finish("\(Int(name).map { $0 + 5 } ?? 0)", at: time)
            // Two are kept, beside those that hang.
            let isKept = schedule.idle < 2
            #expect(schedule.rest(at: time) == isKept)
        }
        #expect(schedule.threads == 3 && schedule.idle == 2 && schedule.queued == 0)
        schedule.add(Self.waiter("new"), at: time)
        #expect(schedule.reinforcement(at: time) == .wake)
    }

    @Test("Threads that are slow to begin do not keep the schedule from being looked at again")
    func slowThreads() {
        let limits = LookupLimits(threads: 1)
        var schedule = LookupSchedule(limits: limits)
        for name in ["a", "b"] { schedule.add(Self.waiter(name), at: Self.start) }
        schedule.startThread()
        #expect(schedule.nextReview(after: Self.start) == Self.start + limits.patience)
    }

    @Test("What is remembered does not grow with the names that were ever asked for")
    func memory() {
        let limits = LookupLimits(suspects: 3)
        var schedule = Self.schedule(suspects: ["a", "b", "c"], limits: limits)
        for index in 0..<1000 {
            schedule.add(Self.waiter("\(index)"), at: Self.start)
            #expect(Self.startAll(&schedule) == ["\(index)"])
            _ = schedule.finish("\(index)", at: Self.start)
        }
        #expect(schedule.names == (known: 0, suspect: 3))
        for index in 0..<10 {
            schedule.add(Self.waiter("\(index)"), at: Self.start + .seconds(index))
            #expect(Self.startAll(&schedule, at: .seconds(index)) == ["\(index)"])
            _ = schedule.finish("\(index)", at: Self.start + .seconds(index + 3))
            #expect(schedule.names == (known: 0, suspect: 3))
        }
        // The last ones are those that are remembered.
        for name in ["a", "7", "8", "9"] { schedule.add(Self.waiter(name), at: Self.start + .seconds(20)) }
        #expect(Self.startAll(&schedule, at: .seconds(20)) == ["7", "8", "9", "a"])
    }
}
