import Failover

@testable import Promotion

/// Checks and what they may come to, as data.
enum Samples {
    static let promotion = Decision.Promotion(groupID: "ldgnf-a", memberID: "a-west", region: "us-west-2")

    static func identity(_ watch: String = "a") -> Promoter.Identity {
        .init(watch: watch, dnsName: "\(watch).example.com", groupID: "ldgnf-a", ownRegion: "us-west-2")
    }

    static func result(
        _ decision: Decision, _ active: ActiveRegion = .region("us-west-2"), of watch: String = "a",
        events: [PromotionEvent] = [], duration: Duration = .milliseconds(3)
    ) -> Result<CheckResult, CheckFailure> {
        .success(
            CheckResult(
                decision: decision, observation: Observation(ownRegion: "us-west-2", active: active),
                identity: identity(watch), calls: [], duration: duration, events: events))
    }

    static func failure(
        _ error: any Error, of watch: String = "a", events: [PromotionEvent] = []
    ) -> Result<CheckResult, CheckFailure> {
        .failure(
            CheckFailure(
                error, observation: Observation(ownRegion: "us-west-2"), identity: identity(watch), calls: [],
                duration: .milliseconds(7), events: events))
    }

    /// One of each kind.
    static let events: [PromotionEvent] = [
        .begun(promotion, delay: .seconds(2)), .begun(promotion, delay: nil),
        .finished(promotion, duration: .seconds(90)), .failed(reason: "AWS said no."),
        .cameToNothing(promotion, after: .seconds(80)), .gaveUp(promotion, after: .seconds(900)),
        .overtaken(promotion, by: "us-east-1", after: .seconds(10)), .detached(promotion, after: .seconds(301)),
        .detachmentFailed(reason: "no"), .stuck(why: "the group is modifying", for: .seconds(300)),
        .noLongerWanted(why: "DNS points elsewhere"),
    ]
}
