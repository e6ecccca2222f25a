internal import CLibcurl

extension Transfer {
    func configure() throws(HTTPTransportError) {
        if let deadline, deadline <= .now {
            throw error(.deadlineExceeded, "the deadline had passed before it began")
        }
        if let wrong = unsendable { throw error(.invalidRequest, wrong) }
        do throws(EasyHandle.Failure) {
            try handle.configureConnection(timeout: request.connectTimeout, deadline: deadline)
            if let certificates { try handle.trust(certificates) }
            try handle.set(CURLOPT_URL, request.url)
            // The path is signed as it stands: libcurl must not tidy it up.
            try handle.set(CURLOPT_PATH_AS_IS, 1)
            try handle.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
            try handle.set(CURLOPT_TCP_KEEPALIVE, 1)
            try handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
            if !request.usesProxy { try handle.set(CURLOPT_NOPROXY, "*") }
            if request.needsFreshConnection { try handle.set(CURLOPT_FRESH_CONNECT, 1) }
            try configureMethod()
            try configureHeaders()
            try configureCallbacks()
        } catch { throw self.error(.library, error.reason) }
    }

    /// What of the request could not be sent as it stands.
    private var unsendable: String? {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(Self.isTokenByte) else {
            return "the method is not an HTTP token"
        }
        let field = request.headers.fields.first { field in
            field.name.isEmpty || !field.name.utf8.allSatisfy(Self.isTokenByte)
                || field.value.utf8.contains { $0 == 0 || $0 == 10 || $0 == 13 }
        }
        return field.map { "the header field \($0.name.debugDescription) cannot be sent" }
    }

    private func configureMethod() throws(EasyHandle.Failure) {
        if request.method == "GET" && request.body.isEmpty {
            return try handle.set(CURLOPT_HTTPGET, 1)
        }
        try handle.set(CURLOPT_POST, 1)
        let size = curl_off_t(body.count)
        try handle.check(promoter_setopt_off_t(handle.pointer, CURLOPT_POSTFIELDSIZE_LARGE, size))
        try handle.set(CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(body.baseAddress))
        if request.method != "POST" { try handle.set(CURLOPT_CUSTOMREQUEST, request.method) }
    }

    private func configureHeaders() throws(EasyHandle.Failure) {
        for field in request.headers.fields {
            // A semicolon is how libcurl is told to send a field without a value.
            try appendHeader(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // A colon without a value takes out what libcurl would add by itself.
        for name in ["Accept", "Content-Type", "Expect"] where request.headers[name] == nil {
            try appendHeader("\(name):")
        }
        try handle.set(CURLOPT_HTTPHEADER, list: headerList)
    }

    private func appendHeader(_ line: String) throws(EasyHandle.Failure) {
        guard let list = curl_slist_append(headerList, line) else { throw EasyHandle.Failure(reason: "out of memory") }
        headerList = list
    }

    private func configureCallbacks() throws(EasyHandle.Failure) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        try handle.set(CURLOPT_WRITEDATA, context)
        try handle.check(
            promoter_setopt_callback(handle.pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let chunk = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().receiveBody(chunk)
            })
        try handle.set(CURLOPT_HEADERDATA, context)
        try handle.check(
            promoter_setopt_callback(handle.pointer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                guard let bytes, let context else { return 0 }
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().receiveHeader(line)
            })
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
