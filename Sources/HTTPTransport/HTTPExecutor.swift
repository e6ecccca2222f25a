/// What carries a request out. `HTTPClient` is the real one; tests and the simulator have their own.
package protocol HTTPExecutor: Sendable {
    /// Sends a request and waits for the whole response, of whatever status.
    ///
    /// - Parameter deadline: when to give up; nil waits for ever, as the long poll of the Lambda
    ///   Runtime API must, because the sandbox is frozen in the middle of it.
    /// - Throws: `HTTPTransportError` where there is no response. Cancelling the task ends the wait
    ///   with its code `.cancelled`.
    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse

    /// Waits by the clock of the machine, which counts the time in which a sandbox is frozen.
    ///
    /// The real one waits where it waits for answers, at most a millisecond too long; in Lambda a `Task.sleep` would
    /// be the only thing that starts Swift's thread pool.
    ///
    /// - Throws: where the task is cancelled, at once; or where nothing can be waited for any more.
    func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError)

    /// Where a task that sends requests runs best, for tasks that do not inherit it; nil for anywhere.
    var taskExecutor: (any TaskExecutor)? { get }
}

extension HTTPExecutor {
    package var taskExecutor: (any TaskExecutor)? { nil }

    package func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError) {
        do { try await Task.sleep(until: deadline, clock: .continuous) } catch { throw CancellationError() }
    }
}

package struct HTTPRequest: Sendable {
    package var method: String
    /// An absolute `http:` or `https:` URL, percent-encoded as it shall stand in the request line.
    package var url: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// How long establishing a connection may take: name, TCP and TLS together.
    package var connectTimeout: Duration = .seconds(3)
    /// A response with a longer body is refused (`.bodyTooLarge`), so that no server can fill the memory.
    package var maximumBodySize = 8 << 20
    /// Whether `HTTPS_PROXY` and its kin apply.
    package var usesProxy = true
    /// Send on a connection of its own. libcurl sends a request again, silently, where a kept
    /// connection turns out to be dead: a request that must not be carried out twice asks for this.
    package var needsFreshConnection = false

    package init(method: String, url: String, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    var isHTTPS: Bool { url.prefix(6).lowercased() == "https:" }
}

package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    package var body: [UInt8]

    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// There is no response, and this is why.
package struct HTTPTransportError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The URL or a header cannot be sent as it is.
        case invalidRequest
        case nameNotResolved
        case connectFailed
        /// Name, TCP and TLS together took longer than they may.
        case connectTimedOut
        /// The TLS handshake failed, the certificate of the server is not trusted, or there is no CA bundle.
        case tlsFailed
        case deadlineExceeded
        case cancelled
        case bodyTooLarge
        /// The connection broke, or what came was not HTTP.
        case connectionLost
        /// libcurl itself failed (out of memory, …).
        case library
    }

    /// How far a connection had come.
    package enum Phase: Sendable, Equatable {
        case nameLookup
        case connect
        case tlsHandshake
        /// It was there, and in use.
        case exchange
    }

    package var code: Code
    /// What was being done, such as `POST https://elasticache.us-east-1.amazonaws.com/`.
    package var activity: String
    /// The reason in words, from libcurl.
    package var reason: String
    /// False if it is certain that no byte of the request was sent, so that the server cannot have acted upon it.
    package var requestMayHaveBeenSent: Bool
    package var phase: Phase

    /// - Parameter phase: nil for what `requestMayHaveBeenSent` says of it.
    package init(
        code: Code, activity: String, reason: String, requestMayHaveBeenSent: Bool, phase: Phase? = nil
    ) {
        self.code = code
        self.activity = activity
        self.reason = reason
        self.requestMayHaveBeenSent = requestMayHaveBeenSent
        self.phase = phase ?? (requestMayHaveBeenSent ? .exchange : .connect)
    }

    package var description: String { "\(activity) failed: \(reason)" }
}
