import HTTPTransport
import LambdaRuntime
import Synchronization

/// A Runtime API that serves a list of events and then is gone (410), so that the loop ends by itself.
final class FakeRuntimeAPI: HTTPExecutor {
    struct State {
        var events: [HTTPResponse]
        var answers: [HTTPRequest] = []
        var answerStatus: [Int] = []
        var transportFailure: HTTPTransportError?
    }

    let state: Mutex<State>

    init(_ events: [HTTPResponse], answerStatus: [Int] = [], transportFailure: HTTPTransportError? = nil) {
        state = Mutex(State(events: events, answerStatus: answerStatus, transportFailure: transportFailure))
    }

    static func event(_ id: String, _ payload: [UInt8] = Array("{}".utf8), headers: [(String, String)] = [])
        -> HTTPResponse
    {
        var fields: HTTPHeaders = [
            "lambda-runtime-aws-request-id": id, "lambda-runtime-deadline-ms": "2000000003000",
            "lambda-runtime-invoked-function-arn": "arn:aws:lambda:us-east-1:123456789012:function:promoter",
        ]
        for (name, value) in headers { fields.replace(name, with: value) }
        return HTTPResponse(status: 200, headers: fields, body: payload)
    }

    var answers: [HTTPRequest] { state.withLock { $0.answers } }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        try state.withLock { state throws(HTTPTransportError) in
            if request.method == "GET" {
                // The sandbox may be frozen in this call for hours.
                precondition(deadline == nil && request.url == "http://api:9001/2018-06-01/runtime/invocation/next")
                guard !state.events.isEmpty else {
                    if let failure = state.transportFailure { throw failure }
                    return HTTPResponse(status: 410)
                }
                return state.events.removeFirst()
            }
            precondition(deadline != nil && !request.usesProxy)
            state.answers.append(request)
            return HTTPResponse(status: state.answerStatus.isEmpty ? 202 : state.answerStatus.removeFirst())
        }
    }
}
