import Failover
import Functions
import Testing

@Suite("The promoter's configuration")
struct PromoterConfigurationTests {
    /// The only watch.
    static func read(_ changes: [String: String?]) throws -> WatchConfiguration {
        let configuration = try PromoterConfiguration(environment: environment(changes))
        return try #require(configuration.watches.count == 1 ? configuration.watches.first : nil)
    }

    /// The variables that are wrong, in the order of the problems.
    static func wrong(_ changes: [String: String?]) -> [String] {
        do throws(ConfigurationError) {
            _ = try PromoterConfiguration(environment: environment(changes))
            return []
        } catch {
            return error.problems.map(\.variable)
        }
    }

    @Test("Three variables are enough")
    func defaults() throws {
        let configuration = try Self.read([:])
        #expect(configuration.hostedZoneID == "Z0123456789ABCDEFGHIJ")
        #expect(configuration.dnsName == "app.example.com")
        #expect(configuration.globalDatastoreID == "ldgnf-sessions")
        #expect(configuration.recordRegions == [:])
        #expect(configuration.cacheMaxAge == nil)
        #expect(
            configuration.policy
                == Policy(
                    confirmations: 1, holdDown: .zero, promoteInStatus: ["available"], dryRun: false, paused: false,
                    maximumLag: nil, whenLagUnknown: .hold, detachAfter: nil))
    }

    static let optional = [
        "CONFIRMATIONS", "HOLD_DOWN_SECONDS", "PROMOTE_IN_STATUS", "CACHE_MAX_AGE_SECONDS", "RECORD_REGIONS", "DRY_RUN",
        "PAUSED",
    ]

    @Test("An empty variable is one that is not set", arguments: optional, ["", " ", "\n\t "])
    func empty(_ variable: String, _ value: String) throws {
        #expect(try Self.read([variable: value]) == Self.read([:]))
    }

    @Test(
        "What is required and not set is refused",
        arguments: ["HOSTED_ZONE_ID", "DNS_NAME", "GLOBAL_DATASTORE_ID"], [nil, "", "  "])
    func required(_ variable: String, _ value: String?) throws {
        let error = #expect(throws: ConfigurationError.self) { try Self.read([variable: value]) }
        #expect(error?.problems.map(\.variable) == [variable])
        #expect(error?.problems.first?.value == nil)
    }

    struct Good: Sendable, CustomTestStringConvertible {
        var variable: String
        var value: String
        var expected: @Sendable (inout WatchConfiguration) -> Void

        var testDescription: String { "\(variable)=\(value)" }

        init(
            _ variable: String, _ value: String, _ expected: @escaping @Sendable (inout WatchConfiguration) -> Void
        ) {
            self.variable = variable
            self.value = value
            self.expected = expected
        }
    }

    static let longName = Array(repeating: String(repeating: "a", count: 49), count: 5).joined(separator: ".") + ".abc"

    static let good: [Good] = [
        Good("HOSTED_ZONE_ID", "/hostedzone/Z1") { $0.hostedZoneID = "Z1" },
        Good("HOSTED_ZONE_ID", " Z1 ") { $0.hostedZoneID = "Z1" },
        Good("HOSTED_ZONE_ID", String(repeating: "Z", count: 32)) {
            $0.hostedZoneID = String(repeating: "Z", count: 32)
        },
        Good("DNS_NAME", "App.Example.COM.") { ($0.dnsName, $0.name) = ("app.example.com", "app.example.com") },
        Good("DNS_NAME", "_redis.app-1.example.com") {
            ($0.dnsName, $0.name) = ("_redis.app-1.example.com", "_redis.app-1.example.com")
        },
        Good("DNS_NAME", longName) { ($0.dnsName, $0.name) = (longName, longName) },
        Good("DNS_NAME", longName + ".") { ($0.dnsName, $0.name) = (longName, longName) },
        Good("GLOBAL_DATASTORE_ID", "virxk-x") { $0.globalDatastoreID = "virxk-x" },
        Good("CONFIRMATIONS", "1") { _ in },
        Good("CONFIRMATIONS", "100") { $0.policy.confirmations = 100 },
        Good("CONFIRMATIONS", " 5 ") { $0.policy.confirmations = 5 },
        Good("HOLD_DOWN_SECONDS", "0") { _ in },
        Good("HOLD_DOWN_SECONDS", "300") { $0.policy.holdDown = .seconds(300) },
        Good("HOLD_DOWN_SECONDS", "0.25") { $0.policy.holdDown = .milliseconds(250) },
        Good("HOLD_DOWN_SECONDS", "86400") { $0.policy.holdDown = .seconds(86_400) },
        Good("CHECK_INTERVAL_SECONDS", "0") { _ in },
        Good("CHECK_INTERVAL_SECONDS", "00") { _ in },
        Good("CHECK_INTERVAL_SECONDS", "0.2") { $0.checkInterval = .milliseconds(200) },
        Good("CHECK_INTERVAL_SECONDS", "300") { $0.checkInterval = .seconds(300) },
        Good("NOTIFY_TOPIC_ARN", "arn:aws-cn:sns:cn-north-1:111122223333:x_Y-7") {
            $0.notifyTopicARN = "arn:aws-cn:sns:cn-north-1:111122223333:x_Y-7"
        },
        Good("ALERT_AFTER_SECONDS", "0") { $0.alertAfter = nil },
        Good("ALERT_AFTER_SECONDS", "60") { $0.alertAfter = .seconds(60) },
        Good("MAX_REPLICATION_LAG_SECONDS", "0") { $0.policy.maximumLag = .zero },
        Good("MAX_REPLICATION_LAG_SECONDS", "1.5") { $0.policy.maximumLag = .milliseconds(1500) },
        Good("WHEN_LAG_UNKNOWN", "Promote") { $0.policy.whenLagUnknown = .promote },
        Good("WHEN_LAG_UNKNOWN", "hold") { _ in },
        Good("WHEN_FAILOVER_REFUSED", "hold") { _ in },
        Good("DETACH_AFTER_SECONDS", "180") { $0.detachAfter = .seconds(180) },
        Good("PAUSE_PARAMETER", "/promoter/sessions/pause") { _ in },
        Good("METRICS", "off") { _ in },
        Good("RECORD_TARGETS", #"{"us-east-1":["A.example.com","10.0.0.1"],"us-west-2":"b.example.com"}"#) {
            $0.recordTargets = ["us-east-1": ["A.example.com", "10.0.0.1"], "us-west-2": ["b.example.com"]]
            $0.hostedZoneID = nil
        },
        Good("CACHE_MAX_AGE_SECONDS", "0") { _ in },
        Good("CACHE_MAX_AGE_SECONDS", "0.0") { _ in },
        Good("CACHE_MAX_AGE_SECONDS", " 60.5 ") { $0.cacheMaxAge = .milliseconds(60_500) },
        Good("CACHE_MAX_AGE_SECONDS", "86400") { $0.cacheMaxAge = .seconds(86_400) },
        Good("PROMOTE_IN_STATUS", "available") { _ in },
        Good("PROMOTE_IN_STATUS", " Available, primary-only ,") {
            $0.policy.promoteInStatus = ["available", "primary-only"]
        },
        Good("DRY_RUN", "true") { $0.policy.dryRun = true },
        Good("DRY_RUN", " TRUE ") { $0.policy.dryRun = true },
        Good("DRY_RUN", "False") { _ in },
        Good("PAUSED", "true") { $0.policy.paused = true },
        Good("PAUSED", "false") { _ in },
        Good("RECORD_REGIONS", "{}") { _ in },
        Good("RECORD_REGIONS", #" {"blue": "us-east-1", "": "us-gov-west-1"} "#) {
            $0.recordRegions = ["blue": "us-east-1", "": "us-gov-west-1"]
        },
    ]

    @Test("What is right is taken", arguments: good)
    func goodValues(_ testCase: Good) throws {
        var expected = try Self.read([:])
        testCase.expected(&expected)
        #expect(try Self.read([testCase.variable: testCase.value]) == expected)
    }

    static let notNumbers = ["-1", "1e3", "NaN", "nan", "inf", "0x10", "two", "1,5", "1 2", "½", "٣", "--", "true"]
    static let huge = [String(repeating: "9", count: 400), "9223372036854775808"]

    static let bad: [String: [String]] = [
        "HOSTED_ZONE_ID": [
            "/hostedzone/", "hostedzone/Z1", "Z-1", "Z1/Z2", "Zé", "Z1 Z2", String(repeating: "Z", count: 33),
        ],
        "DNS_NAME": [
            "app", ".", "app..example.com", "10.0.0.1", "app.example.7", "app.1.", ".example.com", "app.example.com..",
            "*.example.com", "\\052.example.com",
            "app example.com", "http://app.example.com", "äpp.example.com", "app.example.com:6379",
            String(repeating: "a", count: 64) + ".com", longName + "a", longName + "a.",
        ],
        "GLOBAL_DATASTORE_ID": ["ldgnf_sessions", "ldgnf sessions", "arn:aws:elasticache::1:x", "ldgnf-é"],
        "CONFIRMATIONS": notNumbers + huge + ["0", "101", "1.5"],
        "HOLD_DOWN_SECONDS": notNumbers + huge + ["86400.5", "86401", ".", "1.2.3"],
        "CACHE_MAX_AGE_SECONDS": notNumbers + huge + ["86401", "."],
        "PROMOTE_IN_STATUS": [",", " , ,", "avialable", "available, frozen"],
        "DRY_RUN": ["yes", "1", "0", "t", "truee", "true,false"],
        "PAUSED": ["no", "on", "null"],
        "RECORD_REGIONS": [
            "blue=us-east-1", "[]", "\"us-east-1\"", "null", "{", #"{"blue":1}"#, #"{"blue":null}"#,
            #"{"blue":"useast1"}"#, #"{"blue":"US-EAST-1"}"#, #"{"blue":"us-east-1","blue":"us-west-2"}"#,
            #"{"blue":"us-east-1","green":""}"#, #"{"blue":"us-esat-1"}"#, #"{"blue":"us-gov-wset-1"}"#,
        ],
        "CHECK_INTERVAL_SECONDS": notNumbers + huge + ["0.1", "0.199", "300.5", "."],
        "RECORD_TARGETS": [
            "0", "[]", "{}", "{", #"{"us-east-1":[]}"#, #"{"us-east-1":["a b"]}"#, #"{"us-east-1":[7]}"#,
            #"{"us-east-1":["10.1.2.300"]}"#, #"{"us-east-1":["10.1.2"]}"#, #"{"us-esat-1":["a.example.com"]}"#,
            #"{"us-east-1":7}"#, #"{"useast1":["a.example.com"]}"#, #"{"us-east-1":["a"]}"#, #"{"us-east-1":null}"#,
        ],
        "NOTIFY_TOPIC_ARN": [
            "failovers", "arn:aws:sqs:us-east-1:111122223333:failovers", "arn:aws:sns:us-east-1:1111:failovers",
            "arn:aws:sns::111122223333:failovers", "arn:aws:sns:us-east-1:111122223333:",
            "arn:aws:sns:us-east-1:111122223333:failovers.fifo", "arn:aws:sns:us-east-1:111122223333:fail overs",
        ],
        "ALERT_AFTER_SECONDS": notNumbers + huge + ["86401"],
        "MAX_REPLICATION_LAG_SECONDS": notNumbers + huge + ["86401"],
        "WHEN_LAG_UNKNOWN": ["yes", "detach", "hold,promote"], "WHEN_FAILOVER_REFUSED": ["promote", "yes"],
        "DETACH_AFTER_SECONDS": notNumbers + huge + ["0", "179.9", "86401"],
        "PAUSE_PARAMETER": ["a/b", "/a/", "/a b", "/é", String(repeating: "a", count: 1004)],
        "METRICS": ["yes", "true", "emf"],
        "GLOBAL_CLUSTER_ID": ["or ders", "orders_1", "órdenes", String(repeating: "a", count: 64)],
        // The last ones are about a global cluster, and there is none.
        "AURORA_ACTION": ["promote", "failover,detach", "switchover", "detach", "failover-then-detach"],
        "PROMOTE_ORDER": ["cluster", "datastore-first", "cluster-first"],
    ]

    @Test(
        "What is wrong is refused by the name of its variable",
        arguments: bad.sorted { $0.key < $1.key }.flatMap { entry in entry.value.map { (entry.key, $0) } })
    func badValues(_ variable: String, _ value: String) {
        #expect(Self.wrong([variable: value]) == [variable])
    }

    @Test("All that is wrong is said at once, each with its value")
    func allAtOnce() throws {
        let changes: [String: String?] = [
            "HOSTED_ZONE_ID": nil, "DNS_NAME": "app", "GLOBAL_DATASTORE_ID": "", "RECORD_REGIONS": "[]",
            "CONFIRMATIONS": "0", "HOLD_DOWN_SECONDS": "x", "PROMOTE_IN_STATUS": ",", "DRY_RUN": "1", "PAUSED": "2",
            "CACHE_MAX_AGE_SECONDS": "-1",
        ]
        let error = #expect(throws: ConfigurationError.self) { try Self.read(changes) }
        let problems = error?.problems ?? []
        #expect(problems.map(\.variable).sorted() == changes.keys.sorted())
        for problem in problems {
            let value = changes[problem.variable] ?? nil
            #expect(problem.value == (value == "" ? nil : value))
            #expect(error?.description.contains(problem.variable) == true)
        }
        #expect(error?.lambdaErrorType == "InvalidConfiguration")
    }

    @Test("A value of thousands of bytes does not fill the log")
    func longValue() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.read(["DNS_NAME": String(repeating: "x", count: 4000)])
        }
        #expect((error?.description.utf8.count ?? .max) < 400)
    }

    @Test(
        "The policy in words has a word for all that differs from promoting at first sight",
        arguments: [
            (Policy(), 2), (Policy(holdDown: .seconds(300)), 3), (Policy(dryRun: true), 3), (Policy(paused: true), 3),
            (Policy(confirmations: 3, holdDown: .seconds(1), dryRun: true, paused: true), 5),
        ])
    func words(_ policy: Policy, count: Int) {
        #expect(policy.words.split(separator: ", ").count == count)
    }
}
