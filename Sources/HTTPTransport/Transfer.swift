internal import CLibcurl
internal import Synchronization

/// One request on its way: libcurl's easy handle and everything that the handle points to.
///
/// A class, because the callbacks get its address. After `EventLoop.start` only the loop's thread
/// touches it, but for `markCancelled`; that is what makes it `Sendable`.
final class Transfer: LoopHandle, @unchecked Sendable {
    typealias Outcome = Result<HTTPResponse, HTTPTransportError>

    let handle: EasyHandle
    let request: HTTPRequest
    let deadline: ContinuousClock.Instant?
    /// What the server's certificate is checked against; nil where there is none.
    let certificates: CertificateStore?
    private let cancelled = Atomic<Bool>(false)
    private var finished: ((Outcome) -> Void)?

    // What libcurl points to: it copies strings, but neither the body nor the list.
    let body: UnsafeMutableBufferPointer<UInt8>
    var headerList: UnsafeMutablePointer<curl_slist>?

    private var responseHeaders = HTTPHeaders()
    private var responseHeaderSize = 0
    private var responseBody: [UInt8] = []
    var refusal: (code: HTTPTransportError.Code, reason: String)?

    private static let maximumHeaderSize = 256 << 10

    init(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?, certificates: CertificateStore?
    ) throws(HTTPTransportError) {
        guard let handle = EasyHandle() else {
            throw HTTPTransportError(
                code: .library, activity: "\(request.method) \(request.url)", reason: "out of memory",
                requestMayHaveBeenSent: false)
        }
        self.handle = handle
        self.request = request
        self.deadline = deadline
        self.certificates = certificates
        body = .allocate(capacity: request.body.count)
        _ = body.initialize(from: request.body)
        try configure()
    }

    deinit {
        curl_slist_free_all(headerList)
        body.deallocate()
    }

    func whenFinished(_ finished: @escaping (Outcome) -> Void) {
        self.finished = finished
    }

    func markCancelled() {
        cancelled.store(true, ordering: .relaxed)
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    private func finish(_ outcome: Outcome) {
        let finished = finished
        self.finished = nil
        finished?(outcome)
    }

    func complete(_ code: CURLcode) -> LoopHandleEnd {
        guard code == CURLE_OK else {
            finish(.failure(error(for: code)))
            return .isDone
        }
        var status = 0
        promoter_getinfo_long(handle.pointer, CURLINFO_RESPONSE_CODE, &status)
        finish(.success(HTTPResponse(status: status, headers: responseHeaders, body: responseBody)))
        return .isDone
    }

    func fail(_ code: HTTPTransportError.Code, _ reason: String) {
        finish(.failure(error(code, reason)))
    }
}

// MARK: - Receiving; any result but the whole length makes libcurl give up

extension Transfer {
    func receiveBody(_ chunk: UnsafeRawBufferPointer) -> Int {
        guard responseBody.count + chunk.count <= request.maximumBodySize else {
            refusal = (.bodyTooLarge, "the response is longer than \(request.maximumBodySize) bytes")
            return 0
        }
        responseBody.append(contentsOf: chunk)
        return chunk.count
    }

    func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
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
