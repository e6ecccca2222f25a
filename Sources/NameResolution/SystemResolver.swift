/// Resolves with the C library's `getaddrinfo(3)`: `/etc/hosts`, `/etc/resolv.conf` and every other part
/// of the system's configuration count. glibc notices when they change.
///
/// getaddrinfo blocks, for as long as it likes, and cannot be interrupted. So it runs on threads of its
/// own, and a caller waits for its answer or its deadline, whichever comes first; an answer that comes
/// too late is dropped.
///
/// Made for very many names, some of which hang: a name is looked up once at a time, however many ask for it and
/// give up, and names known to hang hold few of the threads (`LookupSchedule`).
package final class SystemResolver: Resolver {
    /// The blocking call. Tests put their own in its place.
    package typealias BlockingLookup = @Sendable (String) throws(ResolutionError) -> ResolvedName

    private let workers: WorkerPool
    private let timekeeper: Timekeeper

    /// - Parameter maximumThreads: how many look-ups run at the same time at most; further ones queue. Those that hang
    ///   do not count, up to 256 in all.
    package convenience init(maximumThreads: Int = 32) {
        let threads = max(1, maximumThreads)
        self.init(limits: LookupLimits(threads: threads, ceiling: max(256, threads)), lookup: AddressLookup.resolve)
    }

    init(
        limits: LookupLimits = LookupLimits(), startThread: @escaping WorkerPool.StartThread = Thread.start,
        lookup: @escaping BlockingLookup
    ) {
        let workers = WorkerPool(limits: limits, startThread: startThread) { name in
            Result { () throws(ResolutionError) in try lookup(name) }
        }
        self.workers = workers
        timekeeper = Timekeeper(startThread: startThread) { waiter in
            workers.forget(waiter, hasTimedOut: true)
            waiter.fail(.timedOut, "no answer by the deadline")
        } review: { now in
            workers.review(at: now)
        }
    }

    deinit {
        workers.stop()
        timekeeper.stop()
    }

    package func resolve(
        _ name: String, deadline: ContinuousClock.Instant
    ) async throws(ResolutionError) -> ResolvedName {
        if let flaw = flaw(inHostName: name) { throw ResolutionError(.invalidName, name: name, reason: flaw) }
        let now = ContinuousClock.now
        guard now < deadline else {
            throw ResolutionError(.timedOut, name: name, reason: "the deadline had passed before it began")
        }
        let waiter = Waiter(name: name, deadline: deadline)
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiter.await(continuation)
                start(waiter, at: now)
            }
        } onCancel: {
            workers.forget(waiter, hasTimedOut: false)
            waiter.fail(.cancelled, "the task was cancelled")
        }
        timekeeper.forget(waiter)
        return try answer.get()
    }

    private func start(_ waiter: Waiter, at now: ContinuousClock.Instant) {
        guard !waiter.isFinished else { return }
        var status = timekeeper.watch(waiter)
        if status == 0 {
            let enqueued = workers.enqueue(waiter, at: now)
            status = enqueued.status
            if let reviewAt = enqueued.reviewAt { timekeeper.review(by: reviewAt) }
            // Its end may have come before it was there to be forgotten.
            if waiter.isFinished { workers.forget(waiter, hasTimedOut: false) }
        }
        guard status != 0 else { return }
        waiter.fail(.failed(status), "no thread could be started: \(ResolutionError.text(ofSystemError: status))")
    }

    /// For tests: threads there are, names that wait for one, and callers whose deadline is watched.
    var load: (threads: Int, queued: Int, watched: Int) {
        let (threads, queued) = workers.load
        return (threads, queued, timekeeper.watched)
    }

    /// For tests: names that are asked for now, and those that are suspect.
    var names: (known: Int, suspect: Int) { workers.names }
}
