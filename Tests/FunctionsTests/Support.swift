import Functions
import HTTPTransport
import NameResolution
import Synchronization

/// What a promoter cannot do without.
let minimalEnvironment = [
    "HOSTED_ZONE_ID": "Z0123456789ABCDEFGHIJ", "DNS_NAME": "app.example.com", "GLOBAL_DATASTORE_ID": "ldgnf-sessions",
]

/// The minimum with some variables set, or with nil removed.
func environment(_ changes: [String: String?]) -> [String: String] {
    minimalEnvironment.merging(changes.compactMapValues { $0 }) { _, new in new }
        .filter { variable, _ in changes[variable] != .some(nil) }
}

/// Refuses all, or answers with 200 and what it was made with; remembers what it was asked.
final class FakeNetwork: HTTPExecutor {
    private let urls = Mutex<[String]>([])
    private let answer: @Sendable (HTTPRequest) -> String?

    init(_ answer: @escaping @Sendable (HTTPRequest) -> String? = { _ in nil }) { self.answer = answer }

    var asked: [String] { urls.withLock { $0 } }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        urls.withLock { $0.append(request.url) }
        if let text = answer(request) { return HTTPResponse(status: 200, body: Array(text.utf8)) }
        throw HTTPTransportError(
            code: .connectFailed, activity: "\(request.method) \(request.url)", reason: "closed",
            requestMayHaveBeenSent: false)
    }
}

/// Gives every name the same answer, and remembers what it was asked.
final class FixedResolver: Resolver {
    private let answer: Result<ResolvedName, ResolutionError>
    private let looked = Mutex<[(name: String, deadline: ContinuousClock.Instant)]>([])

    init(failure code: ResolutionError.Code) {
        answer = .failure(ResolutionError(code, name: "", reason: "no"))
    }

    init(_ address: String) {
        answer = .success(
            ResolvedName(canonicalName: "app.example.com", addresses: [IPAddress(address)].compactMap { $0 }))
    }

    var lookUps: [(name: String, deadline: ContinuousClock.Instant)] { looked.withLock { $0 } }

    func resolve(_ name: String, deadline: ContinuousClock.Instant) async throws(ResolutionError) -> ResolvedName {
        looked.withLock { $0.append((name, deadline)) }
        return try answer.get()
    }
}
