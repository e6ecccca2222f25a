internal import Failover
package import JSON
package import Promotion

extension OrderResult {
    /// What came of the order, in words.
    package var sentence: String {
        switch outcome {
        case .promoted(let promotion):
            "\(promotion.memberName) in \(promotion.region) is \(identity.kind.primary), and \(promotion.groupID)"
                + " available, after \(duration.secondsInWords)"
        case .wasInPlace:
            "nothing to do: the member of \(identity.groupID) in \(identity.ownRegion) is"
                + " \(identity.kind.primary) already"
        case .wouldPromote(let promotion):
            "DRY_RUN is set: \(promotion.memberName) in \(promotion.region) would be promoted, and was not"
        case .detached(let promotion):
            "\(promotion.memberName) in \(promotion.region) is out of \(promotion.groupID) after"
                + " \(duration.secondsInWords), and a primary of its own: move the records, and"
                + " \(identity.kind.rebuilding)"
        case .wasDetached(let memberID):
            "nothing to do: \(memberID ?? "the member in \(identity.ownRegion)") was taken out of \(identity.groupID)"
                + " before; \(identity.kind.rebuilding)"
        case .wouldDetach(let promotion):
            "DRY_RUN is set: \(promotion.memberName) in \(promotion.region) would be taken out of"
                + " \(promotion.groupID), and was not"
        }
    }

    /// A watch of the answer, or one of its two groups. Members are added in later versions, never renamed.
    package var json: JSONValue {
        [
            "watch": .string(identity.watch), "outcome": .string(outcome.word), "message": .string(sentence),
            "region": .string(identity.ownRegion), identity.kind.key: group?.json ?? nil,
            "seconds": .real(duration.milliseconds / 1000), "calls": .array(calls.map { .string($0.name) }),
        ]
    }
}

extension [OrderResult] {
    /// The answer to an order, as a state machine reads it: `outcome` is what a Choice state goes by, the one of all
    /// groups that leaves most to be done, in the order `wasInPlace`, `promoted`, `wasDetached`, `detached`; and
    /// `watches` has the result of each. An order that was refused, or not carried out on all of them, is no answer but
    /// an error, of the type `OrderNotCarriedOut`.
    package var json: JSONValue {
        let last = map(\.outcome).max { $0.aftermath < $1.aftermath }
        return ["outcome": last.map { .string($0.word) } ?? nil, "watches": .array(map(\.json))]
    }
}

extension OrderResult.Outcome {
    /// For machines to tell apart: part of the contract of the answer.
    package var word: String {
        switch self {
        case .promoted: "promoted"
        case .wasInPlace: "wasInPlace"
        case .wouldPromote: "wouldPromote"
        case .detached: "detached"
        case .wasDetached: "wasDetached"
        case .wouldDetach: "wouldDetach"
        }
    }

    /// Whether nothing was done because of `DRY_RUN`.
    package var isDryRun: Bool {
        switch self {
        case .wouldPromote, .wouldDetach: true
        case .promoted, .wasInPlace, .detached, .wasDetached: false
        }
    }

    /// How much it leaves to be done: from nothing, over the records, to a group that has to be rebuilt.
    fileprivate var aftermath: Int {
        switch self {
        case .wasInPlace: 0
        case .promoted: 1
        case .wasDetached: 2
        case .detached: 3
        // The order is still to be given.
        case .wouldPromote: 4
        case .wouldDetach: 5
        }
    }
}
