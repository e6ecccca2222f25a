internal import AWSClient
internal import Failover
internal import Functions
internal import Promotion

extension GlobalGroup.Kind {
    var subject: Finding.Subject { self == .datastore ? .datastore : .cluster }
}

extension Finding {
    static func groupUnreadable(_ reading: GroupReading, _ error: AWSError) -> Finding {
        let kind = reading.kind
        if error.code == .notFound {
            return .wrong(
                kind.subject, kind == .datastore ? .datastoreMissing : .clusterMissing,
                "there is no \(kind.title) \(reading.id) here: \(clause(error))",
                "\(error.remedy ?? "Correct \(kind.variable).") \(kind.mayBeDetached)")
        }
        return .wrong(
            kind.subject, kind == .datastore ? .datastoreUnreadable : .clusterUnreadable,
            "\(reading.id) cannot be read: \(clause(error))",
            error.remedy ?? "Without it nothing is ever promoted: try again, and look at the endpoint above.")
    }

    static func available(_ group: GlobalGroup, _ kind: GlobalGroup.Kind) -> Finding {
        let members = group.members.map { "\($0.id) \($0.role.word)" }.joined(separator: ", ")
        return .good(kind.subject, .available, "\(group.id) is available: \(members)")
    }

    static func groupStatus(_ group: GlobalGroup, _ reading: GroupReading) -> Finding {
        let statuses = reading.policy.promoteInStatus
        return statuses.contains(group.status.lowercased())
            ? .warning(
                reading.kind.subject, .groupStatus,
                "\(group.id) is \(group.status), and PROMOTE_IN_STATUS has it promoted all the same",
                "AWS may refuse that, or be in the middle of another promotion: look at it if it lasts.")
            : .warning(
                reading.kind.subject, .groupStatus, "\(group.id) is \(group.status)",
                "No promotion is tried until it is \(statuses.joined(separator: " or ")): look at it if it lasts.")
    }

    static func noPrimary(_ group: GlobalGroup, _ kind: GlobalGroup.Kind) -> Finding {
        let text = "\(group.id) has no primary"
        return group.isSettled
            ? .wrong(kind.subject, .noPrimary, text, "Nothing takes writes: promote one with 'promoter failover'.")
            : .warning(kind.subject, .noPrimary, text, "It is \(group.status): look again when that is over.")
    }

    static func severalPrimaries(_ group: GlobalGroup, _ kind: GlobalGroup.Kind, _ regions: [String]) -> Finding {
        .wrong(
            kind.subject, .severalPrimaries, "\(group.id) has primaries in \(regions.joined(separator: " and "))",
            "AWS should never show that: ask its support.")
    }

    static func detached(_ reading: GroupReading) -> Finding {
        .wrong(
            reading.kind.subject, .detached,
            "the member in \(reading.ownRegion) was detached from \(reading.id), and is a primary of its own",
            sentence(reading.kind.rebuilding))
    }

    static func noLocalMember(_ group: GlobalGroup, _ reading: GroupReading) -> Finding {
        let regions = group.members.map(\.region)
        return .wrong(
            reading.kind.subject, .noLocalMember,
            "\(group.id) has no member in \(reading.ownRegion) (it has:"
                + " \(regions.isEmpty ? "none at all" : list(regions)))",
            "Deploy the function in the regions of the members, or correct \(reading.kind.variable). "
                + reading.kind.mayBeDetached)
    }

    static func severalLocalMembers(
        _ group: GlobalGroup, _ kind: GlobalGroup.Kind, _ members: [GlobalGroup.Member]
    ) -> Finding {
        .wrong(
            kind.subject, .severalLocalMembers, "\(group.id) has several members here: \(list(members.map(\.id)))",
            "It is not clear which one to promote, so that none is: take all but one out of the \(kind.noun).")
    }

    static func localMember(_ member: GlobalGroup.Member, _ kind: GlobalGroup.Kind) -> Finding {
        .good(
            kind.subject, .localMember,
            "\(member.id) in \(member.region) is \(member.role.word), \(kind.associated)")
    }

    /// - Parameter check: what one would come to, in words.
    static func promotionWanted(
        _ member: GlobalGroup.Member, _ kind: GlobalGroup.Kind, _ check: String
    ) -> Finding {
        .warning(
            kind.subject, .promotionWanted,
            "\(member.id) is \(member.role.word), and DNS points to \(member.region); a check now: \(check)",
            "If that is not meant to be, 'promoter pause' before the next check; if it lasts, see the function's log.")
    }

    static func memberNotAssociated(_ member: GlobalGroup.Member, _ kind: GlobalGroup.Kind) -> Finding {
        .warning(
            kind.subject, .memberNotAssociated,
            "\(member.id) in \(member.region) is \(member.role.word), but \(member.status)",
            member.role == .primary
                ? "The \(kind.noun) is being changed: look at it if that lasts."
                : "It is not promoted until it is \(kind.associated): look at it if that lasts.")
    }

    static func unknownRole(_ member: GlobalGroup.Member, _ kind: GlobalGroup.Kind, _ role: String) -> Finding {
        .warning(
            kind.subject, .unknownRole, "\(member.id) in \(member.region) has the unknown role \(role)",
            "It is not promoted: see whether there is a newer promoter that knows this role.")
    }

    static func noAutomaticFailover(_ member: GlobalGroup.Member, _ word: String) -> Finding {
        .warning(
            .datastore, .noAutomaticFailover, "automatic failover of \(member.id) is \(word)",
            "A primary needs it, with Multi-AZ: 'aws elasticache modify-replication-group --replication-group-id"
                + " \(member.id) --automatic-failover-enabled --multi-az-enabled --apply-immediately'.")
    }

    static func lag(_ kind: GlobalGroup.Kind, _ lag: Duration, _ maximum: Duration) -> Finding {
        .good(
            kind.subject, .lag, "the member is \(lag.inWords) behind the primary, and may be \(maximum.inWords)")
    }

    static func lagging(_ kind: GlobalGroup.Kind, _ lag: Duration, _ maximum: Duration) -> Finding {
        .warning(
            kind.subject, .lagging,
            "the member is \(lag.inWords) behind the primary, and MAX_REPLICATION_LAG_SECONDS is \(maximum.inWords)",
            "It would not be promoted now: look at the load of the primary, or allow more.")
    }

    static func lagUnknown(_ kind: GlobalGroup.Kind, _ why: String, promotes: Bool) -> Finding {
        .warning(
            kind.subject, .lagUnknown, "how far the member is behind the primary is not known: \(clause(why))",
            promotes
                ? "It would be promoted all the same, since WHEN_LAG_UNKNOWN is promote."
                : "It would not be promoted now, since WHEN_LAG_UNKNOWN is hold: set that to promote, or mend it.")
    }
}
