package import Failover

/// The one place where decisions become words for people.
extension CheckResult {
    /// A whole sentence: what was decided, and why.
    package var sentence: String {
        switch decision {
        case .promote(let promotion):
            "promoting \(promotion.memberName) in \(promotion.region)\(promotion.means.words):"
                + " \(identity.dnsName) answers with \(promotion.region),"
                + " and its member of \(promotion.groupID) was secondary"
        case .wouldPromote(let promotion):
            "dry run: would promote \(promotion.memberName) in \(promotion.region)\(promotion.means.words),"
                + " where \(identity.dnsName) points to; nothing was changed"
        case .detach(let promotion):
            "detaching \(promotion.memberName) in \(promotion.region) from \(promotion.groupID), which makes it a primary of its"
                + " own: "
                + (promotion.means == .detachment
                    ? "\(identity.dnsName) answers with \(promotion.region), and AURORA_ACTION is detach; "
                    : "its promotion was refused or did not come about for DETACH_AFTER_SECONDS, and"
                        + " \(identity.dnsName) still answers with \(promotion.region); ")
                + identity.kind.rebuilding
        case .hold(.changeUnderWay), .hold(.refusedJustNow): decisionWords + (refusal.map { " (AWS: \($0))" } ?? "")
        case .hold(let hold):
            lostOperation.map { "\($0) was sent and its answer lost; by now: \(hold.words(identity))" }
                ?? hold.words(identity)
        case .misconfigured(let why): why.words(identity.kind)
        }
    }
}

extension Decision.Promotion {
    /// The member as people call it.
    package var memberName: String { name(ofMember: memberID) }
}

/// - Returns: of an ARN what follows the last colon.
private func name(ofMember id: String) -> String {
    id.split(separator: ":").last.map(String.init) ?? id
}

extension Decision.Means {
    /// What follows the place of a promotion.
    fileprivate var words: String {
        switch self {
        case .failover: ""
        case .switchover: " by a switchover"
        case .detachment: " by detaching it"
        }
    }
}

extension CheckResult {
    private var decisionWords: String {
        if case .hold(let hold) = decision { hold.words(identity) } else { "" }
    }

    /// By which a promotion was sent by this check, and what came of it was seen only in the group.
    private var lostOperation: Substring? {
        switch decision {
        case .hold(.groupStatus), .hold(.inPlace):
            let actions = [Decision.Means.failover, .switchover].map(identity.kind.action)
            return calls.first { actions.contains($0.name) }?.name.split(separator: ":").last
        default: return nil
        }
    }
}

extension Decision {
    /// The kind of decision, for machines to tell apart: part of the contract of the JSON result.
    package var kind: String {
        switch self {
        case .hold: "hold"
        case .promote: "promote"
        case .wouldPromote: "wouldPromote"
        case .detach: "detach"
        case .misconfigured: "misconfigured"
        }
    }

    /// The reason in one word; part of the contract too.
    package var reason: String {
        switch self {
        case .promote, .wouldPromote: "activeAndSecondary"
        case .detach(let promotion): promotion.means == .detachment ? "activeAndSecondary" : "promotionObstructed"
        case .misconfigured: "misconfigured"
        case .hold(let hold):
            switch hold {
            case .paused: "paused"
            case .pausedByOperator: "pausedByOperator"
            case .pauseUnknown: "pauseUnknown"
            case .unknown(let why): why.reason
            case .ambiguous: "ambiguous"
            case .standby: "standby"
            case .inPlace: "inPlace"
            case .confirming: "confirming"
            case .holdingDown: "holdingDown"
            case .groupStatus: "groupStatus"
            case .memberStatus: "memberStatus"
            case .unknownRole: "unknownRole"
            case .changeUnderWay: "changeUnderWay"
            case .refusedJustNow: "refusedJustNow"
            case .promotionUnderWay: "promotionUnderWay"
            case .lagging: "lagging"
            case .lagUnknown: "lagUnknown"
            case .detached: "detached"
            case .waitsFor: "waitsFor"
            }
        }
    }

    /// Whether somebody should look at it if it lasts: DNS gives no answer that could be acted upon, or
    /// a promotion is wanted that does not come about.
    package var needsAttention: Bool {
        switch self {
        case .hold(.unknown), .hold(.ambiguous), .hold(.unknownRole), .hold(.memberStatus), .hold(.changeUnderWay),
            .hold(.refusedJustNow), .hold(.pauseUnknown), .hold(.lagging), .hold(.lagUnknown), .hold(.detached),
            .detach,
            .misconfigured:
            true
        default: false
        }
    }
}

