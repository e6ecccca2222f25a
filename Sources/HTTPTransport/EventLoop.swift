internal import CLibcurl
internal import Glibc
internal import Synchronization

/// One thread that owns libcurl's multi handle and, as a task executor, runs Swift's jobs between transfers.
///
/// What runs on it and talks over it hands nothing from thread to thread: a request is started, and its task resumed,
/// by the very thread that waits for the network. (With Swift's own pool, each request was two hand-offs, and a start
/// was that pool's threads, too.) Jobs must not block, as on any executor.
final class EventLoop: TaskExecutor {
    struct Inbox {
        var jobs: [UnownedJob] = []
        var started: [Transfer] = []
        var cancelled: [Transfer] = []
        var timers = TimerHeap()
        var multi: MultiHandle?
        /// It waits, or is about to; whoever brings something has to wake it.
        var isWaiting = false
        var mustStop = false
        var hasStopped = false
    }

    /// libcurl allows other threads exactly one call on a multi handle: `curl_multi_wakeup`.
    struct MultiHandle: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    let inbox = Mutex(Inbox())

    /// Runs `main` on this loop, and the loop on the calling thread, for the rest of the process.
    func run(_ main: @escaping @Sendable () async -> Never) -> Never {
        let failure: String? = inbox.withLock { inbox in
            guard let multi = Self.makeMultiHandle() else { return "libcurl could not be initialised" }
            inbox.multi = multi
            return nil
        }
        if let failure {
            // Nothing can be sent without it, not even this.
            _ = "cannot start: \(failure)\n".withCString { write(STDERR_FILENO, $0, strlen($0)) }
            exit(1)
        }
        Task(executorPreference: self) { await main() }
        while true { run() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        inbox.withLock { inbox in
            inbox.jobs.append(job)
            wake(&inbox)
        }
    }

    func start(_ transfer: Transfer) {
        let failure: String? = inbox.withLock { inbox in
            guard !inbox.hasStopped else { return "the HTTP client was closed" }
            if inbox.multi == nil, let failure = startThread(&inbox) { return failure }
            inbox.started.append(transfer)
            wake(&inbox)
            return nil
        }
        if let failure { transfer.finish(.failure(transfer.error(.library, failure))) }
    }

    func cancel(_ transfer: Transfer) {
        transfer.markCancelled()
        inbox.withLock { inbox in
            inbox.cancelled.append(transfer)
            wake(&inbox)
        }
    }

    /// Ends the thread that the first request or timer started. Transfers that are under way fail, timers end.
    func stop() {
        inbox.withLock { inbox in
            inbox.mustStop = true
            wake(&inbox)
        }
    }

    func wake(_ inbox: inout Inbox) {
        guard inbox.isWaiting, let multi = inbox.multi else { return }
        inbox.isWaiting = false
        curl_multi_wakeup(multi.pointer)
    }

    private static let globalInitialisation = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    private static func makeMultiHandle() -> MultiHandle? {
        guard globalInitialisation == CURLE_OK, let multi = curl_multi_init() else { return nil }
        // By default as many connections are kept as four times the transfers that are under way: with the
        // last one of a burst, connections that the next request needs would be closed.
        promoter_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, 32)
        return MultiHandle(pointer: multi)
    }

