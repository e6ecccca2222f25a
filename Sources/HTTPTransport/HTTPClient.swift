/// HTTP/1.1 over libcurl: all transfers of a process on one multi handle and one thread, with
/// connections kept, TLS 1.2 or later, and certificates always verified.
package final class HTTPClient: HTTPExecutor {
    private let loop: TransferLoop
    private let caBundle: CABundle

    /// Costs next to nothing: the thread starts with the first request, and the CA bundle is looked
    /// for with the first `https:` one.
    package init(caBundle: CABundle) {
        self.caBundle = caBundle
        loop = TransferLoop()
    }

    deinit {
        loop.stop()
    }

    package func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let transfer = try Transfer(request, deadline: deadline, caBundle: caBundle)
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
}
