internal import JSON

/// One object of `WATCHES`: the variables that it sets otherwise than the environment.
struct WatchEntry {
    /// As in `WATCHES[3]`.
    let path: String
    /// What people shall know the watch by.
    let name: String?
    /// By the names of the variables, in the form that these have.
    let values: [String: String]

    /// The name of a member is the variable's in lower camel case.
    static let members = [
        "hostedZoneId": "HOSTED_ZONE_ID", "dnsName": "DNS_NAME", "globalDatastoreId": "GLOBAL_DATASTORE_ID",
        "globalClusterId": "GLOBAL_CLUSTER_ID", "recordTargets": "RECORD_TARGETS", "recordRegions": "RECORD_REGIONS",
        "confirmations": "CONFIRMATIONS", "holdDownSeconds": "HOLD_DOWN_SECONDS",
        "promoteInStatus": "PROMOTE_IN_STATUS", "cacheMaxAgeSeconds": "CACHE_MAX_AGE_SECONDS",
        "checkIntervalSeconds": "CHECK_INTERVAL_SECONDS", "maxReplicationLagSeconds": "MAX_REPLICATION_LAG_SECONDS",
        "whenLagUnknown": "WHEN_LAG_UNKNOWN", "whenFailoverRefused": "WHEN_FAILOVER_REFUSED",
        "detachAfterSeconds": "DETACH_AFTER_SECONDS", "notifyTopicArn": "NOTIFY_TOPIC_ARN",
        "alertAfterSeconds": "ALERT_AFTER_SECONDS", "dryRun": "DRY_RUN", "paused": "PAUSED",
    ]

    init(_ reader: JSONReader) throws(JSONError) {
        try reader.refuseMembers(except: ["name"] + Self.members.keys.sorted())
        var name: String?
        var values: [String: String] = [:]
        for (key, member) in try reader.members() {
            if key == "name" {
                name = try member.string()
            } else if let variable = Self.members[key] {
                values[variable] = try Self.text(of: member)
            }
        }
        if let name, name.isEmpty || name.utf8.count > 100 {
            throw JSONError(path: "\(reader.path).name", reason: "must have 1 to 100 characters")
        }
        path = reader.path
        self.name = name
        self.values = values
    }

    /// The text that the variable would have.
    private static func text(of member: JSONReader) throws(JSONError) -> String {
        switch member.value {
        case .string(let text): return text
        case .bool(let isTrue): return isTrue ? "true" : "false"
        case .integer(let number): return "\(number)"
        case .real(let number): return "\(number)"
        case .object: return String(decoding: member.value.serialized(), as: UTF8.self)
        case .array:
            var words: [String] = []
            for element in try member.array() { words.append(try element.string()) }
            return words.joined(separator: ",")
        case .null: throw member.error("is null: leave it out, for what the environment says")
        }
    }
}
