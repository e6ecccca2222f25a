/// All that is drawn from a seed before a world begins: how the users have set it up, and what happens to it.
package struct Script: Sendable {
    package let seed: UInt64
    /// The first two have records; the functions run in all.
    var regions: [String]
    var kinds: [GroupModel.Kind]
    var ttl: Duration
    /// Until Route 53 takes a region for ill, or for well again.
    var healthDelay: Duration
    /// `CHECK_INTERVAL_SECONDS`; nil for one check an invocation.
    var interval: Int?
    var confirmations: Int
    var holdDown: Int
    var cacheMaxAge: Int
    var dryRun: Bool
    var detachAfter: Int?
    var maximumLag: Int?
    var promoteOrder: String
    /// Of an invocation, in seconds.
    var timeout: Int
    /// How often the functions are invoked.
    var schedule: Duration
    /// How long the world goes on when all has come right.
    var aftermath: Duration
    var incidents: [Incident]
    /// nil where nobody keeps any.
    var records: RecordScript?

    /// What is watched.
    static let name = "app.example.com"
    static let pauseParameter = "/promoter/paused"

    static func target(_ region: String) -> String { "app-1234567890.\(region).elb.amazonaws.com" }
    static func groupID(_ kind: GroupModel.Kind) -> String { kind == .datastore ? "ldgnf-sessions" : "orders-global" }
    static func memberID(_ kind: GroupModel.Kind, _ region: String) -> String {
        kind == .datastore ? "sessions-\(region)" : "arn:aws:rds:\(region):111122223333:cluster:orders-\(region)"
    }

    /// What a function of a region is started with.
    func environment(in region: String) -> [String: String] {
        var environment = [
            "AWS_REGION": region, "AWS_ACCESS_KEY_ID": "AKIDSIMULATED", "AWS_SECRET_ACCESS_KEY": "simulated",
            "HOSTED_ZONE_ID": "Z0SIMULATED", "DNS_NAME": Self.name, "PAUSE_PARAMETER": Self.pauseParameter,
            "CONFIRMATIONS": "\(confirmations)", "HOLD_DOWN_SECONDS": "\(holdDown)",
            "CACHE_MAX_AGE_SECONDS": "\(cacheMaxAge)", "DRY_RUN": "\(dryRun)", "METRICS": "off",
        ]
        if kinds.contains(.datastore) { environment["GLOBAL_DATASTORE_ID"] = Self.groupID(.datastore) }
        if kinds.contains(.cluster) { environment["GLOBAL_CLUSTER_ID"] = Self.groupID(.cluster) }
        if kinds.count > 1 { environment["PROMOTE_ORDER"] = promoteOrder }
        if let interval { environment["CHECK_INTERVAL_SECONDS"] = "\(interval)" }
        if let maximumLag {
            environment["MAX_REPLICATION_LAG_SECONDS"] = "\(maximumLag)"
            environment["WHEN_LAG_UNKNOWN"] = "hold"
        }
        if let detachAfter {
            environment["DETACH_AFTER_SECONDS"] = "\(detachAfter)"
            if kinds.contains(.datastore) { environment["WHEN_FAILOVER_REFUSED"] = "detach" }
            if kinds.contains(.cluster) { environment["AURORA_ACTION"] = "failover-then-detach" }
        }
        if let records { environment.merge(records.promoterEnvironment) { $1 } }
        return environment
    }
}
