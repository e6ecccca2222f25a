internal import AWSClient
package import EndpointRecords
internal import HTTPTransport
package import JSON
internal import Promotion

extension SyncReport {
    /// `changed`, `planned` (of a dry run) or `unchanged`.
    package func result(isDryRun: Bool) -> String {
        (isDryRun ? planned : changes).isEmpty ? "unchanged" : isDryRun ? "planned" : "changed"
    }

    /// Whether something was to be done and was not, or is not certain to have been.
    package var isIncomplete: Bool {
        findings.contains { finding in
            switch finding {
            case .occupied, .unsettled, .identifierTaken, .notPrimary(.notMember), .notPrimary(.unclear),
                .notPrimary(.alone), .notPrimary(.recordOfOutsider), .notPrimary(.underWay), .notPrimary(.unknown),
                .noPrimaryEndpoint, .stillPending, .syncUnknown:
                true
            case .foreign, .waiting, .unlisted, .noReplicas, .notPrimary(.standby), .notPrimary(.primary): false
            }
        }
    }

    /// The first thing that was left undone and that the next round will leave undone, too, if nobody does anything.
    package var lastingFinding: Finding? {
        findings.first { finding in
            switch finding {
            case .unsettled, .noPrimaryEndpoint: clusterIsAvailable
            case .occupied, .identifierTaken, .notPrimary(.notMember), .notPrimary(.unclear), .notPrimary(.alone),
                .notPrimary(.recordOfOutsider), .notPrimary(.unknown):
                true
            case .stillPending, .syncUnknown, .foreign, .waiting, .unlisted, .noReplicas, .notPrimary(.standby),
                .notPrimary(.primary), .notPrimary(.underWay):
                false
            }
        }
    }

    var clusterIsAvailable: Bool { cluster?.isAvailable ?? true }

    /// What somebody should look at.
    package var needsAttention: Bool {
        isIncomplete || findings.contains { if case .noReplicas = $0 { true } else { false } }
    }

    /// One sentence: what was changed and what people should hear of.
    package func sentence(isDryRun: Bool) -> String {
        var clauses = (isDryRun ? planned : changes).map(\.words)
        if clauses.isEmpty {
            clauses = ["nothing to change"]
        } else if isDryRun {
            clauses[0] = "dry run, would change \(clauses[0])"
        }
        if let time = batches.last?.timeToSync { clauses.append("all DNS servers have it after \(time.inWords)") }
        return (clauses + findings.map(\.words)).joined(separator: "; ")
    }

    /// The answer of the function, and what the command line prints with `--output json`.
    package func json(isDryRun: Bool, region: String) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("result", .string(result(isDryRun: isDryRun))),
            .init("message", .string(sentence(isDryRun: isDryRun))), .init("region", .string(region)),
            .init("zone", .string(zone.name)),
        ]
        if let cluster {
            members.append(.init("replicationGroupId", .string(cluster.groupID)))
            members.append(.init("replicas", .array(cluster.replicas.map { .string($0.id) })))
        }
        if let standing { members.append(.init("standing", .string(standing.reason))) }
        if isDryRun {
            members.append(.init("changes", .array(planned.map(\.json))))
            members.append(.init("changeBatch", planned.changeBatch))
        } else {
            members.append(.init("changes", .array(changes.map(\.json))))
            members.append(.init("batches", .array(batches.map(\.json))))
        }
        members.append(
            .init(
                "findings",
                .array(findings.map { ["reason": .string($0.reason), "message": .string($0.words)] })))
        if refusals > 0 { members.append(.init("refusals", .integer(Int64(refusals)))) }
        return .object(members)
    }
}

extension Finding {
    /// At one of the names is something that somebody has to remove.
    package var isOccupied: Bool { if case .occupied = self { true } else { false } }
}

extension SyncReport.Batch {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [.init("changeId", .string(changeID))]
        if let timeToSync { members.append(.init("secondsToSync", .real(timeToSync.milliseconds / 1000))) }
        return .object(members)
    }
}

extension RecordChange {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [.init("name", .string(name))]
        if let identifier = (new ?? old)?.setIdentifier { members.append(.init("setIdentifier", .string(identifier))) }
        members.append(.init("from", old?.target.map { .string($0) } ?? .null))
        members.append(.init("to", new?.target.map { .string($0) } ?? .null))
        return .object(members)
    }
}

extension [RecordChange] {
    /// As `aws route53 change-resource-record-sets --change-batch` takes it.
    fileprivate var changeBatch: JSONValue {
        let changes = flatMap { change in
            [("DELETE", change.old), ("CREATE", change.new)].compactMap { action, set in
                set.map { JSONValue.object([.init("Action", .string(action)), .init("ResourceRecordSet", $0.json)]) }
            }
        }
        return ["Changes": .array(changes)]
    }
}

extension ResourceRecordSet {
    /// What records of ours have.
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [.init("Name", .string(name)), .init("Type", .string(type))]
        if let setIdentifier { members.append(.init("SetIdentifier", .string(setIdentifier))) }
        if let weight { members.append(.init("Weight", .integer(Int64(weight)))) }
        if let ttl { members.append(.init("TTL", .integer(Int64(ttl)))) }
        members.append(.init("ResourceRecords", .array(values.map { ["Value": .string($0)] })))
        return .object(members)
    }
}
