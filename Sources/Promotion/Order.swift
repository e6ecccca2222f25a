package import Failover

/// What an operator wants done now, whatever DNS says.
package enum Order: Sendable, Equatable {
    /// Promote the local member, and take the loss of what has not been replicated.
    ///
    /// - Parameter allowsDataLoss: whether the operator has said so. A group that can be switched over is not failed
    ///   over without it; for one that cannot, there is no other way, and it means nothing.
    case failover(allowsDataLoss: Bool)
    /// The planned way: only in a group where nothing is under way, and with a lag that is known and small.
    case switchover(maximumLag: Duration)
    /// Take the local member out of its group, which makes it a primary of its own: for times when it cannot be
    /// promoted.
    case detach

    package var name: String {
        switch self {
        case .failover: "failover"
        case .switchover: "switchover"
        case .detach: "detach"
        }
    }
}

/// What came of an order that was not refused.
package struct OrderResult: Sendable {
    package enum Outcome: Sendable, Equatable {
        case promoted(Decision.Promotion)
        /// The local member was primary before anything was done.
        case wasInPlace
        /// `DRY_RUN`: all but the call.
        case wouldPromote(Decision.Promotion)
        /// The local member is out of its group.
        case detached(Decision.Promotion)
        /// The local member was out of its group before anything was done, as is on record.
        case wasDetached(memberID: String?)
        /// `DRY_RUN`: all but the call.
        case wouldDetach(Decision.Promotion)
    }

    package var outcome: Outcome
    package var identity: Promoter.Identity
    package var group: GlobalGroup?
    package var events: [PromotionEvent]
    package var calls: [CallLog.Call]
    package var duration: Duration
}

/// An order that was refused, or was not carried out by its deadline.
package struct OrderFailure: Error, CustomStringConvertible {
    package var underlying: any Error
    package var identity: Promoter.Identity
    package var events: [PromotionEvent]
    package var calls: [CallLog.Call]
    package var duration: Duration

    package var description: String { "\(underlying)" }
}
