internal import HTTPTransport

/// The SDKs' standard retry mode, as of 2026, as far as it is arithmetic: no state, no waiting.
/// See "Retry behavior" in the reference guide of the AWS SDKs.
enum RetryPolicy {
    enum Reason: Sendable, Equatable {
        /// The network, or a server in trouble.
        case transient
        case throttling
        /// The clocks are too far apart. Sent again at once, with the time of the server.
        case clockSkew
    }

    /// Why a request may be sent again; nil where it may not.
    ///
    /// - Parameters:
    ///   - isRepeatable: where false, only what the server certainly did not carry out is sent again.
    ///   - clockIsOff: whether the time of the answer is far from ours.
    static func reason(for error: AWSError, isRepeatable: Bool, clockIsOff: Bool) -> Reason? {
        if let transport = error.transportError {
            // By the deadline that is the caller's nothing is sent again; one attempt's own is another matter.
            guard error.code == .noAnswer, isRepeatable || !transport.requestMayHaveBeenSent else { return nil }
            switch transport.code {
            case .nameNotResolved, .connectFailed, .connectTimedOut, .tlsFailed, .deadlineExceeded, .connectionLost:
                return .transient
            case .invalidRequest, .cancelled, .bodyTooLarge, .library: return nil
            }
        }
        if let awsCode = error.awsCode {
            if throttlingCodes.contains(awsCode) { return .throttling }
            if clockIsOff, mayBeClockSkew(awsCode) { return .clockSkew }
            if isRepeatable, transientCodes.contains(awsCode) { return .transient }
        }
        guard isRepeatable, let status = error.status, transientStatuses.contains(status) else { return nil }
        return .transient
    }

    /// Whether a request that must not be carried out twice may have been, although there is an error.
    static func outcomeIsUnknown(_ error: AWSError) -> Bool {
        if let transport = error.transportError { return transport.requestMayHaveBeenSent }
        guard let status = error.status else { return false }
        // Only an error that AWS itself names, and that is no trouble of its own, says that it did nothing.
        guard let awsCode = error.awsCode else { return true }
        if throttlingCodes.contains(awsCode) { return false }
        return status >= 500 || transientCodes.contains(awsCode) || internalCodes.contains(awsCode)
    }

    /// How long to wait before the next attempt.
    ///
    /// - Parameters:
    ///   - attempt: the number of the one that failed, from 1 on.
    ///   - random: from 0 up to, but not including, 1.
    ///   - retryAfterMilliseconds: what the server asks for, kept between the delay of ours and five seconds more.
    static func delay(
        after attempt: Int, reason: Reason, random: Double, retryAfterMilliseconds: Int64?
    ) -> Duration {
        if reason == .clockSkew { return .zero }
        let base = reason == .throttling ? 1.0 : 0.05
        // 2^20 is beyond the limit with either base.
        let ceiling = min(base * Double(1 << max(0, min(attempt - 1, 20))), 20)
        let delay = Duration.seconds(random * ceiling)
        guard let retryAfterMilliseconds else { return delay }
        return max(delay, min(.milliseconds(retryAfterMilliseconds), delay + .seconds(5)))
    }

    /// Whether a refusal with this code can come from a clock that is off.
    static func mayBeClockSkew(_ awsCode: String) -> Bool { skewCodes.contains(awsCode) }

    /// How far apart the clocks must be to be the reason of a refusal; AWS allows five minutes.
    static let clockToleranceSeconds: Int64 = 240

    private static let transientStatuses: Set<Int> = [500, 502, 503, 504]
    private static let transientCodes: Set<String> = ["RequestTimeout", "RequestTimeoutException"]
    private static let internalCodes: Set<String> = [
        "InternalError", "InternalFailure", "InternalServerError", "ServiceUnavailable", "ServiceUnavailableException",
    ]
    private static let throttlingCodes: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException",
    ]
    private static let skewCodes: Set<String> = [
        "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
        "SignatureDoesNotMatch", "AuthFailure",
    ]
}
