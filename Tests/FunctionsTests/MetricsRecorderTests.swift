import Failover
import JSON
import LambdaRuntime
import Promotion
import Synchronization
import Testing

@testable import Functions

/// By CloudWatch's "Specification: Embedded metric format".
@Suite("Metrics")
struct MetricsRecorderTests {
    static let time = WallClockTime(millisecondsSince1970: 1_795_254_206_017)

    /// What a recorder writes after `body`.
    static func lines(_ body: (MetricsRecorder) -> Void) throws -> [JSONValue] {
        let written = Mutex<[[UInt8]]>([])
        let recorder = MetricsRecorder(wallClock: { time }, write: { line in written.withLock { $0.append(line) } })
        body(recorder)
        return try written.withLock { $0 }.map { line in
            // One write a line, or CloudWatch does not see it as one event.
            #expect(line.last == 10 && line.filter { $0 == 10 }.count == 1)
            return try JSONValue(parsing: line.dropLast())
        }
    }

    static func array(_ value: JSONValue?) -> [JSONValue] {
        if case .array(let elements)? = value { elements } else { [] }
    }

    static func text(_ value: JSONValue?) -> String {
        if case .string(let text)? = value { text } else { "" }
    }

    static func numbers(_ value: JSONValue?) -> [Double] {
        switch value {
        case .integer(let number)?: [Double(number)]
        case .real(let number)?: [number]
        case .array(let elements)?: elements.flatMap { numbers($0) }
        default: []
        }
    }

    /// The rules of the specification that a line breaks.
    static func violations(_ line: JSONValue) -> [String] {
        var broken: [String] = []
        func rule(_ name: String, _ holds: Bool) { if !holds { broken.append(name) } }
        guard case .integer(let timestamp)? = line["_aws"]?["Timestamp"] else { return ["no Timestamp"] }
        rule("Timestamp is now, in milliseconds", timestamp == time.millisecondsSince1970)
        let directives = array(line["_aws"]?["CloudWatchMetrics"])
        rule("a directive", !directives.isEmpty)
        for directive in directives {
            let namespace = text(directive["Namespace"])
            rule("Namespace", (1...1024).contains(namespace.utf8.count) && !namespace.hasPrefix("AWS/"))
            let sets = array(directive["Dimensions"])
            rule("a set of dimensions", !sets.isEmpty)
            for set in sets {
                rule("at most 30 dimensions", array(set).count <= 30)
                for name in array(set).map(text) {
                    let value = text(line[name])
                    rule("dimension \(name) is a member, a text", (1...1024).contains(value.utf8.count))
                    rule("dimension \(name) is ASCII", value.utf8.allSatisfy { (0x20...0x7E).contains($0) })
                }
            }
            let metrics = array(directive["Metrics"])
            rule("1 to 100 metrics", (1...100).contains(metrics.count))
            rule("each metric once", Set(metrics.map { text($0["Name"]) }).count == metrics.count)
            for metric in metrics {
                let name = text(metric["Name"])
                rule("unit of \(name)", ["Count", "Milliseconds", "Seconds"].contains(text(metric["Unit"])))
                rule("\(name) is a member with 1 to 100 numbers", (1...100).contains(numbers(line[name]).count))
                rule("\(name) is no dimension", !["Watch", "Region", "_aws", ""].contains(name))
            }
        }
        return broken
    }

    static let decisions: [(Decision, metric: String)] = [
        (.hold(.standby(activeRegion: "us-east-1")), "Standby"), (.hold(.inPlace), "InPlace"),
        (.hold(.unknown(.noRecords)), "Unknown"), (.hold(.ambiguous(["us-east-1", "us-west-2"])), "Unknown"),
        (.hold(.paused), "Paused"), (.hold(.pausedByOperator(.init())), "Paused"),
        (.hold(.groupStatus("modifying")), "Held"), (.hold(.confirming(seen: 1, needed: 2)), "Held"),
        (.promote(Samples.promotion), "Promote"), (.wouldPromote(Samples.promotion), "WouldPromote"),
        (.detach(Samples.promotion), "Detach"),
    ]

