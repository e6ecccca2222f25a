/// What a check comes to. Reasons are cases with their numbers; they become words at the edge only.
package enum Decision: Sendable, Equatable {
    case hold(Hold)
    case promote(Promotion)
    /// A dry run: all but the call.
    case wouldPromote(Promotion)
    case misconfigured(Misconfiguration)

    /// The member of the own region, to be made primary.
    package struct Promotion: Sendable, Hashable {
        package var groupID: String
        package var memberID: String
        package var region: String

        package init(groupID: String, memberID: String, region: String) {
            self.groupID = groupID
            self.memberID = memberID
            self.region = region
        }
    }

    package enum Hold: Sendable, Equatable {
        case paused
        case unknown(ActiveRegion.Ignorance)
        case ambiguous([String])
        case standby(activeRegion: String)
        case inPlace
        case confirming(seen: Int, needed: Int)
        case holdingDown(remaining: Duration)
        case groupStatus(String)
        case memberStatus(String)
        /// The local member has a role that this version does not know.
        case unknownRole(String)
        /// AWS refused the promotion because the group is being changed: somebody is already at it.
        case changeUnderWay
    }

    package enum Misconfiguration: Error, Equatable {
        case noLocalMember(groupID: String, region: String, memberRegions: [String])
        case severalLocalMembers(groupID: String, region: String, memberIDs: [String])
    }
}

extension Decision {
    /// Whether what was read of the group must not be the cache of the next check.
    package var forgetsGroup: Bool {
        switch self {
        // While something is under way, what was read of it is out of date by the next check.
        case .promote, .misconfigured, .hold(.holdingDown), .hold(.groupStatus), .hold(.memberStatus),
            .hold(.unknownRole), .hold(.changeUnderWay):
            true
        // Becoming active has to read the members anew, and so has being found active after a time in which
        // DNS was silent or nobody looked: others may have promoted meanwhile.
        case .hold(.standby), .hold(.unknown), .hold(.ambiguous), .hold(.paused): true
        case .hold(.inPlace), .hold(.confirming), .wouldPromote: false
        }
    }
}
