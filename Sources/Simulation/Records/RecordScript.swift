/// Which records the users of a world keep, and what they have for it.
package struct RecordScript: Sendable, Equatable {
    /// What of the zone the primary's record has at the begin.
    enum Beginning: Sendable, CaseIterable { case none, atPrimary, elsewhere }

    /// The function `endpoints`.
    struct Endpoints: Sendable, Equatable {
        var regions: [String]
        var keepsPrimary: Bool
        var hasNumbered: Bool
        var hasWeighted: Bool
        /// All regions have one set of names.
        var sharesNames: Bool
        /// `GLOBAL_DATASTORE_ID`
        var namesDatastore: Bool
        /// `WHEN_NO_REPLICAS`
        var whenNoReplicas: String
        var waitsForSync: Bool
        /// Of the schedule.
        var interval: Duration
    }

    /// `PRIMARY_RECORD_NAME` of the promoters
    var hasPrimary: Bool
    /// `WRITER_RECORD_NAME`
    var hasWriter: Bool
    /// `READER_RECORD_NAME`
    var hasReader: Bool
    var beginning: Beginning
    /// `RECORD_TTL_SECONDS`
    var ttl: Int
    /// How many record sets Route 53 tells of at a time.
    var pageSize: Int
    /// By region, as they are at the begin.
    var clusters: [String: ClusterModel]
    var endpoints: Endpoints?

    static let zoneID = "Z0SIMULATED"
    static let zone = "example.com"
    static let primaryName = "redis.example.com"
    static let writerName = "orders-writer.example.com"
    static let readerName = "orders-reader.example.com"
    /// Of an invocation of `endpoints`, as the Terraform module has it.
    static let timeout = Duration.seconds(120)

    func primaryEndpoint(in region: String) -> String { clusters[region]?.primaryEndpoint ?? "" }

    static func writerEndpoint(_ region: String) -> String {
        "orders-\(region).cluster-abc123.\(region).rds.amazonaws.com"
    }
    static func readerEndpoint(_ region: String) -> String {
        "orders-\(region).cluster-ro-abc123.\(region).rds.amazonaws.com"
    }

    /// What the names of a region's replicas end in.
    func replicaSuffix(in region: String) -> String {
        endpoints?.sharesNames == true ? Self.zone : "\(region).\(Self.zone)"
    }

    func weightedName(in region: String) -> String { "readers.\(replicaSuffix(in: region))" }

    /// Whether a record can be one of those of a region's replicas.
    func isReplicaName(_ record: ZoneRecord, in region: String) -> Bool {
        if record.setIdentifier != nil {
            return endpoints?.hasWeighted == true && record.name == weightedName(in: region)
        }
        let suffix = ".\(replicaSuffix(in: region))"
        guard endpoints?.hasNumbered == true, record.name.hasPrefix("read"), record.name.hasSuffix(suffix) else {
            return false
        }
        let number = record.name.dropFirst(4).dropLast(suffix.count)
        return Int(number).map { "\($0)" == number && $0 > 0 } ?? false
    }

    /// The names of a promoter's records, and where each is to lead in a region.
    func promoterRecords(in region: String) -> [(kind: GroupModel.Kind, name: String, endpoint: String)] {
        var records: [(kind: GroupModel.Kind, name: String, endpoint: String)] = []
        if hasPrimary { records.append((.datastore, Self.primaryName, primaryEndpoint(in: region))) }
        if hasWriter { records.append((.cluster, Self.writerName, Self.writerEndpoint(region))) }
        if hasReader { records.append((.cluster, Self.readerName, Self.readerEndpoint(region))) }
        return records
    }

    /// All that leads to a primary.
    func primaryRecords(in region: String) -> [(kind: GroupModel.Kind, name: String, endpoint: String)] {
        let records = promoterRecords(in: region)
        guard endpoints?.keepsPrimary == true, !hasPrimary else { return records }
        return records + [(.datastore, Self.primaryName, primaryEndpoint(in: region))]
    }

    // MARK: Environments

    /// What a promoter has besides.
    var promoterEnvironment: [String: String] {
        var environment = ["RECORD_TTL_SECONDS": "\(ttl)"]
        if hasPrimary { environment["PRIMARY_RECORD_NAME"] = Self.primaryName }
        if hasWriter { environment["WRITER_RECORD_NAME"] = Self.writerName }
        if hasReader { environment["READER_RECORD_NAME"] = Self.readerName }
        return environment
    }

    /// - Returns: nil where the region has no such function.
    func endpointsEnvironment(in region: String, dryRun: Bool) -> [String: String]? {
        guard let endpoints, endpoints.regions.contains(region) else { return nil }
        var environment = [
            "AWS_REGION": region, "AWS_ACCESS_KEY_ID": "AKIDSIMULATED", "AWS_SECRET_ACCESS_KEY": "simulated",
            "HOSTED_ZONE_ID": Self.zoneID, "REPLICATION_GROUP_ID": Script.memberID(.datastore, region),
            "RECORD_TTL_SECONDS": "\(ttl)", "WHEN_NO_REPLICAS": endpoints.whenNoReplicas,
            "WAIT_FOR_SYNC": "\(endpoints.waitsForSync)", "DRY_RUN": "\(dryRun)",
        ]
        if endpoints.hasNumbered { environment["RECORD_NAME"] = "read.\(replicaSuffix(in: region))" }
        if endpoints.hasWeighted { environment["WEIGHTED_RECORD_NAME"] = weightedName(in: region) }
        if endpoints.keepsPrimary { environment["PRIMARY_RECORD_NAME"] = Self.primaryName }
        if endpoints.namesDatastore { environment["GLOBAL_DATASTORE_ID"] = Script.groupID(.datastore) }
        return environment
    }
}
