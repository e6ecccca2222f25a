import Failover
import Testing

@testable import Functions

@Suite("A watch of a list")
struct WatchMemberTests {
    /// The only watch, which sets one member otherwise than the environment.
    static func watch(_ member: String, _ value: String, _ changes: [String: String?] = [:]) throws
        -> WatchConfiguration
    {
        let configuration = try WatchListTests.configuration(#"[{"\#(member)":\#(value)}]"#, changes)
        return try #require(configuration.watches.count == 1 ? configuration.watches.first : nil)
    }

    /// For each member: what the environment says, what the watch says, and what that is of a configuration.
    struct Member: Sendable, CustomTestStringConvertible {
        var name: String
        var variable: String
        var environment: String
        var value: String
        var same: @Sendable (WatchConfiguration, WatchConfiguration) -> Bool
        var own: String

        var testDescription: String { "\(name) \(value)" }

        /// - Parameter own: the text that the variable would have for the same.
        init(
            _ name: String, _ variable: String, _ environment: String, _ value: String, as own: String,
            _ read: @escaping @Sendable (WatchConfiguration) -> some Equatable & SendableMetatype
        ) {
            (self.name, self.variable, self.environment, self.value, self.own) = (
                name, variable, environment, value, own
            )
            same = { read($0) == read($1) }
        }
    }

    static let members = [
        Member("hostedZoneId", "HOSTED_ZONE_ID", "Z1", #""/hostedzone/Z2""#, as: "Z2") { $0.hostedZoneID },
        Member("dnsName", "DNS_NAME", "a.example.com", #""B.example.com.""#, as: "b.example.com") { $0.dnsName },
        Member("globalDatastoreId", "GLOBAL_DATASTORE_ID", "ldgnf-a", #""ldgnf-b""#, as: "ldgnf-b") {
            $0.globalDatastoreID
        },
        Member(
            "recordTargets", "RECORD_TARGETS", #"{"us-east-1":["a.example.com"]}"#, #"{"us-west-2":["b.example.com"]}"#,
            as: #"{"us-west-2":["b.example.com"]}"#
        ) { $0.recordTargets },
        Member(
            "recordRegions", "RECORD_REGIONS", #"{"a":"us-east-1"}"#, #"{"b":"us-west-2"}"#, as: #"{"b":"us-west-2"}"#
        ) {
            $0.recordRegions
        },
        Member("confirmations", "CONFIRMATIONS", "2", "3", as: "3") { $0.policy.confirmations },
        Member("confirmations", "CONFIRMATIONS", "2", #""3""#, as: "3") { $0.policy.confirmations },
        Member("holdDownSeconds", "HOLD_DOWN_SECONDS", "60", "0.5", as: "0.5") { $0.policy.holdDown },
        Member(
            "promoteInStatus", "PROMOTE_IN_STATUS", "available", #"["available","modifying"]"#,
            as: "available,modifying"
        ) {
            $0.policy.promoteInStatus
        },
        Member("cacheMaxAgeSeconds", "CACHE_MAX_AGE_SECONDS", "60", "0", as: "0") { $0.cacheMaxAge },
        Member("checkIntervalSeconds", "CHECK_INTERVAL_SECONDS", "5", "0.2", as: "0.2") { $0.checkInterval },
        Member("maxReplicationLagSeconds", "MAX_REPLICATION_LAG_SECONDS", "5", "1", as: "1") { $0.policy.maximumLag },
        Member("whenLagUnknown", "WHEN_LAG_UNKNOWN", "hold", #""promote""#, as: "promote") { $0.policy.whenLagUnknown },
        Member("whenFailoverRefused", "WHEN_FAILOVER_REFUSED", "hold", #""detach""#, as: "detach") {
            $0.policy.detachAfter
        },
        Member("notifyTopicArn", "NOTIFY_TOPIC_ARN", topic("a"), "\"\(topic("b"))\"", as: topic("b")) {
            $0.notifyTopicARN
        },
        Member("alertAfterSeconds", "ALERT_AFTER_SECONDS", "60", "0", as: "0") { $0.alertAfter },
        Member("dryRun", "DRY_RUN", "false", "true", as: "true") { $0.policy.dryRun },
        Member("dryRun", "DRY_RUN", "true", "false", as: "false") { $0.policy.dryRun },
        Member("paused", "PAUSED", "false", "true", as: "true") { $0.policy.paused },
        Member("primaryRecordName", "PRIMARY_RECORD_NAME", "a.example.org", #""b.example.org""#, as: "b.example.org") {
            $0.primaryRecord?.names
        },
    ]

    static func topic(_ name: String) -> String { "arn:aws:sns:us-east-1:111122223333:\(name)" }

    @Test(
        "A watch's own value comes before the environment's, and without it the environment's counts",
        arguments: members)
    func override(_ member: Member) throws {
        let pause: [String: String?] = ["PAUSE_PARAMETER": "/pause"]
        let given = pause.merging([member.variable: member.environment]) { $1 }
        let own = try Self.watch(member.name, member.value, given)
        let bare = try PromoterConfigurationTests.read(pause.merging([member.variable: member.own]) { $1 })
        let inherited = try #require(WatchListTests.configuration("[{}]", given).watches.first)
        let environment = try PromoterConfigurationTests.read(given)
        #expect(member.same(own, bare))
        #expect(!member.same(own, environment))
        #expect(inherited == environment)
    }

    @Test("detachAfterSeconds is a watch's own, too")
    func detachAfter() throws {
        let watch = try Self.watch(
            "detachAfterSeconds", "190",
            ["WHEN_FAILOVER_REFUSED": "detach", "PAUSE_PARAMETER": "/pause", "DETACH_AFTER_SECONDS": "600"])
        #expect(watch.policy.detachAfter == .seconds(190))
    }

    @Test("What belongs to primaryRecordName is a watch's own, too")
    func primaryRecord() throws {
        let environment: [String: String?] = [
            "PRIMARY_RECORD_NAME": "redis.example.org", "PRIMARY_ENDPOINT": "a.example.org", "RECORD_TTL_SECONDS": "20",
        ]
        let endpoint = try Self.watch("primaryEndpoint", #""b.example.org""#, environment).primaryRecord
        #expect(endpoint?.records.map(\.leadsTo) == [.fixed("b.example.org")] && endpoint?.ttl == 20)
        let ttl = try Self.watch("recordTtlSeconds", "7", environment).primaryRecord
        #expect(ttl?.records.map(\.leadsTo) == [.fixed("a.example.org")] && ttl?.ttl == 7)
    }

    @Test("The names that follow a cluster are a watch's own, too", arguments: ["writer", "reader"])
    func writerRecords(_ noun: String) throws {
        let environment: [String: String?] = [
            "GLOBAL_CLUSTER_ID": "orders", "WRITER_RECORD_NAME": "w.example.org", "READER_RECORD_NAME": "r.example.org",
        ]
        let watch = try Self.watch("\(noun)RecordName", #""Own.example.org.""#, environment)
        let others = noun == "writer" ? ["own.example.org", "r.example.org"] : ["w.example.org", "own.example.org"]
        #expect(watch.writerRecords?.names == others)
    }

    @Test("There is a member for each thing that a watch can be told")
    func allMembers() {
        let tested =
            Self.members.map(\.name) + [
                "detachAfterSeconds", "globalClusterId", "auroraAction", "promoteOrder", "primaryEndpoint",
                "recordTtlSeconds", "writerRecordName", "readerRecordName",
            ]
        #expect(Set(tested) == Set(EntrySchema.watch.members.keys))
    }

    /// A member that is wrong, by its text in JSON.
    static let wrong: [(member: String, values: [String])] = [
        (
            "name",
            [#""""#, "7", "null", #"" a""#, #""a ""#, #""é""#, #""a\nb""#, "\"\(String(repeating: "a", count: 101))\""]
        ),
        ("hostedZoneId", [#""Z-1""#, "7", "true", "null", "[]", "{}", #"["Z1"]"#]),
        ("dnsName", [#""app""#, "7", "null", "true", #"["a.example.com"]"#, #"{"a":"b"}"#]),
        ("globalDatastoreId", [#""a b""#, "7", "true", "null", #"["a"]"#]),
        ("globalClusterId", [#""or ders""#, "7", "null"]),
        ("auroraAction", [#""promote""#, #""detach""#, "7", "null"]),
        ("promoteOrder", [#""cluster""#, #""cluster-first""#, "true", "null"]),
        (
            "recordTargets",
            ["{}", "[]", "7", "true", "null", #"{"us-east-1":[]}"#, #"{"nowhere":["a.example.com"]}"#, #""x""#]
        ),
        ("recordRegions", ["[]", "7", "null", #"{"a":7}"#, #"{"a":"nowhere"}"#]),
        ("confirmations", ["0", "101", "1.5", "-1", "true", "null", "[2]", "{}", #""two""#]),
        ("holdDownSeconds", ["-1", "86401", "1e300", "true", "null", "[]"]),
        ("promoteInStatus", ["[]", "[7]", "[null]", #"["frozen"]"#, "7", "true", "null", "{}"]),
        ("cacheMaxAgeSeconds", ["-1", "86401", "false", "null"]),
        ("checkIntervalSeconds", ["0.1", "301", "true", "null"]),
        ("maxReplicationLagSeconds", ["-1", "86401", "null"]),
        ("whenLagUnknown", [#""yes""#, "true", "null"]), ("whenFailoverRefused", [#""promote""#, "false", "null"]),
        ("detachAfterSeconds", ["179", "86401", "null"]),
        ("notifyTopicArn", [#""failovers""#, "7", "null"]), ("alertAfterSeconds", ["-1", "86401", "null"]),
        ("dryRun", ["1", "0", #""yes""#, "null", "[]"]), ("paused", ["1", #""no""#, "null"]),
        ("dnsname", [#""a.example.com""#]), ("a-b", ["1"]),
    ]

    @Test(
        "What is wrong is refused by the place of the entry and the name of the member",
        arguments: wrong.flatMap { entry in entry.values.map { (entry.member, $0) } })
    func wrongMembers(_ member: String, _ value: String) throws {
        let others = ["a", "b", "c"].map { #"{"dnsName":"\#($0).example.com","globalDatastoreId":"ldgnf-\#($0)"}"# }
        let list = #"[\#(others.joined(separator: ",")),{"name":"d","\#(member)":\#(value)}]"#
        let problems = WatchListTests.problems(member == "name" ? list.replacingFirst(#""name":"d","#, "") : list)
        let problem = try #require(problems.first)
        #expect(problems.count == 1)
        let place = member == "a-b" ? #"WATCHES[3]["a-b"]"# : "WATCHES[3].\(member)"
        #expect(problem.variable == place || problem.variable == "\(place)[0]")
        #expect(!problem.remedy.isEmpty)
        #expect(problem.description.contains(problem.variable))
    }
}

extension String {
    fileprivate func replacingFirst(_ part: String, _ other: String) -> String {
        guard let range = firstRange(of: part) else { return self }
        return self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
