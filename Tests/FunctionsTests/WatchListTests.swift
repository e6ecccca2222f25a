import AWSClient
import Failover
import Synchronization
import Testing

@testable import Functions

@Suite("WATCHES and WATCHES_FILE")
struct WatchListTests {
    static func configuration(
        _ list: String, _ changes: [String: String?] = [:]
    ) throws(ConfigurationError) -> PromoterConfiguration {
        try PromoterConfiguration(environment: environment(["WATCHES": list].merging(changes) { $1 }))
    }

    static func problems(_ list: String, _ changes: [String: String?] = [:]) -> [ConfigurationError.Problem] {
        do throws(ConfigurationError) {
            _ = try configuration(list, changes)
            return []
        } catch { return error.problems }
    }

    @Test("An empty text is one that is left out")
    func emptyText() throws {
        #expect(try WatchMemberTests.watch("dnsName", #"" ""#).dnsName == "app.example.com")
    }

    @Test("A watch is known by its name, or by its record's")
    func names() throws {
        let watches = try Self.configuration(
            #"[{"name":"Orders (eu)"},{"dnsName":"B.example.com","globalDatastoreId":"ldgnf-b"}]"#
        ).watches
        #expect(watches.map(\.name) == ["Orders (eu)", "b.example.com"])
        #expect(watches.map(\.dnsName) == ["app.example.com", "b.example.com"])
    }

