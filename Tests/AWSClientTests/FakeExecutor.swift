import HTTPTransport
import Synchronization

/// Plays the server: hands out scripted answers in their order, or makes them from the request, and
/// remembers what was asked.
final class FakeExecutor: HTTPExecutor {
    struct Exchange: Sendable {
        var request: HTTPRequest
        var deadline: ContinuousClock.Instant?
    }

    enum Outcome: Sendable {
        case answer(HTTPResponse)
        case failure(HTTPTransportError.Code, sent: Bool)
    }

    private let answer: @Sendable (HTTPRequest, Int) async -> Outcome
    private let exchanges = Mutex<[Exchange]>([])

    init(_ answer: @escaping @Sendable (_ request: HTTPRequest, _ index: Int) async -> Outcome) {
        self.answer = answer
    }

    /// One after the other; the last one for ever.
    convenience init(_ outcomes: Outcome...) {
        self.init(sequence: outcomes)
    }

    convenience init(sequence outcomes: [Outcome]) {
        self.init { _, index in
            outcomes.isEmpty ? .failure(.library, sent: false) : outcomes[min(index, outcomes.count - 1)]
        }
    }

    var seen: [Exchange] { exchanges.withLock { $0 } }
    var requests: [HTTPRequest] { seen.map(\.request) }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let index = exchanges.withLock { exchanges in
            exchanges.append(Exchange(request: request, deadline: deadline))
            return exchanges.count - 1
        }
        switch await answer(request, index) {
        case .answer(let response): return response
        case .failure(let code, let sent):
            throw HTTPTransportError(
                code: code, activity: "\(request.method) \(request.url)", reason: "scripted failure",
                requestMayHaveBeenSent: sent)
        }
    }
}

extension FakeExecutor.Outcome {
    static func xml(_ status: Int, _ body: String, headers: HTTPHeaders = [:]) -> Self {
        .answer(HTTPResponse(status: status, headers: headers, body: Array(body.utf8)))
    }

    static func error(_ status: Int, _ code: String, headers: HTTPHeaders = [:]) -> Self {
        .xml(
            status,
            "<ErrorResponse xmlns=\"http://x/\"><Error><Type>Sender</Type><Code>\(code)</Code><Message>no</Message></Error>"
                + "<RequestId>id-1</RequestId></ErrorResponse>", headers: headers)
    }

    static let identity = xml(
        200,
        """
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
        <Arn>arn:aws:iam::123456789012:user/Alice</Arn><UserId>AIDA</UserId><Account>123456789012</Account>
        </GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>
        """)
}
