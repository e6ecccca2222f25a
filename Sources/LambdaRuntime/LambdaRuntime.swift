package import HTTPTransport
internal import JSON
package import Logging

/// The loop of a custom runtime: asks the Runtime API of Lambda (2018-06-01) for an invocation, has
/// it handled, answers, and asks again.
package struct LambdaRuntime: Sendable {
    /// Handles one invocation; what it returns is the response. It must not outlive the deadline.
    package typealias Handler = @Sendable (Invocation) async throws -> [UInt8]

    private let baseURL: String
    private let executor: any HTTPExecutor
    private let logger: Logger
    private let wallClock: @Sendable () -> WallClockTime

    /// - Parameters:
    ///   - address: `AWS_LAMBDA_RUNTIME_API`, host and port.
    ///   - wallClock: the time that the deadlines of Lambda are measured with.
    package init(
        address: String, executor: any HTTPExecutor, logger: Logger,
        wallClock: @escaping @Sendable () -> WallClockTime = WallClockTime.now
    ) {
        baseURL = "http://\(address)/2018-06-01/runtime"
        self.executor = executor
        self.logger = logger
        self.wallClock = wallClock
        // Puts the variable into the environment while no other thread can be reading that.
        TraceVariable.shared.set("")
    }

    /// Handles invocations until the Runtime API has no more.
    ///
    /// A handler that throws fails its own invocation and no other.
    ///
    /// - Throws: `LambdaRuntimeError` where the Runtime API went away or spoke nonsense. There is
    ///   nothing left to be done then but to end the process with a non-zero code.
    package func run(_ handler: Handler) async throws -> Never {
        while true {
            try await runOnce(handler)
        }
    }

    private func runOnce(_ handler: Handler) async throws {
        let (invocation, echo) = try await nextInvocation()
        RequestIdentity.shared.set(invocation.requestID)
        TraceVariable.shared.set(invocation.traceID ?? "")
        defer {
            RequestIdentity.shared.set(nil)
            TraceVariable.shared.set("")
        }
        let path: String
        let body: [UInt8]
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        for field in echo.fields { headers.append(field.name, field.value) }
        do {
            body = try await handler(invocation)
            path = "response"
        } catch {
            let report = ErrorReport(error)
            logger.error("the invocation failed: \(report.message)", metadata: ["errorType": "\(report.type)"])
            headers.append(ErrorReport.typeHeader, report.type)
            body = report.body
            path = "error"
        }
        try await answer("invocation/\(invocation.requestID)/\(path)", headers: headers, body: body)
    }

    /// Tells Lambda that the function could not start, and why. The process is to end with a non-zero
    /// code afterwards; Lambda tries again with the next event.
    package func reportInitError(_ error: any Error) async {
        let report = ErrorReport(error)
        logger.critical("the function cannot start: \(report.message)", metadata: ["errorType": "\(report.type)"])
        let headers: HTTPHeaders = ["Content-Type": "application/json", ErrorReport.typeHeader: report.type]
        do {
            try await answer("init/error", headers: headers, body: report.body)
        } catch {
            logger.critical("\(error)")
        }
    }

    private func nextInvocation() async throws -> (Invocation, echo: HTTPHeaders) {
        var request = request("GET", "invocation/next")
        // An event may have 6 MiB; the bound is against a server that is not Lambda.
        request.maximumBodySize = 64 << 20
        // No deadline: between two invocations the sandbox is frozen, for minutes or hours.
        let response = try await execute(request, deadline: nil)
        guard response.status == 200 else { throw LambdaRuntimeError.unexpectedStatus(request, response) }
        guard let requestID = response.headers["Lambda-Runtime-Aws-Request-Id"], Self.isRequestID(requestID) else {
            throw LambdaRuntimeError(
                activity: "GET \(request.url)", reason: "the answer has no usable Lambda-Runtime-Aws-Request-Id")
        }
        let invocation = Invocation(
            requestID: requestID,
            deadline: deadline(from: response.headers["Lambda-Runtime-Deadline-Ms"]),
            functionARN: response.headers["Lambda-Runtime-Invoked-Function-Arn"] ?? "",
            traceID: response.headers["Lambda-Runtime-Trace-Id"],
            payload: response.body)
        // Since 2026: has to be sent back with the answer, but only if it came.
        var echo = HTTPHeaders()
        if let id = response.headers["Lambda-Runtime-Invocation-Id"] { echo.append("Lambda-Runtime-Invocation-Id", id) }
        return (invocation, echo)
    }

    /// The id becomes part of a URL: nothing in it may have a meaning there.
    private static func isRequestID(_ id: String) -> Bool {
        !id.isEmpty
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// Lambda says it in milliseconds since 1970; without a usable value its shortest default holds.
    private func deadline(from header: String?) -> ContinuousClock.Instant {
        let now = ContinuousClock.now
        guard let header, let milliseconds = Int64(header) else { return now + .seconds(3) }
        let remaining = milliseconds.subtractingReportingOverflow(wallClock().millisecondsSince1970)
        // Lambda's longest is 15 minutes. What is over before it began, or far beyond that, comes from a clock
        // that is off, and is as good as no value.
        guard !remaining.overflow, (1...20 * 60 * 1000).contains(remaining.partialValue) else {
            return now + .seconds(3)
        }
        return now + .milliseconds(remaining.partialValue)
    }

    private func answer(_ path: String, headers: HTTPHeaders, body: [UInt8]) async throws {
        var request = request("POST", path)
        request.headers = headers
        request.body = body
        let response = try await execute(request, deadline: .now + .seconds(10))
        switch response.status {
        case 200..<300: break
        case 410: logger.warning("the answer came too late: Lambda had ended the invocation")
        case 413: logger.error("the answer was too large for Lambda, which failed the invocation for it")
        case 400, 403:
            logger.error("Lambda refused the answer", metadata: ["status": "\(response.status)", "path": "\(path)"])
        default: throw LambdaRuntimeError.unexpectedStatus(request, response)
        }
    }

    private func request(_ method: String, _ path: String) -> HTTPRequest {
        var request = HTTPRequest(method: method, url: "\(baseURL)/\(path)")
        request.usesProxy = false
        request.connectTimeout = .seconds(1)
        return request
    }

    private func execute(_ request: HTTPRequest, deadline: ContinuousClock.Instant?) async throws -> HTTPResponse {
        do {
            return try await executor.execute(request, deadline: deadline)
        } catch {
            throw LambdaRuntimeError(activity: error.activity, reason: error.reason)
        }
    }
}

/// The Runtime API is gone, or is not the Runtime API.
package struct LambdaRuntimeError: Error, Sendable, CustomStringConvertible {
    package var activity: String
    package var reason: String

    static func unexpectedStatus(_ request: HTTPRequest, _ response: HTTPResponse) -> LambdaRuntimeError {
        LambdaRuntimeError(
            activity: "\(request.method) \(request.url)",
            reason: "the Runtime API answered with status \(response.status)")
    }

    package var description: String { "the Lambda Runtime API failed: \(activity): \(reason)" }
}
