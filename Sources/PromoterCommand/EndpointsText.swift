import AWSClient
import EndpointRecords
import Functions
import Promotion

extension SyncReport {
    func text(isDryRun: Bool) -> String {
        let changes = isDryRun ? planned : changes
        var lines: [String] = []
        if changes.isEmpty {
            lines.append("Nothing to change in \(zone.name)")
        } else {
            lines.append(isDryRun ? "Would change in \(zone.name):" : "Changed in \(zone.name):")
            lines += changes.map { "  \($0.words)" }
        }
        for batch in batches {
            if let time = batch.timeToSync {
                lines.append("All DNS servers of Route 53 have change \(batch.changeID) after \(time.inWords)")
            }
        }
        lines += findings.map { "Note: \($0.words)" }
        return lines.joined(separator: "\n")
    }
}

extension RecordStatus {
    var text: String {
        var facts = [["Zone", "\(zone.name)\(zone.isPrivate ? " (private)" : "")"]]
        if let cluster {
            facts.append(["Cluster", "\(cluster.groupID), \(cluster.status)"])
            facts.append(["Primary", cluster.primaries.map(\.id).joined(separator: ", ")])
            facts.append(["Replicas", cluster.replicas.map(\.id).joined(separator: ", ")])
        }
        for why in cluster?.unsettled ?? [] { facts.append(["Not clear", why.words]) }
        for node in cluster?.waiting ?? [] { facts.append(["Not ready", node.words]) }
        if let standing { facts.append(["Global role", standing.words]) }
        if !unnamedReplicas.isEmpty { facts.append(["No record yet", unnamedReplicas.joined(separator: ", ")]) }
        let rows = records.map { record in
            [
                record.recordSet.name, record.recordSet.setInWords, record.recordSet.type,
                record.recordSet.ttl.map { "\($0) s" } ?? "-",
                record.recordSet.target ?? record.recordSet.alias?.dnsName ?? "-", record.target.words,
            ]
        }
        let table =
            rows.isEmpty
            ? "No record yet" : Terminal.table([["RECORD", "SET", "TYPE", "TTL", "TARGET", "WHICH IS"]] + rows)
        return "\(Terminal.table(facts))\n\n\(table)"
    }
}

extension ResourceRecordSet {
    /// As in `rg-002, weight 1`.
    fileprivate var setInWords: String {
        guard let setIdentifier else { return "-" }
        return setIdentifier + (weight.map { ", weight \($0)" } ?? "")
    }
}

extension RecordStatus.Target {
    fileprivate var words: String {
        switch self {
        case .node(let id, let role): "\(id), \(role.words)"
        case .primaryEndpoint: "this region's primary endpoint"
        case .other: "not of this cluster"
        case .foreign: "none of our records"
        }
    }
}