    /// - Returns: why there is none.
    func startThread(_ inbox: inout Inbox) -> String? {
        guard let multi = Self.makeMultiHandle() else { return "libcurl could not be initialised" }
        let reference = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { reference in
                guard let reference else { return nil }
                Unmanaged<EventLoop>.fromOpaque(reference).takeRetainedValue().run()
                return nil
            }, reference.toOpaque())
        guard status == 0 else {
            reference.release()
            curl_multi_cleanup(multi.pointer)
            return "no thread for transfers: \(String(cString: strerror(status)))"
        }
        pthread_detach(thread)
        inbox.multi = multi
        return nil
    }

    // MARK: - On the thread

    private func run() {
        guard let multi = inbox.withLock({ $0.multi })?.pointer else { return }
        let executor = asUnownedTaskExecutor()
        var active: [UnsafeMutableRawPointer: Transfer] = [:]
        // Used in turn with the inbox's own, so that neither is allocated anew each time.
        var jobs: [UnownedJob] = []
        var isStopping = false
        while !isStopping {
            fireTimers()
            // What jobs bring about comes first, so that libcurl is asked once for all of it; but it must be asked.
            for _ in 0..<100 {
                inbox.withLock { swap(&jobs, &$0.jobs) }
                if jobs.isEmpty { break }
                for job in jobs { job.runSynchronously(on: executor) }
                jobs.removeAll(keepingCapacity: true)
            }
            var started: [Transfer] = []
            var cancelled: [Transfer] = []
            inbox.withLock { inbox in
                swap(&started, &inbox.started)
                swap(&cancelled, &inbox.cancelled)
                isStopping = inbox.mustStop
            }
            for transfer in started { add(transfer, to: multi, &active) }
            for transfer in cancelled where active.removeValue(forKey: transfer.easy) != nil {
                curl_multi_remove_handle(multi, transfer.easy)
                transfer.finish(.failure(transfer.error(.cancelled, "cancelled")))
            }
            var running: Int32 = 0
            var status = curl_multi_perform(multi, &running)
            finishTransfers(of: multi, &active)
            if status == CURLM_OK, let timeout = timeToWait() {
                // Returns at once for a wake-up that came since the last call, so none is lost.
                status = curl_multi_poll(multi, nil, 0, timeout, nil)
                inbox.withLock { $0.isWaiting = false }
            }
            if status != CURLM_OK {
                // Not known to happen but for want of memory. The transfers must hear of it; and where it lasts,
                // this must not become a busy loop.
                usleep(10_000)
                fail(&active, of: multi, "libcurl: \(String(cString: curl_multi_strerror(status)))")
            }
        }
        let late = inbox.withLock { inbox in
            inbox.hasStopped = true
            return inbox.started
        }
        for transfer in late { transfer.finish(.failure(transfer.error(.library, "the HTTP client was closed"))) }
        endTimers()
        fail(&active, of: multi, "the HTTP client was closed")
        curl_multi_cleanup(multi)
    }

    /// In milliseconds; nil where something has come in since. From now on, whoever brings something wakes this thread.
    private func timeToWait() -> Int32? {
        inbox.withLock { inbox in
            let timeout = inbox.timers.first.map { Self.pollTimeout(until: $0.deadline, now: .now) } ?? 3_600_000
            inbox.isWaiting =
                inbox.jobs.isEmpty && inbox.started.isEmpty && inbox.cancelled.isEmpty && !inbox.mustStop
                && timeout > 0
            return inbox.isWaiting ? timeout : nil
        }
    }

    private func add(
        _ transfer: Transfer, to multi: UnsafeMutableRawPointer, _ active: inout [UnsafeMutableRawPointer: Transfer]
    ) {
        guard !transfer.isCancelled else {
            return transfer.finish(.failure(transfer.error(.cancelled, "cancelled before it began")))
        }
        let status = curl_multi_add_handle(multi, transfer.easy)
        guard status == CURLM_OK else {
            return transfer.finish(.failure(transfer.error(.library, String(cString: curl_multi_strerror(status)))))
        }
        active[transfer.easy] = transfer
    }

    private func finishTransfers(
        of multi: UnsafeMutableRawPointer, _ active: inout [UnsafeMutableRawPointer: Transfer]
    ) {
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(multi, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            // Read before the handle is removed: the message dies with that.
            let code = promoter_message_result(message)
            let transfer = active.removeValue(forKey: easy)
            curl_multi_remove_handle(multi, easy)
            transfer?.complete(code)
        }
    }

    private func fail(
        _ active: inout [UnsafeMutableRawPointer: Transfer], of multi: UnsafeMutableRawPointer, _ reason: String
    ) {
        for (easy, transfer) in active {
            curl_multi_remove_handle(multi, easy)
            transfer.finish(.failure(transfer.error(.library, reason)))
        }
        active.removeAll()
    }
}
