internal import JSON

/// One object of `WATCHES`: the variables that it sets otherwise than the environment.
package struct WatchEntry {
    /// As in `WATCHES[3]`.
    let path: String
    /// What people shall know the watch by.
    let name: String?
    /// By the names of the variables, in the form that these have.
    let values: [String: String]
    /// The variables of the members that are wrong by their form. What they should be is not known, nor asked again.
    let malformed: Set<String>
    /// Whether all members are known, and of the right form.
    let isWellFormed: Bool

    /// The name of a member is the variable's in lower camel case.
    package static let members = [
        "hostedZoneId": "HOSTED_ZONE_ID", "dnsName": "DNS_NAME", "globalDatastoreId": "GLOBAL_DATASTORE_ID",
        "globalClusterId": "GLOBAL_CLUSTER_ID", "recordTargets": "RECORD_TARGETS", "recordRegions": "RECORD_REGIONS",
        "confirmations": "CONFIRMATIONS", "holdDownSeconds": "HOLD_DOWN_SECONDS",
        "promoteInStatus": "PROMOTE_IN_STATUS", "cacheMaxAgeSeconds": "CACHE_MAX_AGE_SECONDS",
        "checkIntervalSeconds": "CHECK_INTERVAL_SECONDS", "maxReplicationLagSeconds": "MAX_REPLICATION_LAG_SECONDS",
        "whenLagUnknown": "WHEN_LAG_UNKNOWN", "whenFailoverRefused": "WHEN_FAILOVER_REFUSED",
        "detachAfterSeconds": "DETACH_AFTER_SECONDS", "notifyTopicArn": "NOTIFY_TOPIC_ARN",
        "alertAfterSeconds": "ALERT_AFTER_SECONDS", "dryRun": "DRY_RUN", "paused": "PAUSED",
    ]

    private static let allowed = (["name"] + members.keys.sorted()).joined(separator: ", ")

    /// - Parameter problems: gets all that is wrong by its form; what a variable must be is the concern of
    ///   `WatchConfiguration`.
    /// - Returns: nil for what is no object.
    init?(_ reader: JSONReader, _ problems: inout [JSONError]) {
        path = reader.path
        let members: [(name: String, reader: JSONReader)]
        do throws(JSONError) { members = try reader.members() } catch {
            problems.append(error)
            return nil
        }
        var name: String?
        var values: [String: String] = [:]
        var malformed: Set<String> = []
        var isWellFormed = true
        for (key, member) in members {
            let variable = Self.members[key]
            do throws(JSONError) {
                if key == "name" {
                    name = try Self.name(member)
                } else if let variable {
                    values[variable] = try Self.text(of: member, for: variable)
                } else {
                    throw member.error("is not known here; allowed are \(Self.allowed)")
                }
            } catch {
                problems.append(error)
                isWellFormed = false
                if let variable { malformed.insert(variable) }
            }
        }
        self.name = name
        self.values = values
        self.malformed = malformed
        self.isWellFormed = isWellFormed
    }

    /// It is a dimension of CloudWatch and part of a subject of SNS, which take no more than this.
    private static func name(_ member: JSONReader) throws(JSONError) -> String {
        let name = try member.string()
        let isPrintable = name.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        guard (1...100).contains(name.utf8.count), isPrintable, !name.hasPrefix(" "), !name.hasSuffix(" ") else {
            throw member.error("must have 1 to 100 printable ASCII characters, and no space before or after them")
        }
        return name
    }

    /// The text that the variable would have.
    private static func text(of member: JSONReader, for variable: String) throws(JSONError) -> String {
        switch member.value {
        case .string(let text): return text
        case .null: throw member.error("is null: leave it out, for what the environment says")
        default: break
        }
        switch variable {
        case "CONFIRMATIONS",
            _ where variable.hasSuffix("_SECONDS"):
            // Its range is looked at where the variable's is.
            _ = try member.number(in: -.infinity ... .infinity)
            return String(decoding: member.value.serialized(), as: UTF8.self)
        case "DRY_RUN", "PAUSED": return try member.bool() ? "true" : "false"
        case "RECORD_TARGETS", "RECORD_REGIONS":
            _ = try member.members()
            return String(decoding: member.value.serialized(), as: UTF8.self)
        case "PROMOTE_IN_STATUS":
            var words: [String] = []
            for element in try member.array() { words.append(try element.string()) }
            guard !words.isEmpty else { throw member.error("names no status") }
            return words.joined(separator: ",")
        default: return try member.string()
        }
    }
}