extension Decision.Hold {
    package func words(_ identity: Promoter.Identity) -> String {
        let name = identity.dnsName
        let region = identity.ownRegion
        // The other group of the watch says the same, or something else.
        let itsMember = identity.isOneOfTwo ? "its member of \(identity.groupID)" : "its member"
        return switch self {
        case .paused: "paused by PAUSED=true: nothing was looked at"
        case .pausedByOperator(let pause): "paused\(pause.words): nothing was looked at"
        case .pauseUnknown(let why):
            "\(region) is active and \(itsMember) secondary, but whether an operator has paused promotions is not known:"
                + " \(why)"
        case .unknown(let why):
            "the active region is not known: \(why.words(name)); nothing is promoted without knowing it"
        case .ambiguous(let regions):
            "\(name) answers with the addresses of several regions at once (\(regions.joined(separator: ", "))):"
                + " nothing is promoted until it is one"
        case .standby(let active):
            "standing by\(identity.isOneOfTwo ? " for \(identity.groupID)" : ""): \(active) is active"
        case .inPlace: "in place: \(region) is active, and its member of \(identity.groupID) is primary"
        case .confirming(let seen, let needed):
            "\(region) is active and \(itsMember) secondary: confirming, \(seen) of \(needed)"
        case .holdingDown(let remaining):
            "\(region) is active and \(itsMember) secondary, but the last promotion was not long ago:"
                + " holding down for another \(remaining.secondsInWords)"
        case .groupStatus(let status):
            "\(region) is active and \(itsMember) secondary, but \(identity.groupID) is \(status): waiting for it to settle"
        case .memberStatus(let status):
            "\(region) is active and \(itsMember) secondary, but the member is \(status), not \(identity.kind.associated):"
                + " waiting for that"
        case .unknownRole(let role):
            "\(region) is active, but \(itsMember) has the role \(role), which this version does not know"
        case .changeUnderWay:
            "\(region) is active and \(itsMember) secondary, but AWS refused the promotion since \(identity.groupID) cannot be"
                + " changed now: somebody else may be at it; it will be asked again"
        case .refusedJustNow:
            "\(region) is active and \(itsMember) secondary; AWS refused the promotion a moment ago, and will be asked again"
        case .promotionUnderWay(let elapsed):
            "\(region) is active; AWS accepted the promotion of \(itsMember) \(elapsed.secondsInWords) ago: waiting until it"
                + " has come about"
        case .lagging(let lag, let maximum):
            "\(region) is active and \(itsMember) secondary, but \(lag.inWords) behind the primary, and"
                + " MAX_REPLICATION_LAG_SECONDS is \(maximum.inWords)"
        case .lagUnknown(let why):
            "\(region) is active and \(itsMember) secondary, but how far it is behind the primary is not known: \(why)"
        case .detached(let member):
            "detached: \(member.map(name(ofMember:)) ?? "the member in \(region)") was taken out of \(identity.groupID) and is a primary of its own;"
                + " \(identity.kind.rebuilding)"
        case .waitsFor(let group):
            "\(region) is active and \(itsMember) secondary, but it waits for \(group), which comes first by PROMOTE_ORDER and"
                + " is not in place yet"
        }
    }
}

extension PauseKnowledge.Pause {
    /// What follows "paused".
    package var words: String {
        " by \(by ?? "an operator")\(since.map { " since \($0)" } ?? "")\(reason.map { " (\($0))" } ?? "")"
    }
}

extension ActiveRegion.Ignorance {
    fileprivate var reason: String {
        switch self {
        case .nameNotResolved(.notFound): "nameNotFound"
        case .nameNotResolved(.noAddresses): "nameWithoutAddresses"
        case .nameNotResolved(.temporary): "nameServerFailure"
        case .nameNotResolved(.timedOut): "nameServerTimeout"
        case .nameNotResolved(.failed): "nameLookupFailed"
        case .noRecordMatches: "noRecordMatches"
        case .regionNotReadable: "regionNotReadable"
        case .noRecords: "noRecords"
        case .routingByClient: "routingByClient"
        }
    }

    package func words(_ name: String) -> String {
        switch self {
        case .nameNotResolved(let failure):
            switch failure {
            case .notFound: "\(name) does not exist in DNS"
            case .noAddresses: "\(name) has no addresses in DNS"
            case .temporary: "the name servers failed to answer for \(name)"
            case .timedOut: "the name servers did not answer for \(name) in time"
            case .failed(let reason): "\(name) could not be looked up (\(reason))"
            }
        case .noRecordMatches(let answer):
            "\(name) answers with \(answer.joined(separator: ", ")), which no record has for a target"
        case .regionNotReadable(let record, let target):
            "no region can be read from the target \(target) of record \(record); name it in RECORD_REGIONS"
        case .noRecords: "the zone has no A, AAAA or CNAME record \(name); see HOSTED_ZONE_ID and DNS_NAME"
        case .routingByClient(let policy):
            "\(name) has \(policy) records to several regions, and answers each client differently;"
                + " watch a name with failover records"
        }
    }
}

extension Decision.Misconfiguration {
    /// - Parameter isOrdered: by an operator, for a region that he has named.
    package func words(_ kind: GlobalGroup.Kind, isOrdered: Bool = false) -> String {
        switch self {
        case .noLocalMember(let group, let region, let regions):
            "\(group) has no member in \(region)\(isOrdered ? "" : ", where this function runs")"
                + " (it has: \(regions.isEmpty ? "none at all" : regions.joined(separator: ", "))); "
                + (isOrdered
                    ? "give the order for the region of one of them, or correct \(kind.variable)"
                    : "deploy the function in the regions of the members, or correct \(kind.variable)")
        case .severalLocalMembers(let group, let region, let members):
            "\(group) has several members in \(region) (\(members.joined(separator: ", "))), and it is not clear"
                + " which one to promote"
        }
    }
}

extension Duration {
    /// Whole seconds, rounded up: a wait of half a second is not over.
    package var secondsInWords: String {
        let (seconds, attoseconds) = components
        return "\(seconds + (attoseconds > 0 ? 1 : 0)) s"
    }

    /// Seconds with as many decimals as there are, three at most.
    package var inWords: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        guard rest > 0 else { return "\(whole) s" }
        var decimals = String(1000 + rest).dropFirst()
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(whole).\(decimals) s"
    }
}
