internal import Failover
internal import Synchronization

/// `PROMOTE_ORDER`: what the promoter of the group that comes first tells that of the other one.
package final class PromotionTurn: Sendable {
    private let first: String
    /// When the first was last seen in place; nil where its last check has seen something else.
    private let inPlaceAt = Mutex<ContinuousClock.Instant?>(nil)

    /// - Parameter first: the id of the group that comes first.
    package init(first: String) {
        self.first = first
    }

    /// What a check of the first has come to.
    ///
    /// - Parameter group: as the check has seen it; nil where it could not.
    func note(_ decision: Decision?, _ group: GlobalGroup?, at now: ContinuousClock.Instant) {
        let isInPlace = Self.isInPlace(decision, group)
        inPlaceAt.withLock { $0 = isInPlace ? now : nil }
    }

    /// Whether the other one's turn has come.
    static func isInPlace(_ decision: Decision?, _ group: GlobalGroup?) -> Bool {
        switch decision {
        case .hold(.inPlace): group?.isSettled ?? false
        // A primary of its own.
        case .hold(.detached): true
        default: false
        }
    }

    /// What was seen long ago is not known to be so.
    func predecessor(at now: ContinuousClock.Instant) -> Predecessor {
        guard let seen = inPlaceAt.withLock({ $0 }), now - seen <= Policy.longestSilence else {
            return .awaited(groupID: first)
        }
        return .inPlace
    }
}
