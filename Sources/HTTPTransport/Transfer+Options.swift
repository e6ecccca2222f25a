internal import CLibcurl

extension Transfer {
    func configure() throws(HTTPTransportError) {
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
        if certificates != nil { try configureTrust() }
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

    /// Nothing is trusted but what is in the store: not the places that libcurl was built with either.
    private func configureTrust() throws(HTTPTransportError) {
        try set(CURLOPT_CAINFO, nil)
        try set(CURLOPT_CAPATH, nil)
        try set(CURLOPT_SSL_CTX_DATA, Unmanaged.passUnretained(self).toOpaque())
        try check(
            promoter_setopt_ssl_context_callback(easy, CURLOPT_SSL_CTX_FUNCTION) { _, sslContext, context in
                guard let sslContext, let context,
                    let certificates = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().certificates
                else { return CURLE_ABORTED_BY_CALLBACK }
                certificates.use(in: sslContext)
                return CURLE_OK
            })
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

extension Duration {
    /// Rounded down.
    fileprivate var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < Int64(Int32.max) / 1000 else { return Int(Int32.max) }
        return Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
