internal import Failover
internal import Functions

/// Writes the steps of a `RejoinPlan`. The options are those of the AWS CLI, version 2.
struct RejoinWriter {
    typealias Step = RejoinPlan.Step

    let groupID: String
    /// The detached member, whose data is kept.
    let detached: String
    let region: String
    /// The primary that the datastore still has.
    let old: GlobalGroup.Member
    /// What else is in the datastore.
    let secondaries: [GlobalGroup.Member]

    /// All whose data is given up, the old primary last: the order of disassociation.
    private var stale: [GlobalGroup.Member] { secondaries + [old] }
    private var regions: [String] { NeededActions.each([region] + stale.map(\.region)) }

    /// What follows the prefix that AWS gives an id by its region.
    private var suffix: String {
        guard let hyphen = groupID.firstIndex(of: "-"), hyphen < groupID.index(before: groupID.endIndex) else {
            return groupID
        }
        return String(groupID[groupID.index(after: hyphen)...])
    }

    func steps(isMemberKnown: Bool) -> [Step] {
        var steps = isMemberKnown ? [] : [findMember]
        steps += [awaitRegions, pause, compare]
        if !secondaries.isEmpty { steps.append(disassociate) }
        // Nothing that has data is deleted before the new datastore stands.
        return steps + [deleteGlobal, create, deleteMembers, addSecondary, configure, check, resume]
    }

    private var findMember: Step {
        Step(
            kind: .findMember, title: "Find the member that was detached",
            explanation:
                "It is not on record (PAUSE_PARAMETER is not set, or the history has no such entry). It is the one"
                + " in \(region) that belongs to no Global Datastore: give it as --member, and print this again.",
            commands: [
                "aws elasticache describe-replication-groups --region \(region) --output table --query"
                    + " 'ReplicationGroups[].[ReplicationGroupId,Status,"
                    + "GlobalReplicationGroupInfo.GlobalReplicationGroupId]'"
            ])
    }

    private var awaitRegions: Step {
        Step(
            kind: .awaitRegions,
            title: "See that \(NeededActions.each(stale.map(\.region)).joined(separator: " and ")) is back",
            explanation: "The steps below change all regions. Begin when each of these answers, and says available.",
            commands: stale.map {
                "aws elasticache describe-replication-groups --region \($0.region) --replication-group-id \($0.id)"
                    + " --query 'ReplicationGroups[].Status' --output text"
            })
    }

    private var pause: Step {
        Step(
            kind: .pause, title: "Pause the functions in all regions",
            explanation:
                "Nothing shall be promoted while the datastore is being rebuilt. With PAUSE_PARAMETER set as the"
                + " functions have it; without it, set PAUSED=true in each.",
            commands: regions.map { "promoter pause --region \($0) --reason 'rebuilding \(groupID)'" })
    }

    private var compare: Step {
        Step(
            kind: .compare, title: "See which side has the live data",
            explanation: "\(detached) in \(region) should have taken all writes since it was detached, and"
                + " \(old.id) in \(old.region) none. If it is the other way round, stop here. Keep what the first"
                + " commands print: the settings of what is deleted below. (In cluster mode the nodes are called"
                + " …-0001-001.)",
            commands: stale.map {
                "aws elasticache describe-replication-groups --region \($0.region) --replication-group-id \($0.id)"
            } + [(detached, region), (old.id, old.region)].map { writes(to: $0, in: $1) })
    }

    private func writes(to id: String, in region: String) -> String {
        "aws cloudwatch get-metric-statistics --region \(region) --namespace AWS/ElastiCache --metric-name SetTypeCmds"
            + " --dimensions Name=CacheClusterId,Value=\(id)-001 --statistics Sum --period 300"
            + #" --start-time "$(date -u -d '1 hour ago' +%FT%TZ)" --end-time "$(date -u +%FT%TZ)""#
    }

    private var disassociate: Step {
        Step(
            kind: .disassociate, title: "Take the remaining secondaries out of the old datastore",
            explanation: "Only a datastore with nothing but its primary can be deleted.",
            commands: secondaries.flatMap { member in
                [
                    "aws elasticache disassociate-global-replication-group --region \(old.region)"
                        + " --global-replication-group-id \(groupID) --replication-group-id \(member.id)"
                        + " --replication-group-region \(member.region)",
                    wait(for: member, until: "available"),
                ]
            })
    }

