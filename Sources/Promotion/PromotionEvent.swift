package import Failover

/// Something about a promotion that people want to hear of, once.
package enum PromotionEvent: Sendable, Equatable {
    /// AWS accepted it.
    ///
    /// - Parameter delay: since a promotion was first seen to be wanted; nil where an operator ordered it.
    case begun(Decision.Promotion, delay: Duration?)
    /// The local member is PRIMARY, and the group available.
    ///
    /// - Parameter duration: since AWS accepted it.
    case finished(Decision.Promotion, duration: Duration)
    /// It was asked for and did not come about; told once for each promotion that is wanted.
    case failed(reason: String)
    /// AWS accepted it, and made the group available again with the roles as before.
    case cameToNothing(Decision.Promotion, after: Duration)
    /// It was accepted, and has not come about in the time that it may take.
    case gaveUp(Decision.Promotion, after: Duration)
    /// DNS points to another region now, whose function has to act.
    case overtaken(Decision.Promotion, by: String, after: Duration)
    /// The local member was taken out of its group, and is a primary of its own.
    case detached(Decision.Promotion, after: Duration?)
    /// The local member was to be detached, and was not; told once for each promotion that is wanted.
    case detachmentFailed(reason: String)
    /// A promotion is wanted for longer than `ALERT_AFTER_SECONDS`, and has not come about.
    case stuck(why: String, for: Duration)
    /// It was stuck, and is not wanted any more.
    case noLongerWanted(why: String)
}

extension PromotionEvent {
    /// The kind of event, for machines to tell apart: part of the contract of notifications and history.
    package var kind: String {
        switch self {
        case .begun: "begun"
        case .finished: "finished"
        case .failed: "failed"
        case .cameToNothing: "cameToNothing"
        case .gaveUp: "gaveUp"
        case .overtaken: "overtaken"
        case .detached: "detached"
        case .detachmentFailed: "detachmentFailed"
        case .stuck: "stuck"
        case .noLongerWanted: "noLongerWanted"
        }
    }
}
