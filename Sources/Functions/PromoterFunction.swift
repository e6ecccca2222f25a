internal import Failover
internal import JSON
package import LambdaRuntime
package import Logging
package import Promotion

/// The handler `promoter`: one check an invocation, whatever the event is.
package struct PromoterFunction: Sendable {
    private let promoter: Promoter
    private let logger: Logger

    package init(promoter: Promoter, logger: Logger) {
        self.promoter = promoter
        self.logger = logger
    }

    /// - Returns: the result as JSON.
    package func handle(_ invocation: Invocation) async throws -> [UInt8] {
        let result = try await promoter.check(deadline: Self.deadline(of: invocation, now: .now))
        result.log(to: logger)
        return result.json.serialized()
    }

    /// The invocation's own deadline less what it takes to answer: a tenth of the time that is left, and
    /// half a second at most.
    static func deadline(of invocation: Invocation, now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        invocation.deadline - min(.milliseconds(500), max(.zero, (invocation.deadline - now) / 10))
    }
}

extension CheckResult {
    /// One line that says what and why.
    package func log(to logger: Logger) {
        let level: Logger.Level =
            switch decision {
            case .promote, .wouldPromote: .notice
            default: decision.needsAttention ? .warning : .info
            }
        var metadata: Logger.Metadata = [
            "decision": "\(decision.kind)", "reason": "\(decision.reason)", "region": "\(identity.ownRegion)",
            "dnsName": "\(identity.dnsName)",
            "globalDatastoreId": "\(identity.groupID)", "calls": .array(calls.map { "\($0.name)" }),
            "durationMs": .stringConvertible(duration.milliseconds),
        ]
        if case .region(let active) = observation.active { metadata["activeRegion"] = "\(active)" }
        logger.log(level: level, "\(sentence)", metadata: metadata)
    }
}

/// Lambda is told what kind of failure it was, so that alarms and queries can tell them apart.
extension CheckFailure: LambdaReportable {
    package var lambdaErrorType: String { errorType }
}
