internal import AWSClient
internal import Failover
internal import Functions
internal import Promotion

/// A global group as it has to be for one watch.
enum GroupChecks {
    static func findings(_ reading: GroupReading) -> [Finding] {
        switch reading.group {
        // Said among the permissions.
        case .failure(let error) where error.isAboutPermissions: return []
        // A region without a member may not see the group at all.
        case .failure(let error) where error.code == .notFound && reading.isDetachmentOnRecord:
            return [.detached(reading)]
        case .failure(let error): return [.groupUnreadable(reading, error)]
        case .success(let found):
            let group = found.group
            return [status(group, reading)] + primary(group, reading.kind) + local(found, reading)
        }
    }

    private static func status(_ group: GlobalGroup, _ reading: GroupReading) -> Finding {
        // That PROMOTE_IN_STATUS may lack it is said of the configuration.
        group.isSettled ? .available(group, reading.kind) : .groupStatus(group, reading)
    }

    private static func primary(_ group: GlobalGroup, _ kind: GlobalGroup.Kind) -> [Finding] {
        let primaries = group.members.filter { $0.role == .primary }
        switch primaries.count {
        case 1: return []
        // In the middle of a promotion there may be none.
        case 0: return [.noPrimary(group, kind)]
        default: return [.severalPrimaries(group, kind, primaries.map(\.region))]
        }
    }

    private static func local(_ found: GroupReading.Found, _ reading: GroupReading) -> [Finding] {
        let group = found.group
        let members = group.members.filter { $0.region == reading.ownRegion }
        guard let member = members.first else {
            return [reading.isDetachmentOnRecord ? .detached(reading) : .noLocalMember(group, reading)]
        }
        guard members.count == 1 else { return [.severalLocalMembers(group, reading.kind, members)] }
        var findings: [Finding] = []
        if case .other(let word) = member.role {
            findings.append(.unknownRole(member, reading.kind, word))
        } else if member.isAssociated {
            findings.append(
                foreseen(group, member, reading).map { .promotionWanted(member, reading.kind, $0) }
                    ?? .localMember(member, reading.kind))
        } else {
            findings.append(.memberNotAssociated(member, reading.kind))
        }
        if let automatic = found.automaticFailover[member.id], automatic.lowercased().hasPrefix("disabl") {
            findings.append(.noAutomaticFailover(member, automatic))
        }
        // A primary is not behind anybody.
        if member.role == .secondary { findings += lag(reading) }
        return findings
    }

    /// What a check would come to where the traffic is here and the primary is not; nil where it is as it should be.
    private static func foreseen(
        _ group: GlobalGroup, _ member: GlobalGroup.Member, _ reading: GroupReading
    ) -> String? {
        guard member.role == .secondary, reading.active == .region(reading.ownRegion) else { return nil }
        let observation = Observation(
            ownRegion: reading.ownRegion, pause: reading.pause, active: reading.active, group: .fresh(group),
            lag: reading.lag)
        let identity = Promoter.Identity(
            watch: reading.dnsName, dnsName: reading.dnsName, groupID: reading.id, kind: reading.kind,
            ownRegion: reading.ownRegion)
        return Decision.foreseen(observation, policy: reading.policy, now: .now).foreseenWords(reading.policy, identity)
    }

    private static func lag(_ reading: GroupReading) -> [Finding] {
        guard let maximum = reading.policy.maximumLag else { return [] }
        let kind = reading.kind
        switch reading.lag {
        case .notAsked: return []
        case .known(let lag): return [lag > maximum ? .lagging(kind, lag, maximum) : .lag(kind, lag, maximum)]
        case .unknown(let why): return [.lagUnknown(kind, why, promotes: reading.policy.whenLagUnknown == .promote)]
        }
    }
}
