internal import AWSClient
internal import Failover
internal import Functions
internal import Promotion

/// The Global Datastore as it has to be for one watch.
enum DatastoreChecks {
    static func findings(_ reading: DatastoreReading) -> [Finding] {
        switch reading.group {
        // Said among the permissions.
        case .failure(let error) where error.isAboutPermissions: return []
        // A region without a member may not see the datastore at all.
        case .failure(let error) where error.code == .notFound && reading.isDetachmentOnRecord:
            return [.detached(reading.id, reading.ownRegion)]
        case .failure(let error): return [.datastoreUnreadable(reading.id, error)]
        case .success(let group):
            return [status(group, reading.policy)] + primary(group) + local(group, reading)
        }
    }

    private static func status(_ group: GlobalReplicationGroup, _ policy: Policy) -> Finding {
        // That PROMOTE_IN_STATUS may lack it is said of the configuration.
        group.status.lowercased() == "available" ? .available(group) : .groupStatus(group, policy.promoteInStatus)
    }

    private static func primary(_ group: GlobalReplicationGroup) -> [Finding] {
        let primaries = group.members.filter { $0.role.lowercased() == "primary" }
        switch primaries.count {
        case 1: return []
        // In the middle of a promotion there may be none.
        case 0: return [.noPrimary(group, isSettled: group.status.lowercased() == "available")]
        default: return [.severalPrimaries(group, primaries.map(\.region))]
        }
    }

    private static func local(_ group: GlobalReplicationGroup, _ reading: DatastoreReading) -> [Finding] {
        let members = group.members.filter { $0.region.lowercased() == reading.ownRegion }
        guard let member = members.first else {
            return [
                reading.isDetachmentOnRecord
                    ? .detached(reading.id, reading.ownRegion)
                    : .noLocalMember(group, reading.ownRegion)
            ]
        }
        guard members.count == 1 else { return [.severalLocalMembers(group, members)] }
        var findings: [Finding] = []
        let role = GlobalGroup.Role(member.role)
        if case .other(let word) = role {
            findings.append(.unknownRole(member, word))
        } else if member.status?.lowercased() == "associated" {
            findings.append(foreseen(group, role, reading).map { .promotionWanted(member, $0) } ?? .localMember(member))
        } else {
            findings.append(.memberNotAssociated(member))
        }
        if let automatic = member.automaticFailover?.lowercased(), automatic.hasPrefix("disabl") {
            findings.append(.noAutomaticFailover(member))
        }
        // A primary is not behind anybody.
        if role == .secondary { findings += lag(reading) }
        return findings
    }

    /// What a check would come to where the traffic is here and the primary is not; nil where it is as it should be.
    private static func foreseen(
        _ group: GlobalReplicationGroup, _ role: GlobalGroup.Role, _ reading: DatastoreReading
    ) -> String? {
        guard role == .secondary, reading.active == .region(reading.ownRegion) else { return nil }
        let observation = Observation(
            ownRegion: reading.ownRegion, pause: reading.pause, active: reading.active,
            group: .fresh(GlobalGroup(group)), lag: reading.lag)
        let identity = Promoter.Identity(
            watch: reading.dnsName, dnsName: reading.dnsName, groupID: reading.id, ownRegion: reading.ownRegion)
        return Decision.foreseen(observation, policy: reading.policy, now: .now).foreseenWords(reading.policy, identity)
    }

    private static func lag(_ reading: DatastoreReading) -> [Finding] {
        guard let maximum = reading.policy.maximumLag else { return [] }
        switch reading.lag {
        case .notAsked: return []
        case .known(let lag): return [lag > maximum ? .lagging(lag, maximum) : .lag(lag, maximum)]
        case .unknown(let why): return [.lagUnknown(why, promotes: reading.policy.whenLagUnknown == .promote)]
        }
    }
}

extension Finding {
    static func datastoreUnreadable(_ id: String, _ error: AWSError) -> Finding {
        if error.code == .notFound {
            return .wrong(
                .datastore, .datastoreMissing, "there is no Global Datastore \(id) here: \(clause(error))",
                "\(error.remedy ?? "Correct GLOBAL_DATASTORE_ID.") \(Decision.mayBeDetached)")
        }
        return .wrong(
            .datastore, .datastoreUnreadable, "\(id) cannot be read: \(clause(error))",
            error.remedy ?? "Without it nothing is ever promoted: try again, and look at the endpoint above.")
    }

    static func available(_ group: GlobalReplicationGroup) -> Finding {
        let members = group.members.map { "\($0.replicationGroupID) \($0.role)" }.joined(separator: ", ")
        return .good(.datastore, .available, "\(group.id) is available: \(members)")
    }

