internal import Failover
internal import Synchronization

/// `PROMOTE_ORDER`: what the promoter of the group that comes first tells that of the other one.
package final class PromotionTurn: Sendable {
    private let first: String
    private struct State {
        /// As of when the first is known to be in place; nil where its last check has seen something else.
        var inPlaceAt: ContinuousClock.Instant?
        /// Whether the other one waits, and has to know it as of now.
        var isAsked = false
    }

    private let state = Mutex(State())

    /// - Parameter first: the id of the group that comes first.
    package init(first: String) {
        self.first = first
    }

    /// What a check of the first has come to.
    ///
    /// - Parameters:
    ///   - group: as the check has seen it; nil where it could not.
    ///   - time: when that was read.
    func note(_ decision: Decision?, _ group: GlobalGroup?, asOf time: ContinuousClock.Instant) {
        let isInPlace = Self.isInPlace(decision, group)
        state.withLock { $0.inPlaceAt = isInPlace ? time : nil }
    }

    /// The other one waits. What is in place is not read again otherwise, and may be so no longer.
    func ask() { state.withLock { $0.isAsked = true } }

    /// Whether the first is to be read anew; told of once.
    func takeQuestion() -> Bool {
        state.withLock { state in
            defer { state.isAsked = false }
            return state.isAsked
        }
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
        guard let seen = state.withLock({ $0.inPlaceAt }), now - seen <= Policy.longestSilence else {
            return .awaited(groupID: first)
        }
        return .inPlace
    }
}
