import EndpointRecords
import Functions
import Testing

@Suite("The configuration of the handler endpoints")
struct EndpointsConfigurationTests {
    static let required = [
        "HOSTED_ZONE_ID": "/hostedzone/Z123", "REPLICATION_GROUP_ID": "sessions-use1",
        "RECORD_NAME": "Read.Example.com.",
    ]

    /// - Parameter environment: without a value where a variable is not to be set.
    static func configuration(_ environment: [String: String?]) throws -> EndpointsConfiguration {
        var all = required
        for (name, value) in environment { all[name] = value }
        return try EndpointsConfiguration(environment: all)
    }

    static func problems(_ environment: [String: String?]) -> [String] {
        do {
            _ = try configuration(environment)
            return []
        } catch { return (error as? ConfigurationError)?.problems.map(\.variable) ?? ["?"] }
    }

    @Test("What is not said")
    func defaults() throws {
        let configuration = try Self.configuration([:])
        #expect(configuration.hostedZoneID == "Z123")
        #expect(configuration.region == nil)
        #expect(configuration.waitsForSync)
        #expect(!configuration.dryRun)
        let settings = configuration.settings
        #expect(settings.replicationGroupID == "sessions-use1")
        #expect(settings.replicaName == "read.example.com")
        #expect(settings.weightedName == nil && settings.primaryName == nil && settings.primaryEndpoint == nil)
        #expect(settings.ttl == 10)
        #expect(settings.whenNoReplicas == .keep)
    }

    @Test("All that can be said")
    func everything() throws {
        let configuration = try Self.configuration([
            "WEIGHTED_RECORD_NAME": "readers.example.com", "PRIMARY_RECORD_NAME": "redis.example.com",
            "PRIMARY_ENDPOINT": "Master.sessions.abc.use1.cache.amazonaws.com", "GLOBAL_DATASTORE_ID": "ldgnf-sessions",
            "RECORD_TTL_SECONDS": "5", "WHEN_NO_REPLICAS": "Primary", "WAIT_FOR_SYNC": "false", "DRY_RUN": "true",
        ])
        #expect(!configuration.waitsForSync)
        #expect(configuration.dryRun)
        let settings = configuration.settings
        #expect(settings.weightedName == "readers.example.com")
        #expect(settings.primaryName == "redis.example.com")
        #expect(settings.primaryEndpoint == "master.sessions.abc.use1.cache.amazonaws.com")
        #expect(settings.globalDatastoreID == "ldgnf-sessions")
        #expect(settings.ttl == 5)
        #expect(settings.whenNoReplicas == .primary)
    }

    @Test(
        "What is wrong is named",
        arguments: [
            (["HOSTED_ZONE_ID": nil, "REPLICATION_GROUP_ID": nil], ["HOSTED_ZONE_ID", "REPLICATION_GROUP_ID"]),
            (["HOSTED_ZONE_ID": nil], ["HOSTED_ZONE_ID"]), (["HOSTED_ZONE_ID": "Z-1"], ["HOSTED_ZONE_ID"]),
            (["REPLICATION_GROUP_ID": nil], ["REPLICATION_GROUP_ID"]),
            (["REPLICATION_GROUP_ID": "sessions use1"], ["REPLICATION_GROUP_ID"]),
            (["RECORD_NAME": nil], ["RECORD_NAME"]), (["RECORD_NAME": "read"], ["RECORD_NAME"]),
            (["WEIGHTED_RECORD_NAME": "a..b"], ["WEIGHTED_RECORD_NAME"]),
            (["PRIMARY_RECORD_NAME": "redis"], ["PRIMARY_RECORD_NAME"]),
            (["PRIMARY_RECORD_NAME": "r.example.com", "PRIMARY_ENDPOINT": "redis:6379"], ["PRIMARY_ENDPOINT"]),
            (["PRIMARY_RECORD_NAME": "r.example.com", "GLOBAL_DATASTORE_ID": "a.b"], ["GLOBAL_DATASTORE_ID"]),
            // Of no use, and so hardly meant; the datastore's id is there for the promoter, too.
            (["PRIMARY_ENDPOINT": "m.example.com"], ["PRIMARY_ENDPOINT"]),
            (["GLOBAL_DATASTORE_ID": "ldgnf-x"], []),
            // It would point at itself.
            (["PRIMARY_RECORD_NAME": "r.example.com", "PRIMARY_ENDPOINT": "R.example.com."], ["RECORD_NAME"]),
            (["RECORD_TTL_SECONDS": "0"], ["RECORD_TTL_SECONDS"]),
            (["WHEN_NO_REPLICAS": "drop"], ["WHEN_NO_REPLICAS"]), (["WAIT_FOR_SYNC": "yes"], ["WAIT_FOR_SYNC"]),
            (["DRY_RUN": "1", "RECORD_TTL_SECONDS": "x"], ["DRY_RUN", "RECORD_TTL_SECONDS"]),
            // Two records cannot have one name.
            (["WEIGHTED_RECORD_NAME": "read2.example.com"], ["RECORD_NAME"]),
            (["aws_region": "nowhere"], ["aws_region"]),
        ] as [([String: String?], [String])])
    func mistakes(_ environment: [String: String?], _ expected: [String]) {
        #expect(Self.problems(environment) == expected)
    }

