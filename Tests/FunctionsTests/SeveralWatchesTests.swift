import JSON
import LambdaRuntime
import Logging
import Promotion
import Testing

@testable import Functions

@Suite("The function promoter, with several watches or for long")
struct SeveralWatchesTests {
    static func function(
        _ assembly: PromoterAssembly, _ log: LogRecorder = LogRecorder(), _ metrics: MetricsRecorder? = nil
    ) -> PromoterFunction {
        PromoterFunction(assembly: assembly, logger: log.logger, metrics: metrics)
    }

    static func handle(_ cloud: Cloud, _ function: PromoterFunction, lasting: Duration = .seconds(60)) async throws
        -> JSONValue
    {
        let invocation = cloud.invocation(lasting: lasting)
        return try JSONValue(parsing: try await cloud.time.run { try await function.handle(invocation) })
    }

    static func watches(_ json: JSONValue) throws -> [JSONValue] {
        guard case .array(let watches)? = json["watches"] else {
            throw JSONError(path: "watches", reason: "is no array")
        }
        return watches
    }

    /// The reasons by watch.
    static func reasons(_ json: JSONValue) throws -> [String: String] {
        var reasons: [String: String] = [:]
        for watch in try watches(json) {
            guard case .string(let name)? = watch["watch"], case .string(let reason)? = watch["reason"] else {
                continue
            }
            reasons[name] = reason
        }
        return reasons
    }

    @Test("One watch is answered as it always was, with the number of checks where there were more")
    func oneWatch() async throws {
        let cloud = Cloud(["a.example.com": .east])
        let once = try await Self.handle(cloud, Self.function(try cloud.assembly(["a"])))
        #expect(once["watch"] == "a.example.com")
        #expect(once["reason"] == "standby")
        #expect(once["checks"] == nil && once["watches"] == nil)
        let often = try await Self.handle(
            cloud, Self.function(try cloud.assembly(["a"], ["CHECK_INTERVAL_SECONDS": "10"])))
        #expect(often["reason"] == "standby")
        #expect(often["checks"] == 6)
    }

    @Test("Several are answered in the order of the configuration, with the number of all checks")
    func severalWatches() async throws {
        let cloud = Cloud(["c.example.com": .east, "a.example.com": .notFound, "b.example.com": .west])
        let once = try await Self.handle(cloud, Self.function(try cloud.assembly(["c", "a", "b"])))
        #expect(try Self.watches(once).map { $0["watch"] } == ["c", "a", "b"])
        #expect(try Self.watches(once).map { $0["reason"] } == ["standby", "nameNotFound", "activeAndSecondary"])
        #expect(once["checks"] == 3)
        let often = try await Self.handle(
            cloud, Self.function(try cloud.assembly(["c", "a"], ["CHECK_INTERVAL_SECONDS": "10"])))
        #expect(often["checks"] == 12)
    }

