internal import CLibcurl
internal import Synchronization

/// A connection that libcurl makes and secures (`CURLOPT_CONNECT_ONLY`), and that others then speak over.
///
/// After `EventLoop.start` only the loop's thread touches it, but for `markCancelled`; that is what makes it `Sendable`.
final class Stream: LoopHandle, @unchecked Sendable {
    typealias Opened = Result<Stream, HTTPTransportError>

    let handle: EasyHandle
    let endpoint: StreamEndpoint
    private let deadline: ContinuousClock.Instant
    private let certificates: CertificateStore?
    private let cancelled = Atomic<Bool>(false)
    private var opened: ((Opened) -> Void)?
    private var isOpen = false
    // libcurl does not copy it.
    private var connectTo: UnsafeMutablePointer<curl_slist>?

    /// What is under way; at most one at a time.
    var operation: StreamOperation?
    /// What to wait at; -1 before something waited.
    private(set) var socket = curl_socket_t(-1)

    init(
        to endpoint: StreamEndpoint, deadline: ContinuousClock.Instant, certificates: CertificateStore?
    ) throws(HTTPTransportError) {
        guard let handle = EasyHandle() else {
            throw HTTPTransportError(
                code: .library, activity: endpoint.activity, reason: "out of memory", requestMayHaveBeenSent: false)
        }
        self.handle = handle
        self.endpoint = endpoint
        self.deadline = deadline
        self.certificates = certificates
        let timeout = deadline - .now
        guard timeout > .zero else { throw error(.deadlineExceeded, "the deadline had passed before it began") }
        do throws(EasyHandle.Failure) { try configure(timeout) } catch { throw self.error(.library, error.reason) }
    }

    deinit {
        curl_slist_free_all(connectTo)
    }

    private func configure(_ timeout: Duration) throws(EasyHandle.Failure) {
        try handle.configureConnection(timeout: timeout, deadline: nil)
        if let certificates { try handle.trust(certificates, readsAhead: true) }
        let scheme = endpoint.tls == nil ? "http" : "https"
        let name = endpoint.tls?.serverName ?? endpoint.host
        try handle.set(CURLOPT_URL, "\(scheme)://\(bracketed(name)):\(endpoint.port)/")
        if name != endpoint.host {
            guard let list = curl_slist_append(nil, "::\(bracketed(endpoint.host)):\(endpoint.port)") else {
                throw EasyHandle.Failure(reason: "out of memory")
            }
            connectTo = list
            try handle.set(CURLOPT_CONNECT_TO, list: list)
        }
        try handle.set(CURLOPT_CONNECT_ONLY, 1)
        try handle.set(CURLOPT_NOPROXY, "*")
        // Others may trust other authorities: nothing of theirs is taken over.
        try handle.set(CURLOPT_FRESH_CONNECT, 1)
        try handle.set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        try handle.set(CURLOPT_SSL_ENABLE_ALPN, 0)
        // libcurl would hold on to an address for a minute; what has just failed over is at another one.
        try handle.set(CURLOPT_DNS_CACHE_TIMEOUT, 0)
    }

    /// As an address of version 6 stands in a URL.
    private func bracketed(_ host: String) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
    }

    func whenOpened(_ opened: @escaping (Opened) -> Void) {
        self.opened = opened
    }

    func markCancelled() {
        cancelled.store(true, ordering: .relaxed)
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func complete(_ code: CURLcode) -> LoopHandleEnd {
        guard code == CURLE_OK else {
            finish(.failure(error(.init(code, hasSent: false, deadline: deadline), handle.reason(for: code))))
            return .isDone
        }
        isOpen = true
        finish(.success(self))
        return .staysConnected(self)
    }

    func fail(_ code: HTTPTransportError.Code, _ reason: String) {
        finish(.failure(error(code, reason)))
    }

    private func finish(_ outcome: Opened) {
        let opened = opened
        self.opened = nil
        opened?(outcome)
    }

    func error(_ code: HTTPTransportError.Code, _ reason: String) -> HTTPTransportError {
        HTTPTransportError(
            code: code, activity: endpoint.activity, reason: reason, requestMayHaveBeenSent: isOpen,
            phase: isOpen ? .exchange : handle.phase)
    }

    /// Once: libcurl looks through all connections that it has for it. Only after the first attempt to read or write,
    /// because before that libcurl may still find the connection dead and close it, and the number be another's.
    ///
    /// - Returns: false where the connection is gone.
    func findSocket() -> Bool {
        if socket >= 0 { return true }
        return promoter_getinfo_socket(handle.pointer, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK && socket >= 0
    }
}

extension StreamEndpoint {
    var activity: String { "connection to \(host):\(port)" }
}
