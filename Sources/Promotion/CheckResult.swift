internal import AWSClient
package import Failover
package import NameResolution

/// What one check saw, decided and did.
package struct CheckResult: Sendable {
    package var decision: Decision
    package var observation: Observation
    package var identity: Promoter.Identity
    /// What DNS answered for the watched name; nil where it did not, or was not asked.
    package var answer: ResolvedName?
    package var calls: [CallLog.Call]
    package var duration: Duration
    /// What people want to hear of, in the order in which it happened.
    package var events: [PromotionEvent] = []
    /// Why AWS last said that the group is being changed, in its words; nil where it never did.
    package var refusal: String?
}

/// A check that could not be made to its end.
package struct CheckFailure: Error, CustomStringConvertible {
    package var underlying: any Error
    package var observation: Observation
    package var identity: Promoter.Identity
    package var calls: [CallLog.Call]
    package var duration: Duration
    package var events: [PromotionEvent]

    init(
        _ underlying: any Error, observation: Observation, identity: Promoter.Identity, calls: [CallLog.Call],
        duration: Duration, events: [PromotionEvent] = []
    ) {
        self.underlying = underlying
        self.observation = observation
        self.identity = identity
        self.calls = calls
        self.duration = duration
        self.events = events
    }

    package var description: String { "\(underlying)" }
}

extension CheckFailure {
    /// What kind of failure it was, for machines to tell apart: AWS's own code where there is one.
    package var errorType: String {
        switch underlying {
        case let error as PromotionError: error.code.rawValue
        case let error as AWSError: error.awsCode ?? "AWSError"
        default: "\(type(of: underlying))"
        }
    }
}
