/// Resolves with the C library's `getaddrinfo(3)`: `/etc/hosts`, `/etc/resolv.conf` and every other part
/// of the system's configuration count. glibc notices when they change.
///
/// getaddrinfo blocks, for as long as it likes, and cannot be interrupted. So it runs on threads of its
/// own, and a caller waits for its answer or its deadline, whichever comes first; an answer that comes
/// too late is dropped. Each thread that hangs is one of `maximumThreads` less until it comes back.
package final class SystemResolver: Resolver {
    /// The blocking call. Tests put their own in its place.
    package typealias BlockingLookup = @Sendable (String) throws(ResolutionError) -> ResolvedName

    private let workers: WorkerPool
    private let timekeeper: Timekeeper

    /// - Parameter maximumThreads: how many look-ups run at the same time at most; further ones queue.
    package convenience init(maximumThreads: Int = 32) {
        self.init(maximumThreads: maximumThreads, lookup: AddressLookup.resolve)
    }

    init(
        maximumThreads: Int = 32,
        startThread: @escaping WorkerPool.StartThread = Thread.start,
        lookup: @escaping BlockingLookup
    ) {
        let workers = WorkerPool(maximum: maximumThreads, startThread: startThread) { job in
            Result { () throws(ResolutionError) in
                // Its time may have come while it was queued, its cancellation just before that.
                guard !job.isFinished, ContinuousClock.now < job.deadline else {
                    throw ResolutionError(.timedOut, name: job.name, reason: "no thread was free by the deadline")
                }
                return try lookup(job.name)
            }
        }
        self.workers = workers
        timekeeper = Timekeeper(startThread: startThread) { job in
            workers.forget(job)
            job.fail(.timedOut, "no answer by the deadline")
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
        guard ContinuousClock.now < deadline else {
            throw ResolutionError(.timedOut, name: name, reason: "the deadline had passed before it began")
        }
        let job = Lookup(name: name, deadline: deadline)
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                job.await(continuation)
                start(job)
            }
        } onCancel: {
            workers.forget(job)
            job.fail(.cancelled, "the task was cancelled")
        }
        timekeeper.forget(job)
        return try answer.get()
    }

    private func start(_ job: Lookup) {
        guard !job.isFinished else { return }
        var status = timekeeper.watch(job)
        if status == 0 { status = workers.enqueue(job) }
        guard status != 0 else { return }
        job.fail(.failed(status), "no thread could be started: \(ResolutionError.text(ofSystemError: status))")
    }

    /// For tests: threads there are, look-ups that wait for one, and look-ups whose deadline is watched.
    var load: (threads: Int, queued: Int, watched: Int) { (workers.threads, workers.queued, timekeeper.watched) }
}
