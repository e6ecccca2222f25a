import Foundation
import Synchronization

/// The Runtime API, version 2018-06-01.
extension LocalFunction {
    func handle(_ request: LocalHTTPRequest) async -> LocalHTTPReply {
        let path = request.path.split(separator: "/").map(String.init)
        guard path.count >= 4, path[0] == "2018-06-01", path[1] == "runtime" else { return Self.notFound }
        switch (request.method, path[2], path.count) {
        case ("GET", "invocation", 4) where path[3] == "next": return await next()
        case ("POST", "init", 4) where path[3] == "error": return initError(request)
        case ("POST", "invocation", 5) where path[4] == "response": return response(request, to: path[3])
        case ("POST", "invocation", 5) where path[4] == "error": return error(request, to: path[3])
        default: return Self.notFound
        }
    }

    private func next() async -> LocalHTTPReply {
        let (deliveries, reply) = AsyncStream<RuntimeState.Delivery>.makeStream()
        let (immediate, number) = state.withLock { ($0.next(reply), $0.lastPollNumber) }
        if let immediate { return answer(immediate) }
        deliver()
        for await delivery in deliveries { return answer(delivery) }
        // Cancelled: the server stops.
        state.withLock { $0.forget(poll: number) }
        return .drop
    }

    private func answer(_ delivery: RuntimeState.Delivery) -> LocalHTTPReply {
        switch delivery {
        case .drop: return .drop
        case .status(403):
            return Self.refusal(403, "InvalidStateTransition", "An invocation is under way; answer it first.")
        case .status(let status): return Self.refusal(status, "Gone", "This Runtime API has gone away.")
        case .invocation(let invocation):
            let deadline = Date().timeIntervalSince1970 + invocation.timeout.seconds
            var headers = [
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": invocation.requestID,
                "Lambda-Runtime-Deadline-Ms": String(Int64(deadline * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": arn,
                "Lambda-Runtime-Trace-Id": Self.traceID(),
            ]
            headers["Lambda-Runtime-Client-Context"] = invocation.options.clientContext
            headers["Lambda-Runtime-Cognito-Identity"] = invocation.options.cognitoIdentity
            headers["Lambda-Runtime-Aws-Tenant-Id"] = invocation.options.tenantID
            if sendsInvocationID { headers["Lambda-Runtime-Invocation-Id"] = invocation.invocationID }
            return .respond(status: 200, headers: headers, body: invocation.payload)
        }
    }

    private func response(_ request: LocalHTTPRequest, to id: String) -> LocalHTTPReply {
        settle(request, id) { body in
            guard body.count <= Self.largestResponse else {
                let message = "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
                let type = "Function.ResponseSizeTooLarge"
                return (
                    .error(type: type, body: Self.errorObject(type, message)),
                    Self.refusal(413, "RequestEntityTooLarge", message)
                )
            }
            return (.response(body), Self.accepted)
        }
    }

    private func error(_ request: LocalHTTPRequest, to id: String) -> LocalHTTPReply {
        settle(request, id) { body in (.error(type: Self.errorType(request), body: body), Self.accepted) }
    }

    private func settle(
        _ request: LocalHTTPRequest, _ id: String, _ outcome: (Data) -> (InvocationOutcome, LocalHTTPReply)
    ) -> LocalHTTPReply {
        let verdict = state.withLock {
            $0.report(
                on: id, invocationID: request.headers["lambda-runtime-invocation-id"],
                wantsInvocationID: sendsInvocationID
            )
        }
        switch verdict {
        case .refused(let status, let type, let message): return Self.refusal(status, type, message)
        case .accepted(let invocation):
            let (outcome, reply) = outcome(request.body)
            end(invocation, outcome)
            return reply
        }
    }

    private func initError(_ request: LocalHTTPRequest) -> LocalHTTPReply {
        guard let waiting = state.withLock({ $0.failInit() }) else {
            return Self.refusal(403, "InvalidStateTransition", "The runtime has been initialized already.")
        }
        for invocation in waiting { end(invocation, .initError(type: Self.errorType(request), body: request.body)) }
        return Self.accepted
    }

    private static func errorType(_ request: LocalHTTPRequest) -> String {
        request.headers["lambda-runtime-function-error-type"] ?? "Unhandled"
    }

    private static func traceID() -> String {
        let time = String(Int(Date().timeIntervalSince1970), radix: 16)
        let random = UUID().uuidString.lowercased().replacing("-", with: "")
        return "Root=1-\(time)-\(random.prefix(24));Parent=\(random.suffix(16));Sampled=0"
    }

    private static let accepted = LocalHTTPReply.json(202, Data(#"{"status":"OK"}"#.utf8))
    private static let notFound = LocalHTTPReply.text(404, "404 page not found\n")

    private static func refusal(_ status: Int, _ type: String, _ message: String) -> LocalHTTPReply {
        .json(status, errorObject(type, message))
    }

    static func errorObject(_ type: String, _ message: String) -> Data {
        // Strings always encode; the fallback is for the compiler.
        (try? JSONEncoder().encode(["errorMessage": message, "errorType": type])) ?? Data("{}".utf8)
    }
}
