internal import CLibcurl

/// libcurl's easy handle, with the buffer that it writes its reasons into.
///
/// A class, because the handle has the buffer's address, and those that share it are classes too.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let errorBuffer: UnsafeMutableBufferPointer<CChar>
    private var certificates: CertificateStore?
    private var hasBegunTLS = false
    private var readsAhead = false

    /// - Returns: nil where there is no memory.
    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0)
    }

    deinit {
        curl_easy_cleanup(pointer)
        errorBuffer.deallocate()
    }

    /// An option that libcurl did not take, or a failure of its own.
    struct Failure: Error {
        var reason: String
    }

    func set(_ option: CURLoption, _ value: Int) throws(Failure) {
        try check(promoter_setopt_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: String) throws(Failure) {
        try check(promoter_setopt_string(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) throws(Failure) {
        try check(promoter_setopt_pointer(pointer, option, value))
    }

    /// - Parameter list: stays the caller's, and has to outlive the transfer.
    func set(_ option: CURLoption, list: UnsafeMutablePointer<curl_slist>?) throws(Failure) {
        try check(promoter_setopt_list(pointer, option, list))
    }

    func check(_ code: CURLcode) throws(Failure) {
        guard code == CURLE_OK else { throw Failure(reason: String(cString: curl_easy_strerror(code))) }
    }

    /// What goes for whatever connects, to whomever.
    func configureConnection(timeout: Duration, deadline: ContinuousClock.Instant?) throws(Failure) {
        try set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorBuffer.baseAddress))
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_NOSIGNAL, 1)
        // Without it libcurl waits for its resolver thread before it reports a time-out, so that a
        // name server that hangs would hold up every other transfer as well.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, timeout.wholeMilliseconds))
        if let deadline { try set(CURLOPT_TIMEOUT_MS, max(1, (deadline - .now).wholeMilliseconds)) }
    }

    /// Nothing is trusted but what is in the store: not the places that libcurl was built with either.
    ///
    /// - Parameter readsAhead: takes all that has come in one system call, instead of two a record, of which a handshake
    ///   alone has eight. Only for who reads until nothing is left before waiting at the socket; libcurl itself does not.
    func trust(_ certificates: CertificateStore, readsAhead: Bool = false) throws(Failure) {
        self.certificates = certificates
        self.readsAhead = readsAhead
        try set(CURLOPT_CAINFO, nil)
        try set(CURLOPT_CAPATH, nil)
        // Otherwise libcurl puts the store of an earlier connection into the place of this one's, after the callback.
        try set(CURLOPT_CA_CACHE_TIMEOUT, 0)
        try set(CURLOPT_SSL_CTX_DATA, Unmanaged.passUnretained(self).toOpaque())
        try check(
            promoter_setopt_ssl_context_callback(pointer, CURLOPT_SSL_CTX_FUNCTION) { _, sslContext, context in
                guard let sslContext, let context else { return CURLE_ABORTED_BY_CALLBACK }
                let handle = Unmanaged<EasyHandle>.fromOpaque(context).takeUnretainedValue()
                guard let certificates = handle.certificates else { return CURLE_ABORTED_BY_CALLBACK }
                certificates.use(in: sslContext, readsAhead: handle.readsAhead)
                handle.hasBegunTLS = true
                return CURLE_OK
            })
    }

    /// In libcurl's words; it has better ones in its buffer where it knows more than the code says.
    func reason(for code: CURLcode) -> String {
        let detail = String(decoding: errorBuffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    }

    /// How far it had come.
    var phase: HTTPTransportError.Phase {
        if hasReached(CURLINFO_PRETRANSFER_TIME_T) { return .exchange }
        // libcurl 7.88 counts TLS as part of connecting.
        if hasBegunTLS { return .tlsHandshake }
        return hasReached(CURLINFO_NAMELOOKUP_TIME_T) ? .connect : .nameLookup
    }

    private func hasReached(_ info: CURLINFO) -> Bool {
        var microseconds: curl_off_t = 0
        promoter_getinfo_off_t(pointer, info, &microseconds)
        return microseconds > 0
    }
}

extension HTTPTransportError.Code {
    /// - Parameters:
    ///   - hasSent: part of the request may be on its way.
    ///   - deadline: that of the whole.
    init(_ code: CURLcode, hasSent: Bool, deadline: ContinuousClock.Instant?) {
        switch code {
        case CURLE_URL_MALFORMAT: self = .invalidRequest
        // Of our URL before anything was sent, of the answer (not HTTP, or HTTP/0.9) after that.
        case CURLE_UNSUPPORTED_PROTOCOL: self = hasSent ? .connectionLost : .invalidRequest
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .nameNotResolved
        case CURLE_COULDNT_CONNECT: self = .connectFailed
        case CURLE_OPERATION_TIMEDOUT:
            // Two time-outs end here: that of connecting and that of the whole.
            let isDeadline = deadline.map { $0 - .now < .milliseconds(2) } ?? false
            self = isDeadline ? .deadlineExceeded : .connectTimedOut
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED, CURLE_SSL_ISSUER_ERROR:
            self = .tlsFailed
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_WEIRD_SERVER_REPLY,
            CURLE_HTTP2, CURLE_BAD_CONTENT_ENCODING:
            self = .connectionLost
        default: self = .library
        }
    }
}

extension Duration {
    /// Rounded down; as much as libcurl takes.
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        return Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
