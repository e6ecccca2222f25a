package import EndpointRecords
internal import NameResolution

/// What the handler `endpoints` is told by its environment.
package struct EndpointsConfiguration: Sendable, Equatable {
    /// `HOSTED_ZONE_ID`, without `/hostedzone/`.
    package var hostedZoneID: String
    /// `REPLICATION_GROUP_ID`, `RECORD_NAME`, `WEIGHTED_RECORD_NAME`, `PRIMARY_RECORD_NAME`, `PRIMARY_ENDPOINT`,
    /// `GLOBAL_DATASTORE_ID`, `RECORD_TTL_SECONDS`, `WHEN_NO_REPLICAS`. The region is that of AWS's own variables: see
    /// `EndpointsAssembly`.
    package var settings: RecordSettings
    /// `aws_region` of the published functions; nil for the region of AWS's own variables.
    package var region: String?
    /// `WAIT_FOR_SYNC`
    package var waitsForSync: Bool
    /// `DRY_RUN`
    package var dryRun: Bool

    /// - Throws: with everything that is wrong, not only the first.
    package init(environment: [String: String]) throws(ConfigurationError) {
        let published = PublishedNames(environment)
        var reader = EnvironmentReader(environment.merging(published.values) { own, _ in own })
        hostedZoneID = reader.hostedZoneID(
            "set it to the id of the Route 53 hosted zone of the records, such as Z0123456789ABCDEFGHIJ")
        region = reader.value("aws_region")
        if let region, flaw(inRegionName: region) != nil {
            reader.refuse("aws_region", "set it to the region of the cluster, such as us-east-1, or leave it out")
        }
        waitsForSync = reader.flag("WAIT_FOR_SYNC", default: true)
        dryRun = reader.flag("DRY_RUN")
        guard let settings = RecordSettings(&reader), reader.problems.isEmpty else {
            throw ConfigurationError(reader.problems.map(published.renamed))
        }
        self.settings = settings
    }
}

/// The variables of the published functions that this one takes the place of, as what they are called here.
private struct PublishedNames {
    /// By the names here; what has been set to nothing is not set.
    var values: [String: String] = [:]
    private var originals: [String: String] = [:]

    /// The one function has `cluster` and `cname` (`read.example.com`), the other `cname` and `endpoint`.
    init(_ environment: [String: String]) {
        let followsPrimary = !(environment["endpoint"] ?? "").isEmpty
        let names = [
            "cluster": "REPLICATION_GROUP_ID", "zone_id": "HOSTED_ZONE_ID", "endpoint": "PRIMARY_ENDPOINT",
            "cname": followsPrimary ? "PRIMARY_RECORD_NAME" : "RECORD_NAME",
        ]
        for (original, name) in names where (environment[name] ?? "").isEmpty {
            guard let value = environment[original], !value.isEmpty else { continue }
            values[name] = value
            originals[name] = original
        }
    }

    /// What is wrong, by the name under which the user has set it.
    func renamed(_ problem: ConfigurationError.Problem) -> ConfigurationError.Problem {
        guard let original = originals[problem.variable] else { return problem }
        var problem = problem
        problem.variable = original
        return problem
    }
}

extension RecordSettings {
    /// - Returns: nil where something is wrong; the reader knows what.
    fileprivate init?(_ reader: inout EnvironmentReader) {
        let earlier = reader.problems.count
        let group = reader.identifier(
            "REPLICATION_GROUP_ID", "set it to the id of this region's replication group, such as sessions-use1")
        let datastore = reader.identifier(
            "GLOBAL_DATASTORE_ID", "set it to the id of the ElastiCache Global Datastore, such as ldgnf-sessions")
        let replicas = reader.name("RECORD_NAME", "of the replicas' records, such as read.example.internal")
        let weighted = reader.name("WEIGHTED_RECORD_NAME", "of the weighted record, such as readers.example.internal")
        let primary = reader.name("PRIMARY_RECORD_NAME", "of the primary's record, such as redis.example.internal")
        let endpoint = reader.name(
            "PRIMARY_ENDPOINT",
            "of the cluster's primary endpoint, such as master.sessions.abc123.use1.cache.amazonaws.com")
        // The datastore's id is the promoter's as well, and may just be there.
        if primary == nil, endpoint != nil {
            reader.refuse("PRIMARY_ENDPOINT", "set PRIMARY_RECORD_NAME as well, which it is for, or leave it out")
        }
        let ttl = reader.integer("RECORD_TTL_SECONDS", in: Self.ttlRange, default: 10)
        let whenNoReplicas = reader.word("WHEN_NO_REPLICAS", of: WhenNoReplicas.self, default: .keep)
        guard reader.problems.count == earlier else { return nil }
        do throws(EndpointRecordsError) {
            try self.init(
                // One of the published functions is told an endpoint, and the group's id is in its name.
                replicationGroupID: group ?? endpoint.flatMap(ClusterEndpoint.group(ofPrimary:)), region: "",
                replicaName: replicas, weightedName: weighted,
                primaryName: primary, primaryEndpoint: endpoint, globalDatastoreID: datastore, ttl: ttl,
                whenNoReplicas: whenNoReplicas)
        } catch {
            reader.refuse(error)
            return nil
        }
    }
}

extension EnvironmentReader {
    /// Of what is right by itself, and not together.
    fileprivate mutating func refuse(_ error: EndpointRecordsError) {
        switch error {
        case .noRecords:
            refuse(
                "RECORD_NAME",
                "set it to the name of the replicas' records, such as read.example.internal, or set WEIGHTED_RECORD_NAME or"
                    + " PRIMARY_RECORD_NAME")
        case .noGroup:
            refuse(
                "REPLICATION_GROUP_ID",
                "set it to the id of this region's replication group, such as sessions-use1; only PRIMARY_RECORD_NAME with"
                    + " PRIMARY_ENDPOINT and GLOBAL_DATASTORE_ID goes without")
        default: refuse("RECORD_NAME", value: "", "\(error)")
        }
    }

    /// An id as ElastiCache's are.
    fileprivate mutating func identifier(_ variable: String, _ remedy: String) -> String? {
        guard let id = value(variable) else { return nil }
        if id.utf8.count > 100 || !id.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }) {
            refuse(variable, remedy)
        }
        return id
    }

    fileprivate mutating func name(_ variable: String, _ words: String) -> String? {
        guard let name = value(variable) else { return nil }
        if !isHostName(name) { refuse(variable, "set it to the name \(words)") }
        return name
    }
}
