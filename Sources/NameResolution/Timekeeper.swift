internal import Synchronization

/// Finishes look-ups whose deadline has come. One thread for all of them: a `Task.sleep` for each was
/// measured to cost about as much CPU again as a whole look-up of a name in `/etc/hosts`, since each
/// starts a task and arms a timer. Here a look-up that ends in time adds and removes a dictionary entry;
/// the thread wakes once a deadline, not once a look-up.
final class Timekeeper: Sendable {
    private struct State {
        var pending: [ObjectIdentifier: Lookup] = [:]
        /// When the thread will look next; nil while it waits for something to wait for.
        var wakesAt: ContinuousClock.Instant?
        var isRunning = false
        var isStopped = false
    }

    private let startThread: WorkerPool.StartThread
    private let expire: @Sendable (Lookup) -> Void
    private let state = Mutex(State())
    private let changed = Semaphore()

    init(startThread: @escaping WorkerPool.StartThread, expire: @escaping @Sendable (Lookup) -> Void) {
        self.startThread = startThread
        self.expire = expire
    }

    /// - Returns: 0; or why no thread could be started, and then nothing will end the look-up.
    func watch(_ lookup: Lookup) -> Int32 {
        let (status, mustWake): (Int32, Bool) = state.withLock { state in
            if !state.isRunning {
                let status = startThread { self.run() }
                guard status == 0 else { return (status, false) }
                state.isRunning = true
            }
            state.pending[ObjectIdentifier(lookup)] = lookup
            if let wakesAt = state.wakesAt, wakesAt <= lookup.deadline { return (0, false) }
            state.wakesAt = lookup.deadline
            return (0, true)
        }
        if mustWake { changed.signal() }
        return status
    }

    func forget(_ lookup: Lookup) {
        state.withLock { state in _ = state.pending.removeValue(forKey: ObjectIdentifier(lookup)) }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        changed.signal()
    }

    var watched: Int { state.withLock { $0.pending.count } }

    private func run() {
        while true {
            let now = ContinuousClock.now
            let (due, next, isStopped) = state.withLock { state in
                // In any order: each only ends its own look-up.
                let due = state.pending.values.filter { $0.deadline <= now }
                for lookup in due { state.pending[ObjectIdentifier(lookup)] = nil }
                state.wakesAt = state.pending.values.map(\.deadline).min()
                return (due, state.wakesAt, state.isStopped)
            }
            due.forEach(expire)
            if isStopped { return }
            changed.wait(until: next ?? now + .seconds(3600))
        }
    }
}
