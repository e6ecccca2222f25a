internal import Synchronization

/// Threads that run blocking look-ups. Idle ones are used again; `LookupSchedule` says how many there may be, and what
/// comes then waits its turn.
final class WorkerPool: Sendable {
    typealias StartThread = @Sendable (@escaping @Sendable () -> Void) -> Int32

    private struct State {
        var schedule: LookupSchedule
        var isStopped = false
    }

    private enum Step {
        case lookUp(String)
        case wait
        case end
    }

    private let startThread: StartThread
    private let lookUp: @Sendable (String) -> Waiter.Answer
    private let state: Mutex<State>
    private let available = Semaphore()

    init(
        limits: LookupLimits, startThread: @escaping StartThread,
        lookUp: @escaping @Sendable (String) -> Waiter.Answer
    ) {
        self.startThread = startThread
        self.lookUp = lookUp
        state = Mutex(State(schedule: LookupSchedule(limits: limits)))
    }

    /// - Returns:
    ///   - status: 0; or why no thread could be started, and then nobody will look the name up. Where there are
    ///     others, they will get to it.
    ///   - reviewAt: when to call `review` at the latest; nil if there is no need.
    func enqueue(
        _ waiter: Waiter, at now: ContinuousClock.Instant
    ) -> (status: Int32, reviewAt: ContinuousClock.Instant?) {
        let (status, reviewAt, woken) = state.withLock { state -> (Int32, ContinuousClock.Instant?, Int) in
            state.schedule.add(waiter, at: now)
            let (status, woken) = reinforce(&state.schedule, at: now)
            if status != 0, state.schedule.threads == 0 {
                state.schedule.remove(waiter, hasTimedOut: false)
                return (status, nil, 0)
            }
            return (0, state.schedule.nextReview(after: now), woken)
        }
        if woken > 0 { available.signal(count: woken) }
        return (status, reviewAt)
    }

    /// It waits no longer.
    func forget(_ waiter: Waiter, hasTimedOut: Bool) {
        state.withLock { $0.schedule.remove(waiter, hasTimedOut: hasTimedOut) }
    }

    /// Gets threads for what waits because of look-ups that hang.
    ///
    /// - Returns: when to call this again at the latest; nil if there is no need.
    func review(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        let (reviewAt, woken) = state.withLock { state in
            let woken = reinforce(&state.schedule, at: now).woken
            return (state.schedule.nextReview(after: now), woken)
        }
        if woken > 0 { available.signal(count: woken) }
        return reviewAt
    }

    /// Lets the threads end, each after what it is doing.
    func stop() {
        let threads = state.withLock { state in
            state.isStopped = true
            return state.schedule.threads
        }
        available.signal(count: threads)
    }

    /// For tests.
    var load: (threads: Int, queued: Int) { state.withLock { ($0.schedule.threads, $0.schedule.queued) } }
    var names: (known: Int, suspect: Int) { state.withLock { $0.schedule.names } }

    /// Starts threads under the lock, so that nobody counts on one that then does not come.
    ///
    /// - Returns: the status of the last start, and how many have to be woken.
    private func reinforce(_ schedule: inout LookupSchedule, at now: ContinuousClock.Instant) -> (
        status: Int32, woken: Int
    ) {
        var woken = 0
        while let reinforcement = schedule.reinforcement(at: now) {
            switch reinforcement {
            case .wake:
                schedule.wakeThread()
                woken += 1
            case .start:
                let status = startThread { self.run() }
                guard status == 0 else { return (status, woken) }
                schedule.startThread()
            }
        }
        return (0, woken)
    }

    private func run() {
        var last: (name: String, answer: Waiter.Answer)?
        while true {
            let now = ContinuousClock.now
            var answered: [Waiter] = []
            var expired: [Waiter] = []
            // Before the callers hear of it: their next look-up shall find this thread, not start another.
            let (step, woken) = state.withLock { state -> (Step, Int) in
                if let last { answered = state.schedule.finish(last.name, at: now) }
                if state.isStopped {
                    state.schedule.endThread()
                    return (.end, 0)
                }
                guard let name = state.schedule.start(at: now, expired: &expired) else {
                    return (state.schedule.rest(at: now) ? .wait : .end, 0)
                }
                // A suspect's end may have made way for more than this thread has taken.
                return (.lookUp(name), reinforce(&state.schedule, at: now).woken)
            }
            if woken > 0 { available.signal(count: woken) }
            if let last { for waiter in answered { waiter.finish(last.answer) } }
            for waiter in expired { waiter.fail(.timedOut, "no thread was free by the deadline") }
            switch step {
            case .lookUp(let name): last = (name, lookUp(name))
            case .wait:
                last = nil
                available.wait()
            case .end: return
            }
        }
    }
}
