import AWSClient
import HTTPTransport
import Synchronization

/// Answers with the pages of an input, one after the other and then again, and keeps what was asked.
final class Server: HTTPExecutor {
    private struct State {
        var served = 0
        var requests: [HTTPRequest] = []
    }

    private let pages: [HTTPResponse]
    private let state = Mutex(State())

    init(_ pages: [HTTPResponse]) {
        self.pages = pages
    }

    /// More than any call may ask for before it gives up.
    static let mostRequests = 2000

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let number = state.withLock { state in
            state.requests.append(request)
            return state.requests.count - 1
        }
        guard !pages.isEmpty, number < Self.mostRequests else {
            throw HTTPTransportError(
                code: .connectionLost, activity: "\(request.method) \(request.url)", reason: "there is no more",
                requestMayHaveBeenSent: true)
        }
        return pages[number % pages.count]
    }

    var taskExecutor: (any TaskExecutor)? { CallingThread.shared }
}

extension Input {
    /// An answer of a service: a byte for its status, and a body of which a byte that is in no text (0xFF) ends a page.
    mutating func pages(headers: HTTPHeaders = [:]) -> [HTTPResponse] {
        let status = choice(of: [200, 400, 500, 403, 404, 503, 301, 201])
        let bodies = parts(by: 0xFF)
        return (bodies.isEmpty ? [[]] : bodies).map { HTTPResponse(status: status, headers: headers, body: $0) }
    }
}

extension Server {
    /// With keys of their own, or those of a container.
    enum Account {
        static let own = Result {
            try configuration([
                "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_MAX_ATTEMPTS": "2",
            ])
        }
        static let container = Result {
            try configuration(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials"])
        }

        private static func configuration(_ variables: [String: String]) throws -> AWSConfiguration {
            let environment = variables.merging(["AWS_REGION": "us-east-1"]) { $1 }
            return try AWSConfiguration(environment: environment, readFile: { _ in .missing })
        }
    }

    /// A moment for all that is asked for, so that nothing depends on when it runs.
    static let now = ContinuousClock.now
    static let deadline = now + .seconds(60)

    /// A client in a world where no time passes.
    func client(_ configuration: Result<AWSConfiguration, any Error> = Account.own) throws -> AWSClient {
        let hooks = AWSHooks(
            now: { Self.now }, wallClock: { Timestamp(secondsSince1970: 1_772_000_000) }, sleep: { _ in },
            random: { 0.5 }, traceID: { nil })
        return AWSClient(
            configuration: try configuration.get(), executor: self, hooks: hooks)
    }
}
