internal import Synchronization

/// Threads that run blocking look-ups. Idle ones are used again; there are never more than the maximum,
/// and what comes then waits its turn.
final class WorkerPool: Sendable {
    typealias StartThread = @Sendable (@escaping @Sendable () -> Void) -> Int32

    private struct State {
        var queue: [Lookup] = []
        var threads = 0
        /// Threads that wait for work, or were just started for it.
        var idle = 0
        var isStopped = false
    }

    private let maximum: Int
    private let startThread: StartThread
    private let work: @Sendable (Lookup) -> Lookup.Answer
    private let state = Mutex(State())
    private let available = Semaphore()

    init(maximum: Int, startThread: @escaping StartThread, work: @escaping @Sendable (Lookup) -> Lookup.Answer) {
        self.maximum = max(1, maximum)
        self.startThread = startThread
        self.work = work
    }

    /// - Returns: 0; or why no thread could be started, and then the look-up is not in the queue. Where
    ///   there are others, they will get to it.
    func enqueue(_ lookup: Lookup) -> Int32 {
        let status: Int32 = state.withLock { state in
            state.queue.append(lookup)
            guard state.idle < state.queue.count, state.threads < maximum else { return 0 }
            // Under the lock, so that nobody counts on a thread that then does not come.
            let status = startThread { self.run() }
            if status == 0 {
                state.threads += 1
                state.idle += 1
            } else if state.threads == 0 {
                state.queue.removeLast()
                return status
            }
            return 0
        }
        if status == 0 { available.signal() }
        return status
    }

    /// Takes a look-up out of the queue, if it is still there: nobody waits for it any more.
    func forget(_ lookup: Lookup) {
        state.withLock { state in
            if let index = state.queue.firstIndex(where: { $0 === lookup }) { state.queue.remove(at: index) }
        }
    }

    /// Lets the threads end, each after what it is doing.
    func stop() {
        let threads = state.withLock { state in
            state.isStopped = true
            return state.threads
        }
        available.signal(count: threads)
    }

    var threads: Int { state.withLock { $0.threads } }
    var queued: Int { state.withLock { $0.queue.count } }

    private func run() {
        while let lookup = next() {
            let answer = work(lookup)
            // Before the caller hears of it: its next look-up shall find this thread, not start another.
            state.withLock { $0.idle += 1 }
            lookup.finish(answer)
        }
    }

    private func next() -> Lookup? {
        while true {
            available.wait()
            let (lookup, isStopped) = state.withLock { state -> (Lookup?, Bool) in
                if state.isStopped {
                    state.threads -= 1
                    return (nil, true)
                }
                // It may have been forgotten in the meantime.
                guard !state.queue.isEmpty else { return (nil, false) }
                state.idle -= 1
                return (state.queue.removeFirst(), false)
            }
            if lookup != nil || isStopped { return lookup }
        }
    }
}