    @Test("RECORD_TARGETS makes HOSTED_ZONE_ID unnecessary, in the environment and in a watch")
    func recordTargets() throws {
        let targets = #"{"us-east-1":["a.example.com"]}"#
        #expect(
            try PromoterConfigurationTests.read(["HOSTED_ZONE_ID": nil, "RECORD_TARGETS": targets]).hostedZoneID == nil)
        let configuration = try Self.configuration(#"[{"recordTargets":\#(targets)}]"#, ["HOSTED_ZONE_ID": nil])
        #expect(configuration.watches.map(\.recordTargets) == [["us-east-1": ["a.example.com"]]])
        // The other one has no records.
        // What a watch says comes before what the environment says, of either.
        let zoned = try Self.configuration(#"[{"hostedZoneId":"Z7"}]"#, ["RECORD_TARGETS": targets])
        #expect(zoned.watches.map(\.hostedZoneID) == ["Z7"])
        #expect(zoned.watches.map(\.recordTargets) == [[:]])
        let problems = Self.problems(
            #"[{"recordTargets":\#(targets)},{"name":"b","globalDatastoreId":"ldgnf-b"}]"#, ["HOSTED_ZONE_ID": nil])
        #expect(problems.map(\.variable) == ["WATCHES[1].hostedZoneId"])
    }

    @Test(
        "What is no list of objects is refused by the place that is not",
        arguments: [
            ("x", "WATCHES"), ("", "-"), ("7", "WATCHES"), ("{}", "WATCHES"), ("null", "WATCHES"), ("[]", "WATCHES"),
            (#"[{"name":"a","name":"b"}]"#, "WATCHES"), ("[7]", "WATCHES[0]"), ("[{},null]", "WATCHES[1]"),
            (#"[{},["a"]]"#, "WATCHES[1]"), (#"[{},"b.example.com"]"#, "WATCHES[1]"),
        ])
    func noList(_ list: String, _ place: String) {
        // An empty variable is none, and the environment is the one watch.
        #expect(Self.problems(list).map(\.variable) == (place == "-" ? [] : [place]))
    }

    @Test("All that is wrong is said at once: of several entries, several members, and the environment")
    func allAtOnce() {
        let list = #"""
            [{"dnsName":7,"confirmations":null,"nonsense":1},{"name":"b","dnsName":"b","dryRun":"x"},{"name":"c"}]
            """#
        let problems = Self.problems(list, ["GLOBAL_DATASTORE_ID": nil, "METRICS": "x", "HOLD_DOWN_SECONDS": "y"])
        #expect(
            problems.map(\.variable).sorted() == [
                "HOLD_DOWN_SECONDS", "METRICS", "WATCHES[0].confirmations", "WATCHES[0].dnsName",
                "WATCHES[0].globalDatastoreId", "WATCHES[0].nonsense", "WATCHES[1].dnsName", "WATCHES[1].dryRun",
                "WATCHES[1].globalDatastoreId",
                "WATCHES[2].globalDatastoreId",
            ])
        #expect(problems.first { $0.variable == "WATCHES[1].dnsName" }?.value == "b")
        #expect(problems.first { $0.variable == "HOLD_DOWN_SECONDS" }?.value == "y")
    }

    static func list(_ count: Int, _ more: String = "") -> String {
        let watches = (0..<count).map {
            #"{"dnsName":"w\#($0).example.com","globalDatastoreId":"ldgnf-\#($0)"\#(more)}"#
        }
        return "[\(watches.joined(separator: ","))]"
    }

    @Test(
        "What is wrong in the environment is said once, however many watches there are",
        arguments: ["", #","confirmations":"""#])
    func environmentOnce(more: String) {
        let problems = Self.problems(
            Self.list(1000, more),
            ["CONFIRMATIONS": "0", "NOTIFY_TOPIC_ARN": "x", "WHEN_FAILOVER_REFUSED": "detach", "RECORD_REGIONS": "{"])
        #expect(
            problems.map(\.variable).sorted() == [
                "CONFIRMATIONS", "NOTIFY_TOPIC_ARN", "RECORD_REGIONS", "WHEN_FAILOVER_REFUSED",
            ])
    }

    @Test("A thousand mistakes make a message that somebody can read")
    func thousandMistakes() {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(Self.list(1000, #","nonsense":1"#))
        }
        #expect(error?.problems.count == 1000)
        #expect((error?.description.utf8.count ?? .max) < 20_000)
        #expect(error?.description.contains("WATCHES[0].nonsense") == true)
    }

    @Test("A thousand watches are taken, and not one more", arguments: [(1000, true), (1001, false)])
    func maximum(count: Int, isTaken: Bool) throws {
        let problems = Self.problems(Self.list(count))
        #expect(problems.map(\.variable) == (isTaken ? [] : ["WATCHES"]))
        if isTaken { #expect(try Self.configuration(Self.list(count)).watches.count == count) }
    }

    @Test(
        "Two watches of one name are refused",
        arguments: [
            [#"{"name":"a""#, #"{"name":"b""#, #"{"name":"a""#], ["{", #"{"dnsName":"b.example.com""#, "{"],
            ["{", #"{"name":"b""#, #"{"name":"app.example.com""#],
            ["{", #"{"name":"b""#, #"{"dnsName":"APP.example.com.""#],
        ])
    func sameNames(watches: [String]) {
        let list = watches.enumerated().map { index, watch in
            #"\#(watch)\#(watch == "{" ? "" : ",")"globalDatastoreId":"ldgnf-\#(index)"}"#
        }
        let problems = Self.problems("[\(list.joined(separator: ","))]")
        #expect(problems.map(\.variable) == ["WATCHES[2].name"])
        #expect(problems.first?.remedy.contains("WATCHES[0]") == true)
    }

    @Test("Two watches of one record are taken if each has a name of its own")
    func sameRecord() throws {
        let list = #"[{"name":"sessions"},{"name":"carts","globalDatastoreId":"ldgnf-carts"}]"#
        #expect(try Self.configuration(list).watches.map(\.dnsName) == ["app.example.com", "app.example.com"])
    }

    @Test("WATCHES and WATCHES_FILE together are refused")
    func both() {
        #expect(Self.problems("[{}]", ["WATCHES_FILE": "/a"]).map(\.variable) == ["WATCHES_FILE"])
    }

    static func file(_ contents: FileContents, _ changes: [String: String?] = [:]) throws(ConfigurationError)
        -> (PromoterConfiguration, paths: [String])
    {
        let paths = Mutex<[String]>([])
        let configuration = try PromoterConfiguration(
            environment: environment(["WATCHES_FILE": "/etc/watches.json"].merging(changes) { $1 }),
            readFile: { path in
                paths.withLock { $0.append(path) }
                return contents
            })
        return (configuration, paths.withLock { $0 })
    }

    @Test("A file is read once, and its watches are as those of the variable")
    func file() throws {
        let list = #"[{"name":"a"},{"name":"b","globalDatastoreId":"ldgnf-b","confirmations":3}]"#
        let (configuration, paths) = try Self.file(.bytes(Array(list.utf8)))
        #expect(configuration == (try Self.configuration(list)))
        #expect(paths == ["/etc/watches.json"])
    }

    @Test(
        "A file that is not to be had, or holds no list, is refused, and by what is wrong in it",
        arguments: [
            (.missing, ["WATCHES_FILE"]), (.unreadable("EACCES"), ["WATCHES_FILE"]), (.bytes([]), ["WATCHES_FILE"]),
            (.bytes(Array("- name: a".utf8)), ["WATCHES_FILE"]), (.bytes([0xFF, 0xFE]), ["WATCHES_FILE"]),
            (.bytes(Array(#"[{"confirmations":0}]"#.utf8)), ["WATCHES_FILE[0].confirmations"]),
            (.bytes(Array(#"[{"what":0}]"#.utf8)), ["WATCHES_FILE[0].what"]),
        ] as [(FileContents, [String])])
    func noFile(contents: FileContents, places: [String]) {
        let error = #expect(throws: ConfigurationError.self) { try Self.file(contents) }
        #expect(error?.problems.map(\.variable) == places)
    }

    @Test("A file that cannot be read says why, and one that is not there says which")
    func fileReasons() {
        let unreadable = #expect(throws: ConfigurationError.self) { try Self.file(.unreadable("EACCES")) }
        #expect(unreadable?.description.contains("EACCES") == true)
        let missing = #expect(throws: ConfigurationError.self) { try Self.file(.missing) }
        #expect(missing?.problems.first?.value == "/etc/watches.json")
    }

    @Test(
        "Detaching needs PAUSE_PARAMETER, beside which it is kept",
        arguments: [("detach", nil, false), ("detach", "/pause", true), ("hold", nil, true)]
            as [(String, String?, Bool)])
    func detachNeedsParameter(_ word: String, _ parameter: String?, isTaken: Bool) {
        let changes = ["WHEN_FAILOVER_REFUSED": word, "PAUSE_PARAMETER": parameter]
        #expect(PromoterConfigurationTests.wrong(changes) == (isTaken ? [] : ["WHEN_FAILOVER_REFUSED"]))
        let own = Self.problems(#"[{"whenFailoverRefused":"\#(word)"}]"#, ["PAUSE_PARAMETER": parameter])
        #expect(own.map(\.variable) == (isTaken ? [] : ["WATCHES[0].whenFailoverRefused"]))
    }

    @Test("Every problem names the variable, its value and a remedy")
    func messages() throws {
        for (variable, values) in PromoterConfigurationTests.bad {
            let error = #expect(throws: ConfigurationError.self) {
                try PromoterConfigurationTests.read([variable: values[0]])
            }
            let problem = try #require(error?.problems.first)
            let value = values[0].trimmingSpaces
            #expect(problem.value == value)
            #expect(!problem.remedy.isEmpty && !problem.remedy.contains("\n"))
            for part in [variable, problem.remedy, String(value.debugDescription.prefix(50).dropLast())] {
                #expect(problem.description.contains(part))
            }
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