    private var deleteGlobal: Step {
        Step(
            kind: .deleteGlobal, title: "Delete the old datastore",
            explanation: "\(old.id), its primary, stays as a cluster of its own.",
            commands: [
                "aws elasticache delete-global-replication-group --region \(old.region)"
                    + " --global-replication-group-id \(groupID) --retain-primary-replication-group",
                "until aws elasticache describe-global-replication-groups --region \(old.region)"
                    + " --global-replication-group-id \(groupID) 2>&1"
                    + " | grep -q GlobalReplicationGroupNotFound; do sleep 15; done",
                wait(for: old, until: "available"),
            ])
    }

    private var deleteMembers: Step {
        Step(
            kind: .deleteMembers, title: "Delete what has the stale data, with a last snapshot of it",
            explanation: "A cluster cannot join a datastore with data of its own, and its name is needed again."
                + " The snapshot is what you have of the writes that were not replicated.",
            commands: stale.flatMap { member in
                [
                    "aws elasticache delete-replication-group --region \(member.region)"
                        + " --replication-group-id \(member.id) --no-retain-primary-cluster"
                        + " --final-snapshot-identifier \(member.id)-before-rejoin",
                    wait(for: member, until: "deleted"),
                ]
            })
    }

    private var create: Step {
        Step(
            kind: .create, title: "Make a new datastore of the detached member",
            explanation: "Its data stays, and it goes on taking writes. The id of the new datastore begins with other"
                + " letters where its primary is in another region: it is kept in NEW_ID.",
            commands: [
                "NEW_ID=$(aws elasticache create-global-replication-group --region \(region)"
                    + " --global-replication-group-id-suffix \(suffix) --primary-replication-group-id \(detached)"
                    + " --query GlobalReplicationGroup.GlobalReplicationGroupId --output text); echo \"$NEW_ID\"",
                wait(forNewToBe: "available|primary-only"),
            ])
    }

    /// - Parameter statuses: one that has a primary only may be called so when it is ready.
    private func wait(forNewToBe statuses: String) -> String {
        "until aws elasticache describe-global-replication-groups --region \(region)"
            + " --global-replication-group-id \"$NEW_ID\" --query 'GlobalReplicationGroups[0].Status' --output text"
            + " | grep -qE '^(\(statuses))$'; do sleep 15; done"
    }

    private var addSecondary: Step {
        Step(
            kind: .addSecondary, title: "Add the secondaries, with their old names",
            explanation:
                "Node type, engine and shards come from the primary; the network and the rest are for you to give,"
                + " as they were. (In cluster mode --replicas-per-node-group 1 in place of --num-cache-clusters 2.)",
            commands: stale.reversed().flatMap {
                [make($0), wait(for: $0, until: "available"), wait(forNewToBe: "available")]
            })
    }

    private func make(_ member: GlobalGroup.Member) -> String {
        let names =
            "aws elasticache create-replication-group --region \(member.region) --replication-group-id \(member.id)"
            + " --replication-group-description \"secondary of $NEW_ID\" --global-replication-group-id \"$NEW_ID\""
        return names + " --num-cache-clusters 2 --automatic-failover-enabled --multi-az-enabled"
            + " --cache-subnet-group-name SUBNET_GROUP --security-group-ids SECURITY_GROUP"
    }

    private var configure: Step {
        Step(
            kind: .configure, title: "Give the functions the new id, in all regions",
            explanation:
                "That is the promoter and the operator function of each region. Where Terraform made them, change"
                + " global_datastore_id (or that of the entry in watches) and apply: it would undo this otherwise, and"
                + " the policies of the roles name the id, too. Else change those policies by hand, a WATCHES_FILE as"
                + " well, and with the names of your functions:",
            commands: regions.flatMap { region in
                ["promoter", "promoter-operator"].map { function in
                    let read =
                        "aws lambda get-function-configuration --region \(region) --function-name \(function)"
                        + " --query Environment --output json"
                    return "aws lambda update-function-configuration --region \(region) --function-name \(function)"
                        + " --environment \"$(\(read) | sed \"s/\(groupID)/$NEW_ID/g\")\""
                }
            })
    }

    private var check: Step {
        Step(
            kind: .check, title: "Check the whole",
            explanation: "There may be nothing wrong any more but the pause.",
            commands: regions.map { "promoter doctor --region \($0) --function promoter" })
    }

    private var resume: Step {
        Step(
            kind: .resume, title: "Resume",
            explanation: "From here on the functions promote again. Delete the snapshots when you need them no more.",
            commands: regions.map { "promoter resume --region \($0)" })
    }

    private func wait(for member: GlobalGroup.Member, until state: String) -> String {
        "aws elasticache wait replication-group-\(state) --region \(member.region) --replication-group-id \(member.id)"
    }
}
