/// One event that Lambda wants handled.
package struct Invocation: Sendable {
    /// `Lambda-Runtime-Aws-Request-Id`: what the logs, the response and AWS support know the invocation by.
    package var requestID: String
    /// When Lambda kills the sandbox (`Lambda-Runtime-Deadline-Ms`), on the clock of this process.
    package var deadline: ContinuousClock.Instant
    package var functionARN: String
    /// X-Ray's trace header, where Lambda sent one (its emulator does not).
    package var traceID: String?
    /// The event as it came: any bytes, up to 6 MiB.
    package var payload: [UInt8]

    package init(
        requestID: String, deadline: ContinuousClock.Instant, functionARN: String = "", traceID: String? = nil,
        payload: [UInt8] = []
    ) {
        self.requestID = requestID
        self.deadline = deadline
        self.functionARN = functionARN
        self.traceID = traceID
        self.payload = payload
    }
}

/// An error that knows under which type it shall be reported to Lambda.
package protocol LambdaReportable: Error {
    /// One or more English words in upper camel case and ASCII letters, such as `Misconfigured`.
    var lambdaErrorType: String { get }
}
