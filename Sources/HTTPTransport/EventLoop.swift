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
        var started: [any LoopHandle] = []
        var cancelled: [any LoopHandle] = []
        var operations: [StreamOperation] = []
        var descriptorWaits: [DescriptorWait] = []
        /// Of those, or of those that wait already.
        var hasCancelledWaits = false
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

    func start(_ transfer: any LoopHandle) {
        let failure: String? = inbox.withLock { inbox in
            guard !inbox.hasStopped else { return "the HTTP client was closed" }
            if inbox.multi == nil, let failure = startThread(&inbox) { return failure }
            inbox.started.append(transfer)
            wake(&inbox)
            return nil
        }
        if let failure { transfer.fail(.library, failure) }
    }

    func cancel(_ transfer: any LoopHandle) {
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
        var active: [UnsafeMutableRawPointer: any LoopHandle] = [:]
        var streams = StreamTable(multi: multi)
        var descriptors = DescriptorTable()
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
            var started: [any LoopHandle] = []
            var cancelled: [any LoopHandle] = []
            var operations: [StreamOperation] = []
            inbox.withLock { inbox in
                swap(&started, &inbox.started)
                swap(&cancelled, &inbox.cancelled)
                swap(&operations, &inbox.operations)
                isStopping = inbox.mustStop
            }
            for transfer in started { add(transfer, to: multi, &active) }
            for transfer in cancelled where active.removeValue(forKey: transfer.handle.pointer) != nil {
                curl_multi_remove_handle(multi, transfer.handle.pointer)
                transfer.fail(.cancelled, "cancelled")
            }
            for operation in operations { streams.begin(operation) }
            takeDescriptorWaits(&descriptors)
            var running: Int32 = 0
            var status = curl_multi_perform(multi, &running)
            finishTransfers(of: multi, &active, &streams)
            streams.advance()
            descriptors.endOverdue()
            let deadlines = [streams.firstDeadline, descriptors.firstDeadline]
            if status == CURLM_OK, let timeout = timeToWait(deadlines) {
                status = streams.poll(timeout, &descriptors)
                inbox.withLock { $0.isWaiting = false }
            }
            if status != CURLM_OK {
                // Not known to happen but for want of memory. The transfers must hear of it; and where it lasts,
                // this must not become a busy loop.
                usleep(10_000)
                fail(&active, &streams, of: multi, "libcurl: \(String(cString: curl_multi_strerror(status)))")
            }
        }
        let (late, operations) = inbox.withLock { inbox in
            inbox.hasStopped = true
            return (inbox.started, inbox.operations)
        }
        for transfer in late { transfer.fail(.library, "the HTTP client was closed") }
        for operation in operations { streams.begin(operation) }
        endTimers()
        takeDescriptorWaits(&descriptors)
        descriptors.endAll()
        fail(&active, &streams, of: multi, "the HTTP client was closed")
        curl_multi_cleanup(multi)
    }

    /// In milliseconds; nil where something has come in since. From now on, whoever brings something wakes this thread.
    private func timeToWait(_ deadlines: [ContinuousClock.Instant?]) -> Int32? {
        inbox.withLock { inbox in
            let next = (deadlines + [inbox.timers.first?.deadline]).compactMap { $0 }.min()
            let timeout = next.map { Self.pollTimeout(until: $0, now: .now) } ?? 3_600_000
            inbox.isWaiting =
                inbox.jobs.isEmpty && inbox.started.isEmpty && inbox.cancelled.isEmpty
                && inbox.operations.isEmpty && inbox.descriptorWaits.isEmpty && !inbox.hasCancelledWaits
                && !inbox.mustStop && timeout > 0
            return inbox.isWaiting ? timeout : nil
        }
    }

    private func add(
        _ transfer: any LoopHandle, to multi: UnsafeMutableRawPointer,
        _ active: inout [UnsafeMutableRawPointer: any LoopHandle]
    ) {
        guard !transfer.isCancelled else { return transfer.fail(.cancelled, "cancelled before it began") }
        let status = curl_multi_add_handle(multi, transfer.handle.pointer)
        guard status == CURLM_OK else {
            return transfer.fail(.library, String(cString: curl_multi_strerror(status)))
        }
        active[transfer.handle.pointer] = transfer
    }

    private func finishTransfers(
        of multi: UnsafeMutableRawPointer, _ active: inout [UnsafeMutableRawPointer: any LoopHandle],
        _ streams: inout StreamTable
    ) {
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(multi, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            // Read before the handle is removed: the message dies with that.
            let code = promoter_message_result(message)
            guard let transfer = active.removeValue(forKey: easy) else {
                curl_multi_remove_handle(multi, easy)
                continue
            }
            switch transfer.complete(code) {
            case .isDone: curl_multi_remove_handle(multi, easy)
            case .staysConnected(let stream): streams.add(stream)
            }
        }
    }

    private func fail(
        _ active: inout [UnsafeMutableRawPointer: any LoopHandle], _ streams: inout StreamTable,
        of multi: UnsafeMutableRawPointer, _ reason: String
    ) {
        for (easy, transfer) in active {
            curl_multi_remove_handle(multi, easy)
            transfer.fail(.library, reason)
        }
        active.removeAll()
        streams.failAll(reason)
    }
}
