internal import Glibc

/// What a client takes from the world besides the network, so that tests can have a world of their own.
package struct AWSHooks: Sendable {
    package var now: @Sendable () -> ContinuousClock.Instant
    package var wallClock: @Sendable () -> Timestamp
    /// Throws only where the task is cancelled. In Lambda it must be the executor's: the default starts Swift's thread
    /// pool.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// From 0 up to, but not including, 1.
    package var random: @Sendable () -> Double
    /// The trace that the calls belong to, for `X-Amzn-Trace-Id`; asked at every call.
    package var traceID: @Sendable () -> String?

    package init(
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        wallClock: @escaping @Sendable () -> Timestamp = { .current() },
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        traceID: @escaping @Sendable () -> String? = { AWSHooks.lambdaTraceID() }
    ) {
        self.now = now
        self.wallClock = wallClock
        self.sleep = sleep
        self.random = random
        self.traceID = traceID
    }

    /// The runtime sets the variable anew for every invocation, hence no copy made at start.
    package static func lambdaTraceID() -> String? {
        guard getenv("AWS_LAMBDA_FUNCTION_NAME") != nil, let value = getenv("_X_AMZN_TRACE_ID") else { return nil }
        return String(cString: value)
    }
}
