internal import CLibcurl
internal import Synchronization

/// One request on its way: libcurl's easy handle and everything that the handle points to.
///
/// A class, because the callbacks get its address. After `TransferLoop.start` only the loop's thread
/// touches it, but for `markCancelled`; that is what makes it `Sendable`.
final class Transfer: @unchecked Sendable {
    typealias Outcome = Result<HTTPResponse, HTTPTransportError>

    let easy: UnsafeMutableRawPointer
    private let request: HTTPRequest
    private let deadline: ContinuousClock.Instant?
    private let cancelled = Atomic<Bool>(false)
    private var finished: ((Outcome) -> Void)?

    // What libcurl points to: it copies strings, but neither the body, nor the list, nor the buffer.
    private let body: UnsafeMutableBufferPointer<UInt8>
    private let errorBuffer: UnsafeMutableBufferPointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?

    private var responseHeaders = HTTPHeaders()
    private var responseHeaderSize = 0
    private var responseBody: [UInt8] = []
    private var refusal: (code: HTTPTransportError.Code, reason: String)?

    private static let maximumHeaderSize = 256 << 10

    init(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?, caBundle: CABundle
    ) throws(HTTPTransportError) {
        guard let easy = curl_easy_init() else {
            throw HTTPTransportError(
                code: .library, activity: "\(request.method) \(request.url)", reason: "out of memory",
                requestMayHaveBeenSent: false)
        }
        self.easy = easy
        self.request = request
        self.deadline = deadline
        body = .allocate(capacity: request.body.count)
        _ = body.initialize(from: request.body)
        errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorBuffer.initialize(repeating: 0)
        try configure(caBundle)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        body.deallocate()
        errorBuffer.deallocate()
    }

    func whenFinished(_ finished: @escaping (Outcome) -> Void) {
        self.finished = finished
    }

    func markCancelled() {
        cancelled.store(true, ordering: .relaxed)
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func finish(_ outcome: Outcome) {
        let finished = finished
        self.finished = nil
        finished?(outcome)
    }

    /// libcurl is done with the transfer.
    func complete(_ code: CURLcode) {
        guard code == CURLE_OK else { return finish(.failure(error(for: code))) }
        var status = 0
        promoter_getinfo_long(easy, CURLINFO_RESPONSE_CODE, &status)
        finish(.success(HTTPResponse(status: status, headers: responseHeaders, body: responseBody)))
    }
}

// MARK: - Setting up

extension Transfer {
    private func configure(_ caBundle: CABundle) throws(HTTPTransportError) {
        try set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(errorBuffer.baseAddress))
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        // The path is signed as it stands: libcurl must not tidy it up.
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        try set(CURLOPT_NOSIGNAL, 1)
        // Without it libcurl waits for its resolver thread before it reports a time-out, so that a
        // name server that hangs would hold up every other transfer as well.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        if isHTTPS { try set(CURLOPT_CAINFO, try bundlePath(caBundle)) }
        if !request.usesProxy { try set(CURLOPT_NOPROXY, "*") }
        if request.needsFreshConnection { try set(CURLOPT_FRESH_CONNECT, 1) }
        try set(CURLOPT_CONNECTTIMEOUT_MS, max(1, request.connectTimeout.wholeMilliseconds))
        if let deadline {
            let remaining = deadline - .now
            guard remaining > .zero else { throw error(.deadlineExceeded, "the deadline had passed before it began") }
            try set(CURLOPT_TIMEOUT_MS, max(1, remaining.wholeMilliseconds))
        }
        try configureMethod()
        try configureHeaders()
        try configureCallbacks()
    }

    private var isHTTPS: Bool { request.url.prefix(6).lowercased() == "https:" }

    private func bundlePath(_ caBundle: CABundle) throws(HTTPTransportError) -> String {
        switch caBundle.location() {
        case .success(let path): return path
        case .failure(let problem): throw error(.tlsFailed, problem.description)
        }
    }

