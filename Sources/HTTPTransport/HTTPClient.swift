internal import Synchronization

/// HTTP/1.1 over libcurl: all transfers on one multi handle and one thread, with connections kept,
/// TLS 1.2 or later, and certificates always verified.
package final class HTTPClient: HTTPExecutor, StreamConnector {
    let loop: EventLoop
    private let caBundle: CABundle
    /// By the path of a bundle of one's own; the usual one has none.
    private let certificates = Mutex<[String?: CertificateStore]>([:])
    package let taskExecutor: (any TaskExecutor)?

    /// A client with a thread of its own, which starts with the first request or sleep. The CA bundle is looked for with the
    /// first `https:` one.
    package convenience init(caBundle: CABundle) {
        self.init(caBundle: caBundle, ownsThread: true)
    }

    private init(caBundle: CABundle, ownsThread: Bool) {
        self.caBundle = caBundle
        let loop = EventLoop()
        self.loop = loop
        taskExecutor = ownsThread ? nil : loop
    }

    /// Runs `main`, and all transfers of the client that it gets, on the calling thread for the rest of the process.
    ///
    /// Client and loop are made together, because no two clients may have one loop: libcurl would use a connection
    /// again that the other one trusted, by its own bundle.
    package static func run(caBundle: CABundle, _ main: @escaping @Sendable (HTTPClient) async -> Never) -> Never {
        let client = HTTPClient(caBundle: caBundle, ownsThread: false)
        client.loop.run { await main(client) }
    }

    deinit {
        if taskExecutor == nil { loop.stop() }
    }

    package func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let activity = "\(request.method) \(request.url)"
        let certificates = request.isHTTPS ? try trustedCertificates(in: nil, activity) : nil
        let transfer = try Transfer(request, deadline: deadline, certificates: certificates)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transfer.whenFinished { continuation.resume(returning: $0) }
                loop.start(transfer)
            }
        } onCancel: {
            loop.cancel(transfer)
        }
        return try result.get()
    }

    package func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError) {
        let timer = Timer(deadline: deadline)
        let isDue = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in loop.start(timer, continuation) }
        } onCancel: {
            loop.cancel(timer)
        }
        guard isDue else { throw CancellationError() }
    }

    package func connect(
        to endpoint: StreamEndpoint, deadline: ContinuousClock.Instant
    ) async throws(HTTPTransportError) -> any ByteStream {
        let certificates = try endpoint.tls.map { tls throws(HTTPTransportError) in
            try trustedCertificates(in: tls.caBundle, endpoint.activity)
        }
        let stream = try Stream(to: endpoint, deadline: deadline, certificates: certificates)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                stream.whenOpened { continuation.resume(returning: $0) }
                loop.start(stream)
            }
        } onCancel: {
            loop.cancel(stream)
        }
        return LoopStream(try result.get(), on: loop)
    }

    /// Read once; after a failure the next request tries again.
    ///
    /// - Parameters:
    ///   - bundle: the path of one of the user's own; nil for the usual one.
    ///   - activity: what they are needed for.
    private func trustedCertificates(
        in bundle: String?, _ activity: String
    ) throws(HTTPTransportError) -> CertificateStore {
        try certificates.withLock { certificates throws(HTTPTransportError) in
            if let known = certificates[bundle] { return known }
            let path: String
            switch bundle.map(Result<String, CABundle.Problem>.success) ?? caBundle.location() {
            case .success(let found): path = found
            case .failure(let problem): throw Self.untrusted(activity, problem.description)
            }
            do throws(CertificateBundle.Problem) {
                let read = try CertificateStore(bundleAt: path)
                certificates[bundle] = read
                return read
            } catch {
                throw Self.untrusted(activity, "\(path) is no bundle of trusted certificates: \(error.reason)")
            }
        }
    }

    private static func untrusted(_ activity: String, _ reason: String) -> HTTPTransportError {
        HTTPTransportError(
            code: .tlsFailed, activity: activity, reason: reason, requestMayHaveBeenSent: false, phase: .tlsHandshake)
    }
}
