internal import CLibcurl
internal import Glibc
internal import Synchronization

/// The thread that owns libcurl's multi handle. Everything else reaches it through its inbox.
final class TransferLoop: Sendable {
    private enum Command {
        case start(Transfer)
        case cancel(Transfer)
        case stop
    }

    private struct Inbox {
        var commands: [Command] = []
        var multi: MultiHandle?
        var hasStopped = false
    }

    /// libcurl allows other threads exactly one call on a multi handle: `curl_multi_wakeup`.
    private struct MultiHandle: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer
    }

    private let inbox = Mutex(Inbox())

    func start(_ transfer: Transfer) {
        if let failure = post(.start(transfer)) { transfer.finish(.failure(failure(transfer))) }
    }

    func cancel(_ transfer: Transfer) {
        transfer.markCancelled()
        _ = post(.cancel(transfer))
    }

    func stop() {
        inbox.withLock { inbox in
            guard let multi = inbox.multi, !inbox.hasStopped else { return }
            inbox.commands.append(.stop)
            curl_multi_wakeup(multi.pointer)
        }
    }

    /// Hands a command to the thread, starting it if need be. Returns how to describe a failure.
    private func post(_ command: Command) -> ((Transfer) -> HTTPTransportError)? {
        inbox.withLock { inbox in
            if inbox.multi == nil {
                if case .cancel = command { return nil }
                guard let multi = Self.makeMultiHandle() else {
                    return { $0.error(.library, "libcurl could not be initialised") }
                }
                let status = startThread(multi)
                guard status == 0 else {
                    curl_multi_cleanup(multi.pointer)
                    return { $0.error(.library, "no thread for transfers: \(String(cString: strerror(status)))") }
                }
                inbox.multi = multi
            }
            inbox.commands.append(command)
            if let multi = inbox.multi { curl_multi_wakeup(multi.pointer) }
            return nil
        }
    }

    private static let globalInitialisation = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    private static func makeMultiHandle() -> MultiHandle? {
        guard globalInitialisation == CURLE_OK, let multi = curl_multi_init() else { return nil }
        // By default as many connections are kept as four times the transfers that are under way: with the
        // last one of a burst, connections that the next request needs would be closed.
        promoter_multi_setopt_long(multi, CURLMOPT_MAXCONNECTS, 32)
        return MultiHandle(pointer: multi)
    }

    /// What the thread is started with; it takes the reference over.
    private final class ThreadStart {
        let loop: TransferLoop
        let multi: MultiHandle

        init(loop: TransferLoop, multi: MultiHandle) {
            self.loop = loop
            self.multi = multi
        }
    }

    private func startThread(_ multi: MultiHandle) -> Int32 {
        let start = Unmanaged.passRetained(ThreadStart(loop: self, multi: multi))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let start = Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue()
                start.loop.run(start.multi.pointer)
                return nil
            }, start.toOpaque())
        if status == 0 { pthread_detach(thread) } else { start.release() }
        return status
    }

    private func run(_ multi: UnsafeMutableRawPointer) {
        var active: [UnsafeMutableRawPointer: Transfer] = [:]
        var isStopping = false
        while !isStopping {
            for command in takeCommands() {
                switch command {
                case .start(let transfer): add(transfer, to: multi, &active)
                case .cancel(let transfer):
                    if active.removeValue(forKey: transfer.easy) != nil {
                        curl_multi_remove_handle(multi, transfer.easy)
                        transfer.finish(.failure(transfer.error(.cancelled, "cancelled")))
                    }
                case .stop: isStopping = true
                }
            }
            var running: Int32 = 0
            var status = curl_multi_perform(multi, &running)
            finishTransfers(of: multi, &active)
            if status == CURLM_OK && !isStopping {
                // Returns at once for a wake-up that came since the last call, so none is lost.
                status = curl_multi_poll(multi, nil, 0, 3_600_000, nil)
            }
            if status != CURLM_OK {
                // Not known to happen but for want of memory. The transfers must hear of it; and where it lasts,
                // this must not become a busy loop.
                usleep(10_000)
                fail(&active, of: multi, "libcurl: \(String(cString: curl_multi_strerror(status)))")
            }
        }
        inbox.withLock { $0.hasStopped = true }
        fail(&active, of: multi, "the HTTP client was closed")
        curl_multi_cleanup(multi)
    }

    private func takeCommands() -> [Command] {
        inbox.withLock { inbox in
            let commands = inbox.commands
            inbox.commands.removeAll(keepingCapacity: true)
            return commands
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