    @Test("The primary's record alone needs no replication group where its endpoint and datastore are given")
    func primaryAlone() throws {
        let alone: [String: String?] = [
            "REPLICATION_GROUP_ID": nil, "RECORD_NAME": nil, "PRIMARY_RECORD_NAME": "redis.example.com",
            "PRIMARY_ENDPOINT": "master.example.com", "GLOBAL_DATASTORE_ID": "ldgnf-sessions",
        ]
        #expect(Self.problems(alone) == [])
        for needed in ["PRIMARY_ENDPOINT", "GLOBAL_DATASTORE_ID"] {
            #expect(Self.problems(alone.merging([needed: nil]) { $1 }) == ["REPLICATION_GROUP_ID"])
        }
    }

    @Test("The variables of the function that follows the replicas")
    func publishedReplicas() throws {
        let configuration = try EndpointsConfiguration(environment: [
            "zone_id": "Z123", "cluster": "sessions-use1", "cname": "read.example.com.", "aws_region": "us-east-1",
        ])
        #expect(configuration.hostedZoneID == "Z123")
        #expect(configuration.region == "us-east-1")
        #expect(configuration.settings.replicationGroupID == "sessions-use1")
        #expect(configuration.settings.replicaName == "read.example.com")
        #expect(configuration.settings.primaryName == nil)
    }

    @Test("The variables of the function that follows the primary")
    func publishedPrimary() throws {
        let configuration = try EndpointsConfiguration(environment: [
            "zone_id": "Z123", "cname": "redis.example.com", "endpoint": "master.example.com",
            "cluster": "sessions-use1",
        ])
        #expect(configuration.settings.primaryName == "redis.example.com")
        #expect(configuration.settings.primaryEndpoint == "master.example.com")
        #expect(configuration.settings.replicaName == nil)
    }

    @Test(
        "The function that follows the primary says the group by its endpoint",
        arguments: [
            ("master.sessions-use1.abc123.use1.cache.amazonaws.com", "sessions-use1"),
            ("clustercfg.sessions-use1.abc123.use1.cache.amazonaws.com", "sessions-use1"),
            ("sessions-use1.abc123.ng.0001.use1.cache.amazonaws.com", "sessions-use1"),
            ("sessions-use1.abc123.clustercfg.cnn1.cache.amazonaws.com.cn", "sessions-use1"),
            ("redis.example.com", nil), ("a.b.ng.d.e.example.com", nil),
        ] as [(String, String?)])
    func groupOfEndpoint(_ endpoint: String, _ group: String?) {
        let environment = ["zone_id": "Z123", "cname": "redis.example.com", "endpoint": endpoint]
        let configuration = try? EndpointsConfiguration(environment: environment)
        #expect(configuration?.settings.replicationGroupID == group)
    }

    @Test("What is wrong with them is told by the names under which they were set; the names here come first")
    func publishedNames() throws {
        #expect(Self.problems(["HOSTED_ZONE_ID": nil, "zone_id": "Z-1"]) == ["zone_id"])
        #expect(Self.problems(["RECORD_NAME": nil, "cname": "read"]) == ["cname"])
        #expect(Self.problems(["RECORD_NAME": nil, "cname": "redis", "endpoint": "m.example.com"]) == ["cname"])
        #expect(try Self.configuration(["zone_id": "Z456"]).hostedZoneID == "Z123")
    }
}
