internal import Synchronization

/// Ends the wait of those whose deadline has come. One thread for all of them: a `Task.sleep` for each was
/// measured to cost about as much CPU again as a whole look-up of a name in `/etc/hosts`, since each
/// starts a task and arms a timer. Here a look-up that ends in time adds and removes a dictionary entry;
/// the thread wakes once a deadline, not once a look-up.
///
/// It is also who looks after the workers, when they asked for that.
final class Timekeeper: Sendable {
    private struct State {
        var pending: [ObjectIdentifier: Waiter] = [:]
        /// When the thread will look next; nil while it waits for something to wait for.
        var wakesAt: ContinuousClock.Instant?
        var isRunning = false
        var isStopped = false
    }

    private let startThread: WorkerPool.StartThread
    private let expire: @Sendable (Waiter) -> Void
    private let review: @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant?
    private let state = Mutex(State())
    private let changed = Semaphore()

    /// - Parameter review: called whenever the thread wakes, after what is due has expired; returns when to call it
    ///   again at the latest, if at all.
    init(
        startThread: @escaping WorkerPool.StartThread, expire: @escaping @Sendable (Waiter) -> Void,
        review: @escaping @Sendable (ContinuousClock.Instant) -> ContinuousClock.Instant?
    ) {
        self.startThread = startThread
        self.expire = expire
        self.review = review
    }

    /// - Returns: 0; or why no thread could be started, and then nothing will end the wait.
    func watch(_ waiter: Waiter) -> Int32 {
        let (status, mustWake): (Int32, Bool) = state.withLock { state in
            if !state.isRunning {
                let status = startThread { self.run() }
                guard status == 0 else { return (status, false) }
                state.isRunning = true
            }
            state.pending[ObjectIdentifier(waiter)] = waiter
            return (0, Self.bringForward(&state, to: waiter.deadline))
        }
        if mustWake { changed.signal() }
        return status
    }

    /// Has the workers reviewed at `instant`, or before. There is a thread: somebody is watched.
    func review(by instant: ContinuousClock.Instant) {
        if state.withLock({ Self.bringForward(&$0, to: instant) }) { changed.signal() }
    }

    func forget(_ waiter: Waiter) {
        state.withLock { state in _ = state.pending.removeValue(forKey: ObjectIdentifier(waiter)) }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        changed.signal()
    }

    var watched: Int { state.withLock { $0.pending.count } }

    /// - Returns: whether the thread must be woken for that.
    private static func bringForward(_ state: inout State, to instant: ContinuousClock.Instant) -> Bool {
        if let wakesAt = state.wakesAt, wakesAt <= instant { return false }
        state.wakesAt = instant
        return true
    }

    private func run() {
        while true {
            let now = ContinuousClock.now
            let (due, isStopped) = state.withLock { state in
                // In any order: each only ends its own wait.
                let due = state.pending.values.filter { $0.deadline <= now }
                for waiter in due { state.pending[ObjectIdentifier(waiter)] = nil }
                state.wakesAt = state.pending.values.map(\.deadline).min()
                return (due, state.isStopped)
            }
            due.forEach(expire)
            if isStopped { return }
            // Whoever asked for a review until here needs no other; who does from here on signals if it is too late.
            let reviewAt = review(now)
            let next = state.withLock { state in
                if let reviewAt { _ = Self.bringForward(&state, to: reviewAt) }
                return state.wakesAt
            }
            // The clock of the wait stands still while a sandbox is frozen, and that of the deadlines does not.
            changed.wait(until: next.map { min($0, now + .seconds(1)) } ?? now + .seconds(3600))
        }
    }
}