    @Test("Neither a watch that hangs nor one that fails keeps the others from their checks, and from promoting")
    func independence() async throws {
        let cloud = Cloud([
            "a.example.com": .east, "b.example.com": .hang, "c.example.com": .west, "d.example.com": .west,
        ])
        let assembly = try cloud.assembly(["a", "b", "c", "d"], ["CHECK_INTERVAL_SECONDS": "1"])
        // The datastore of c is not there.
        cloud.change { $0.groups.removeAll { $0 == "ldgnf-c" } }
        let start = cloud.time.now
        let invocation = cloud.invocation(lasting: .seconds(60))
        let function = Self.function(assembly)
        let error = await #expect(throws: SeveralFailures.self) {
            try await cloud.time.run { try await function.handle(invocation) }
        }
        #expect(error?.failures.map(\.identity.watch) == ["c"])
        #expect(error?.description.contains("c: ") == true)
        #expect(error?.lambdaErrorType == "GlobalReplicationGroupNotFoundFault")
        #expect(cloud.lookUps(of: "a.example.com").map { $0 - start } == CheckLoopTests.every(.seconds(1), 60))
        #expect(cloud.lookUps(of: "b.example.com").map { $0 - start } == [.zero, .seconds(30)])
        let promotions = cloud.requests("FailoverGlobalReplicationGroup")
        #expect(promotions.map { Cloud.parameter("GlobalReplicationGroupId", of: $0.body) } == ["ldgnf-d"])
        #expect(promotions.first.map { $0.time - start } == .zero)
        #expect(cloud.time.now - start <= .milliseconds(59_500))
    }

    @Test("A failure that is over when the invocation ends fails nothing")
    func earlierFailure() async throws {
        let cloud = Cloud(["a.example.com": .east, "b.example.com": .east])
        cloud.change { $0.troubles["ListResourceRecordSets"] = .error(403, "AccessDenied") }
        let assembly = try cloud.assembly(["a", "b"], ["CHECK_INTERVAL_SECONDS": "10"])
        let function = Self.function(assembly)
        let invocation = cloud.invocation(lasting: .seconds(60))
        let answer = try await cloud.time.run {
            async let answer = function.handle(invocation)
            try await cloud.sleep(until: invocation.deadline - .seconds(30))
            cloud.change { $0.troubles = [:] }
            return try await answer
        }
        #expect(try Self.reasons(JSONValue(parsing: answer)) == ["a": "standby", "b": "standby"])
    }

    @Test("The pause is read once a minute however many checks and watches there are, and what it says counts at once")
    func pause() async throws {
        let cloud = Cloud(["a.example.com": .east, "b.example.com": .east])
        let assembly = try cloud.assembly(["a", "b"], ["CHECK_INTERVAL_SECONDS": "1", "PAUSE_PARAMETER": "/pause"])
        let start = cloud.time.now
        let function = Self.function(assembly)
        let invocation = cloud.invocation(lasting: .seconds(300))
        _ = try await cloud.time.run {
            async let answer = function.handle(invocation)
            try await cloud.sleep(until: start + .seconds(90))
            cloud.change { $0.parameters["/pause"] = "paused" }
            cloud.change { $0.answers = ["a.example.com": .west, "b.example.com": .west] }
            // The pause of a minute ago still counts, and the two promote; from the next read on they do not.
            try await cloud.sleep(until: start + .seconds(200))
            cloud.change { $0.statuses = [:] }
            return try await answer
        }
        // The other one is the history's.
        let reads = cloud.requests("GetParameter").filter { $0.body.contains(#""/pause""#) }
        #expect(reads.map { $0.time - start } == CheckLoopTests.every(.seconds(60), 5))
        #expect(
            cloud.requests("FailoverGlobalReplicationGroup").map { $0.time - start } == [.seconds(90), .seconds(90)])
    }

    @Test("Reading the pause takes a second at most, and is no call of a check")
    func hangingPause() async throws {
        let cloud = Cloud(["a.example.com": .east])
        cloud.change { $0.troubles["GetParameter"] = .hang }
        let assembly = try cloud.assembly(["a"], ["PAUSE_PARAMETER": "/pause"])
        let start = cloud.time.now
        let answer = try await Self.handle(cloud, Self.function(assembly))
        #expect(answer["reason"] == "standby")
        #expect(cloud.time.now - start == .seconds(1))
        guard case .array(let calls)? = answer["calls"] else {
            Issue.record("no calls: \(answer)")
            return
        }
        #expect(calls.map { $0["name"] } == ["route53:ListResourceRecordSets"])
    }

    @Test("A topic and a history that hang delay no check and fail no invocation", arguments: [nil, "1"])
    func hangingReports(interval: String?) async throws {
        let cloud = Cloud(["a.example.com": .west])
        cloud.change {
            $0.parameters["/pause"] = "running"
            for operation in ["Publish", "PutParameter"] { $0.troubles[operation] = .hang }
        }
        let assembly = try cloud.assembly(
            ["a"],
            [
                "PAUSE_PARAMETER": "/pause", "NOTIFY_TOPIC_ARN": WatchMemberTests.topic("failovers"),
                "CHECK_INTERVAL_SECONDS": interval, "HOLD_DOWN_SECONDS": "600",
            ])
        let start = cloud.time.now
        let log = LogRecorder()
        let function = Self.function(assembly, log)
        let answer = try await Self.handle(cloud, function)
        #expect(cloud.operations.contains("Publish") && cloud.operations.contains("PutParameter"))
        #expect(log.lines.filter { $0.message.hasPrefix("could not tell") }.count >= 2)
        if interval == nil {
            #expect(answer["decision"] == "promote")
            // The promotion had been accepted by then.
            #expect(cloud.time.now - start <= .seconds(6))
        } else {
            // As without topic and history.
            let other = Cloud(["a.example.com": .west])
            let otherStart = other.time.now
            let quiet = try other.assembly(["a"], ["CHECK_INTERVAL_SECONDS": interval, "HOLD_DOWN_SECONDS": "600"])
            _ = try await Self.handle(other, Self.function(quiet))
            #expect(
                cloud.lookUps(of: "a.example.com").map { $0 - start }
                    == other.lookUps(of: "a.example.com").map { $0 - otherStart })
        }
    }

    @Test("What could not be told is told within the same invocation, when that goes on for long")
    func toldLater() async throws {
        let cloud = Cloud(["a.example.com": .west])
        cloud.change { $0.troubles["Publish"] = .error(500, "InternalError") }
        let assembly = try cloud.assembly(
            ["a"], ["NOTIFY_TOPIC_ARN": WatchMemberTests.topic("failovers"), "CHECK_INTERVAL_SECONDS": "1"])
        let function = Self.function(assembly)
        let start = cloud.time.now
        let invocation = cloud.invocation(lasting: .seconds(300))
        _ = try await cloud.time.run {
            async let answer = function.handle(invocation)
            try await cloud.sleep(until: start + .seconds(100))
            cloud.change { $0.troubles = [:] }
            return try await answer
        }
        let attempts = cloud.requests("Publish").map { $0.time - start }
        #expect(attempts.contains { $0 > .seconds(100) && $0 < .seconds(140) })
        // None a second time.
        #expect(attempts.filter { $0 > .seconds(100) }.count == 1)
    }

    @Test("Of a thousand watches, of which a tenth hang or do not resolve, each is decided, at the cost of a few lists")
    func thousand() async throws {
        let labels = (0..<1000).map { "w\($0)" }
        func answer(_ number: Int) -> Cloud.Answer {
            switch number % 20 {
            case 0: .hang
            case 1: .notFound
            default: number % 2 == 0 ? .west : .east
            }
        }
        let answers = labels.enumerated().map { ("\($1).example.com", answer($0)) }
        let cloud = Cloud(Dictionary(uniqueKeysWithValues: answers))
        let assembly = try cloud.assembly(labels)
        let function = Self.function(assembly)
        let start = cloud.time.now
        let problems = try await cloud.time.run { await assembly.warmUp(deadline: start + .seconds(3)).map(\.watch) }
        #expect(problems == [])
        let reasons = try Self.reasons(try await Self.handle(cloud, function))
        for (number, label) in labels.enumerated() {
            let expected =
                switch answer(number) {
                case .hang: "nameServerTimeout"
                case .notFound: "nameNotFound"
                case .west: "activeAndSecondary"
                default: "standby"
                }
            #expect(reasons[label] == expected)
        }
        // A list of all has 10 pages of groups, or 7 of records. One for the start and one for the fresh reads, each
        // begun before everybody had asked.
        #expect(cloud.requests("DescribeGlobalReplicationGroups").count <= 40)
        #expect(cloud.requests("ListResourceRecordSets").count <= 14)
        let promoted = cloud.requests("FailoverGlobalReplicationGroup").compactMap {
            Cloud.parameter("GlobalReplicationGroupId", of: $0.body)
        }
        #expect(promoted.count == Set(promoted).count)
        #expect(Set(promoted) == Set(labels.filter { reasons[$0] == "activeAndSecondary" }.map { "ldgnf-\($0)" }))
        // The healthy ones did not wait for those that hang.
        #expect(cloud.requests.allSatisfy { $0.time == start })
    }
}