    /// - Parameter statuses: those in which it is promoted.
    static func groupStatus(_ group: GlobalReplicationGroup, _ statuses: [String]) -> Finding {
        statuses.contains(group.status.lowercased())
            ? .warning(
                .datastore, .groupStatus,
                "\(group.id) is \(group.status), and PROMOTE_IN_STATUS has it promoted all the same",
                "AWS may refuse that, or be in the middle of another promotion: look at it if it lasts.")
            : .warning(
                .datastore, .groupStatus, "\(group.id) is \(group.status)",
                "No promotion is tried until it is \(statuses.joined(separator: " or ")): look at it if it lasts.")
    }

    static func noPrimary(_ group: GlobalReplicationGroup, isSettled: Bool) -> Finding {
        let text = "\(group.id) has no primary"
        return isSettled
            ? .wrong(.datastore, .noPrimary, text, "Nothing takes writes: promote one with 'promoter failover'.")
            : .warning(.datastore, .noPrimary, text, "It is \(group.status): look again when that is over.")
    }

    static func severalPrimaries(_ group: GlobalReplicationGroup, _ regions: [String]) -> Finding {
        .wrong(
            .datastore, .severalPrimaries, "\(group.id) has primaries in \(regions.joined(separator: " and "))",
            "AWS should never show that: ask its support.")
    }

    static func detached(_ id: String, _ region: String) -> Finding {
        .wrong(
            .datastore, .detached, "the member in \(region) was detached from \(id), and is a primary of its own",
            "Rebuild the datastore: 'promoter rejoin --plan' says how.")
    }

    static func noLocalMember(_ group: GlobalReplicationGroup, _ region: String) -> Finding {
        let regions = group.members.map(\.region)
        return .wrong(
            .datastore, .noLocalMember,
            "\(group.id) has no member in \(region) (it has: \(regions.isEmpty ? "none at all" : list(regions)))",
            "Deploy the function in the regions of the members, or correct GLOBAL_DATASTORE_ID. "
                + Decision.mayBeDetached)
    }

    static func severalLocalMembers(
        _ group: GlobalReplicationGroup, _ members: [GlobalReplicationGroup.Member]
    ) -> Finding {
        .wrong(
            .datastore, .severalLocalMembers,
            "\(group.id) has several members here: \(list(members.map(\.replicationGroupID)))",
            "It is not clear which one to promote, so that none is: take all but one out of the datastore.")
    }

    static func localMember(_ member: GlobalReplicationGroup.Member) -> Finding {
        .good(
            .datastore, .localMember,
            "\(member.replicationGroupID) in \(member.region) is \(member.role), associated")
    }

    /// - Parameter check: what one would come to, in words.
    static func promotionWanted(_ member: GlobalReplicationGroup.Member, _ check: String) -> Finding {
        .warning(
            .datastore, .promotionWanted,
            "\(member.replicationGroupID) is \(member.role), and DNS points to \(member.region); a check now: \(check)",
            "If that is not meant to be, 'promoter pause' before the next check; if it lasts, see the function's log.")
    }

    static func memberNotAssociated(_ member: GlobalReplicationGroup.Member) -> Finding {
        .warning(
            .datastore, .memberNotAssociated,
            "\(member.replicationGroupID) in \(member.region) is \(member.role), but"
                + " \(member.status ?? "of unknown status")",
            GlobalGroup.Role(member.role) == .primary
                ? "The datastore is being changed: look at it if that lasts."
                : "It is not promoted until it is associated: look at it if that lasts.")
    }

    static func unknownRole(_ member: GlobalReplicationGroup.Member, _ role: String) -> Finding {
        .warning(
            .datastore, .unknownRole, "\(member.replicationGroupID) in \(member.region) has the unknown role \(role)",
            "It is not promoted: see whether there is a newer promoter that knows this role.")
    }

    static func noAutomaticFailover(_ member: GlobalReplicationGroup.Member) -> Finding {
        .warning(
            .datastore, .noAutomaticFailover,
            "automatic failover of \(member.replicationGroupID) is \(member.automaticFailover ?? "off")",
            "A primary needs it, with Multi-AZ: 'aws elasticache modify-replication-group --replication-group-id"
                + " \(member.replicationGroupID) --automatic-failover-enabled --multi-az-enabled --apply-immediately'.")
    }

    static func lag(_ lag: Duration, _ maximum: Duration) -> Finding {
        .good(
            .datastore, .lag, "the member is \(lag.inWords) behind the primary, and may be \(maximum.inWords)")
    }

    static func lagging(_ lag: Duration, _ maximum: Duration) -> Finding {
        .warning(
            .datastore, .lagging,
            "the member is \(lag.inWords) behind the primary, and MAX_REPLICATION_LAG_SECONDS is \(maximum.inWords)",
            "It would not be promoted now: look at the load of the primary, or allow more.")
    }

    static func lagUnknown(_ why: String, promotes: Bool) -> Finding {
        .warning(
            .datastore, .lagUnknown, "how far the member is behind the primary is not known: \(clause(why))",
            promotes
                ? "It would be promoted all the same, since WHEN_LAG_UNKNOWN is promote."
                : "It would not be promoted now, since WHEN_LAG_UNKNOWN is hold: set that to promote, or mend it.")
    }
}
