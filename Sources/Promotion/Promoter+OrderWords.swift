internal import Failover

/// How an order is refused, or left unfinished, in words.
extension Promoter {
    /// What an order comes to that must not be begun as it stands; nil where it may be. Asks nobody.
    package nonisolated func refusal(of order: Order) -> OrderFailure? {
        guard order == .failover(allowsDataLoss: false), identity.kind.hasSwitchover else { return nil }
        return refusal(
            of: order,
            because:
                "what has not been replicated to the member of \(identity.groupID) in \(identity.ownRegion) would be"
                + " lost. Where that may be, say --allow-data-loss, or \"allowDataLoss\": true in the event; a"
                + " switchover loses nothing, while both regions are well")
    }

    /// What an order comes to where the group that comes first is not in place after its own.
    package nonisolated func refusal(of order: Order, waitingFor first: String) -> OrderFailure {
        refusal(of: order, because: "it waits for \(first), which comes first by PROMOTE_ORDER and is not in place")
    }

    /// What an order comes to that is refused for another group that it is for as well.
    package nonisolated func refusal(of order: Order, alongWith other: String) -> OrderFailure {
        refusal(of: order, because: "it was refused for \(other), and is for both")
    }

    private nonisolated func refusal(of order: Order, because why: String) -> OrderFailure {
        let error = PromotionError(code: .orderRefused, reason: Self.words(refusing: order, because: why))
        return OrderFailure(underlying: error, identity: identity, events: [], calls: [], duration: .zero)
    }

    private static func words(refusing order: Order, because why: String) -> String {
        "the \(order.name) was not begun, and nothing was changed: \(why)"
    }

    func words(_ reason: Decision.Hold, refusing order: Order) -> String {
        if order == .detach, reason == .inPlace {
            return Self.words(
                refusing: order,
                because: "there is nothing to detach from, since \(member) is \(identity.kind.primary) of"
                    + " \(identity.groupID) itself")
        }
        return Self.words(refusing: order, because: words(ordered: reason))
    }

    /// - Parameter begun: what AWS has accepted; nil for nothing.
    func words(_ order: Order, _ decision: Decision, begun: Decision.Promotion?) -> String {
        let noun = order == .detach ? "detachment" : "promotion"
        let last =
            switch decision {
            case .hold(.detached): "\(member) is still listed in \(identity.groupID)"
            case .hold(let reason): words(ordered: reason)
            default: "AWS has just accepted it"
            }
        return begun == nil
            ? "the \(noun) could not be begun in the time that there was, and is not asked for again without another"
                + " order: \(last)"
            : "AWS accepted the \(noun), and it was not over in the time that there was: \(last);"
                + " it goes on: see 'promoter status'"
    }

    private var member: String { "the member in \(identity.ownRegion)" }

    /// Those of a check say that this region is active, which was not asked, and that it will be asked again.
    private func words(ordered reason: Decision.Hold) -> String {
        switch reason {
        case .inPlace: "\(member) is \(identity.kind.primary), and \(identity.groupID) not yet available"
        case .lagging(let lag, let maximum):
            "\(member) is \(lag.inWords) behind the primary, and \(maximum.inWords) are allowed"
        case .lagUnknown(let why): "how far \(member) is behind the primary is not known: \(why)"
        case .groupStatus(let status): "\(identity.groupID) is \(status), not available"
        case .memberStatus(let status): "\(member) is \(status), not \(identity.kind.associated)"
        case .unknownRole(let role): "\(member) has the role \(role), which this version does not know"
        case .refusedJustNow: "AWS refused it a moment ago"
        case .changeUnderWay:
            "AWS refused it, since \(identity.groupID) cannot be changed now; somebody else may be at it"
                + (refusalReason.map { " (AWS: \($0))" } ?? "")
        case .promotionUnderWay(let elapsed): "AWS accepted it \(elapsed.secondsInWords) ago, and is at it"
        default: reason.words(identity)
        }
    }
}
