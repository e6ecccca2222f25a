internal import CLibcurl
internal import Synchronization

/// What is to be done with a connection, on the thread of the loop.
struct StreamOperation: Sendable {
    typealias Outcome = Result<[UInt8], HTTPTransportError>

    enum Kind: Sendable {
        case read
        /// What is left of it.
        case write(ArraySlice<UInt8>)
        case close
        /// Whoever waits for this read or write does no longer.
        case cancel(StreamWait)
    }

    var stream: Stream
    var kind: Kind
    var deadline: ContinuousClock.Instant?
    /// Who waits for a read or a write.
    var wait: StreamWait?
    var finished: @Sendable (Outcome) -> Void = { _ in }

    /// Does what can be done without waiting.
    ///
    /// - Returns: nil where it has to wait for the peer.
    mutating func attempt() -> Outcome? {
        switch kind {
        case .read: return read()
        case .write(var rest):
            defer { kind = .write(rest) }
            while !rest.isEmpty {
                var sent = 0
                let code = rest.withUnsafeBytes { bytes in
                    curl_easy_send(stream.handle.pointer, bytes.baseAddress, bytes.count, &sent)
                }
                if code == CURLE_AGAIN { return nil }
                guard code == CURLE_OK else { return .failure(lost(code)) }
                rest = rest.dropFirst(sent)
            }
            return .success([])
        case .close, .cancel: return .success([])
        }
    }

    private func read() -> Outcome? {
        var code = CURLE_OK
        let bytes = [UInt8](unsafeUninitializedCapacity: 16 << 10) { buffer, count in
            code = curl_easy_recv(stream.handle.pointer, buffer.baseAddress, buffer.count, &count)
            if code != CURLE_OK { count = 0 }
        }
        if code == CURLE_AGAIN { return nil }
        // A connection that nothing was read from or written to, libcurl looks at when it makes another one. It drops
        // it where the peer has closed it, and says this of it from then on.
        if code == CURLE_UNSUPPORTED_PROTOCOL { return .success([]) }
        return code == CURLE_OK ? .success(bytes) : .failure(lost(code))
    }

    private func lost(_ code: CURLcode) -> HTTPTransportError {
        let isDropped = code == CURLE_UNSUPPORTED_PROTOCOL
        let reason = isDropped ? "the peer has closed it" : String(cString: curl_easy_strerror(code))
        return stream.error(.connectionLost, reason)
    }

    /// What poll(2) has to wait for.
    var events: Int16 {
        if case .write = kind { Int16(CURL_WAIT_POLLOUT) } else { Int16(CURL_WAIT_POLLIN) }
    }
}

/// One task's waiting for one read or write. By it a cancellation finds what it is about: it may come before that has
/// begun, and after the next has.
final class StreamWait: Sendable {
    private let cancelled = Atomic<Bool>(false)

    /// From any thread; the loop has to hear of it, too.
    func markCancelled() {
        cancelled.store(true, ordering: .relaxed)
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }
}