    private func configureMethod() throws(HTTPTransportError) {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(Self.isTokenByte) else {
            throw error(.invalidRequest, "the method is not an HTTP token")
        }
        if request.method == "GET" && request.body.isEmpty {
            return try set(CURLOPT_HTTPGET, 1)
        }
        try set(CURLOPT_POST, 1)
        try check(promoter_setopt_off_t(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        try set(CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(body.baseAddress))
        if request.method != "POST" { try set(CURLOPT_CUSTOMREQUEST, request.method) }
    }

    private func configureHeaders() throws(HTTPTransportError) {
        for field in request.headers.fields {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(Self.isTokenByte),
                !field.value.utf8.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 })
            else { throw error(.invalidRequest, "the header field \(field.name.debugDescription) cannot be sent") }
            // A semicolon is how libcurl is told to send a field without a value.
            try appendHeader(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // A colon without a value takes out what libcurl would add by itself.
        for name in ["Accept", "Content-Type", "Expect"] where request.headers[name] == nil {
            try appendHeader("\(name):")
        }
        try check(promoter_setopt_list(easy, CURLOPT_HTTPHEADER, headerList))
    }

    private func appendHeader(_ line: String) throws(HTTPTransportError) {
        guard let list = curl_slist_append(headerList, line) else { throw error(.library, "out of memory") }
        headerList = list
    }

    private func configureCallbacks() throws(HTTPTransportError) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try set(CURLOPT_WRITEDATA, context)
        try check(
            promoter_setopt_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let chunk = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().receiveBody(chunk)
            })
        try set(CURLOPT_HEADERDATA, context)
        try check(
            promoter_setopt_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().receiveHeader(line)
            })
    }

    private func set(_ option: CURLoption, _ value: Int) throws(HTTPTransportError) {
        try check(promoter_setopt_long(easy, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(HTTPTransportError) {
        try check(promoter_setopt_string(easy, option, value))
    }

    private func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) throws(HTTPTransportError) {
        try check(promoter_setopt_pointer(easy, option, value))
    }

    private func check(_ code: CURLcode) throws(HTTPTransportError) {
        guard code == CURLE_OK else { throw error(.library, String(cString: curl_easy_strerror(code))) }
    }

    /// RFC 9110, 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

// MARK: - Receiving; any result but the whole length makes libcurl give up

extension Transfer {
    private func receiveBody(_ chunk: UnsafeRawBufferPointer) -> Int {
        guard responseBody.count + chunk.count <= request.maximumBodySize else {
            refusal = (.bodyTooLarge, "the response is longer than \(request.maximumBodySize) bytes")
            return 0
        }
        responseBody.append(contentsOf: chunk)
        return chunk.count
    }

    private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
        responseHeaderSize += line.count
        guard responseHeaderSize <= Self.maximumHeaderSize else {
            refusal = (.bodyTooLarge, "the response's header is longer than \(Self.maximumHeaderSize) bytes")
            return 0
        }
        if line.starts(with: "HTTP/".utf8) {
            // What came until now belonged to an interim response (100 Continue).
            responseHeaders = HTTPHeaders()
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let name = String(decoding: line[..<colon], as: UTF8.self)
            responseHeaders.append(name, Self.trimmed(line[(colon + 1)...]))
        }
        return line.count
    }

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
        let start = bytes.drop(while: isSpace)
        let end = start.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start.startIndex
        return String(decoding: start[..<end], as: UTF8.self)
    }
}

// MARK: - Errors

extension Transfer {
    func error(_ code: HTTPTransportError.Code, _ reason: String) -> HTTPTransportError {
        var untilRequest: curl_off_t = 0
        promoter_getinfo_off_t(easy, CURLINFO_PRETRANSFER_TIME_T, &untilRequest)
        return HTTPTransportError(
            code: code, activity: "\(request.method) \(request.url)", reason: reason,
            requestMayHaveBeenSent: untilRequest > 0)
    }

    private func error(for code: CURLcode) -> HTTPTransportError {
        if let refusal { return error(refusal.code, refusal.reason) }
        let detail = String(decoding: errorBuffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let reason = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        switch code {
        case CURLE_URL_MALFORMAT: return error(.invalidRequest, reason)
        // Of our URL before anything was sent, of the answer (not HTTP, or HTTP/0.9) after that.
        case CURLE_UNSUPPORTED_PROTOCOL:
            let failure = error(.invalidRequest, reason)
            return failure.requestMayHaveBeenSent ? error(.connectionLost, reason) : failure
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return error(.nameNotResolved, reason)
        case CURLE_COULDNT_CONNECT: return error(.connectFailed, reason)
        case CURLE_OPERATION_TIMEDOUT:
            // Two time-outs end here: that of connecting and that of the whole.
            let isDeadline = deadline.map { $0 - .now < .milliseconds(2) } ?? false
            return error(isDeadline ? .deadlineExceeded : .connectFailed, reason)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED, CURLE_SSL_ISSUER_ERROR:
            return error(.tlsFailed, reason)
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_WEIRD_SERVER_REPLY,
            CURLE_HTTP2, CURLE_BAD_CONTENT_ENCODING:
            return error(.connectionLost, reason)
        default: return error(.library, reason)
        }
    }
}

extension Duration {
    /// Rounded down.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        return Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