    @Test("A line is by the format's specification, whatever was noted")
    func format() throws {
        let lines = try Self.lines { recorder in
            for (decision, _) in Self.decisions {
                recorder.note(Samples.result(decision, events: Samples.events), of: Samples.identity())
            }
            for number in 0..<1000 {
                recorder.note(
                    Samples.result(.hold(.inPlace), duration: .microseconds(number)), of: Samples.identity())
            }
            recorder.note(Samples.failure(CancellationError()), of: Samples.identity("b"))
            recorder.emit()
        }
        #expect(lines.count == 2)
        for line in lines { #expect(Self.violations(line) == []) }
        #expect(lines.map { Self.text($0["Watch"]) } == ["a", "b"])
        #expect(lines.map { Self.text($0["Region"]) } == ["us-west-2", "us-west-2"])
    }

    @Test("The rules catch what breaks them")
    func rules() throws {
        let line = try #require(
            try Self.lines {
                $0.note(Samples.result(.hold(.inPlace)), of: Samples.identity())
                $0.emit()
            }.first)
        guard case .object(let members) = line else { return }
        for name in ["Watch", "Checks", "CheckTime"] {
            #expect(!Self.violations(.object(members.filter { $0.key != name })).isEmpty)
        }
    }

    @Test("Each decision counts as what it is", arguments: decisions)
    func counts(_ decision: Decision, metric: String) throws {
        let lines = try Self.lines { recorder in
            for _ in 0..<3 { recorder.note(Samples.result(decision), of: Samples.identity()) }
            recorder.emit()
        }
        #expect(lines.count == 1)
        #expect(lines.first?[metric] == 3)
        #expect(lines.first?["Checks"] == 3)
        for (_, other) in Self.decisions where other != metric { #expect(lines.first?[other] == nil) }
        #expect(lines.first?["FailedChecks"] == nil)
    }

    @Test("A failed check counts as one, and what happened in it, too")
    func failures() throws {
        let line = try #require(
            try Self.lines {
                $0.note(Samples.failure(CancellationError(), events: Samples.events), of: Samples.identity())
                $0.emit()
            }.first)
        #expect(line["Checks"] == 1 && line["FailedChecks"] == 1)
        #expect(Self.numbers(line["CheckTime"]) == [7])
        #expect(line["Promotions"] == 2)
        #expect(line["FailedPromotions"] == 4)
        #expect(line["Detachments"] == 1)
        // That which DNS asked for; an operator's order had no delay.
        #expect(Self.numbers(line["TimeToPromote"]) == [2])
        #expect(Self.numbers(line["PromotionTime"]) == [90])
    }

    @Test("Of more values than the format takes the longest is kept, wherever it was", arguments: [0, 57, 4499])
    func longest(place: Int) throws {
        let line = try #require(
            try Self.lines { recorder in
                for number in 0..<4500 {
                    let duration = Duration.milliseconds(number == place ? 900 : 1)
                    recorder.note(Samples.result(.hold(.inPlace), duration: duration), of: Samples.identity())
                }
                recorder.emit()
            }.first)
        #expect(line["Checks"] == 4500)
        #expect(Self.numbers(line["CheckTime"]).max() == 900)
        #expect(Self.numbers(line["CheckTime"]).count == 100)
    }

    @Test("A hundred values are all there")
    func hundred() throws {
        let line = try #require(
            try Self.lines { recorder in
                for number in 1...100 {
                    recorder.note(
                        Samples.result(.hold(.inPlace), duration: .milliseconds(number)), of: Samples.identity())
                }
                recorder.emit()
            }.first)
        #expect(Self.numbers(line["CheckTime"]).sorted() == (1...100).map(Double.init))
    }

    @Test("Where nothing was noted nothing is written, and nothing twice")
    func nothing() throws {
        #expect(try Self.lines { $0.emit() }.isEmpty)
        let lines = try Self.lines { recorder in
            recorder.note(Samples.result(.hold(.inPlace)), of: Samples.identity())
            recorder.emit()
            recorder.emit()
        }
        #expect(lines.count == 1)
    }

    @Test("An invocation writes a line for each watch, also where it fails")
    func invocation() async throws {
        let written = Mutex<[[UInt8]]>([])
        let recorder = MetricsRecorder(
            wallClock: { Self.time }, write: { line in written.withLock { $0.append(line) } })
        let cloud = Cloud(["a.example.com": .east, "b.example.com": .west])
        let assembly = try cloud.assembly(["a", "b"], ["CHECK_INTERVAL_SECONDS": "10"])
        cloud.change { $0.groups = [] }
        let function = SeveralWatchesTests.function(assembly, LogRecorder(), recorder)
        await #expect(throws: SeveralFailures.self) { try await SeveralWatchesTests.handle(cloud, function) }
        let lines = try written.withLock { $0 }.map { try JSONValue(parsing: $0) }
        #expect(lines.map { Self.text($0["Watch"]) } == ["a", "b"])
        #expect(lines.map { $0["Checks"] } == [6, 6])
        #expect(lines.map { $0["FailedChecks"] } == [nil, 6])
        for line in lines { #expect(Self.violations(line) == []) }
    }
}
