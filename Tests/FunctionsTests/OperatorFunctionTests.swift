import JSON
import LambdaRuntime
import Promotion
import Testing

@testable import Functions

@Suite("The function operator")
struct OperatorFunctionTests {
    static func answer(
        _ payload: String, _ cloud: Cloud, _ assembly: PromoterAssembly, lasting: Duration = .seconds(300)
    ) async throws -> JSONValue {
        let function = OperatorFunction(assembly: assembly, logger: LogRecorder().logger)
        let invocation = cloud.invocation(lasting: lasting, payload)
        return try JSONValue(parsing: try await cloud.time.run { try await function.handle(invocation) })
    }

    static func promotions(_ cloud: Cloud) -> [String?] {
        cloud.requests("FailoverGlobalReplicationGroup").map {
            Cloud.parameter("GlobalReplicationGroupId", of: $0.body)
        }
    }

    @Test("Status shows each watch, also one that cannot be read, and changes nothing")
    func status() async throws {
        let cloud = Cloud(["a.example.com": .west, "b.example.com": .east])
        let assembly = try cloud.assembly(["a", "b"])
        cloud.change { $0.groups = ["ldgnf-a"] }
        let answer = try await Self.answer(#"{"command":"status"}"#, cloud, assembly)
        #expect(answer["command"] == "status")
        let watches = try SeveralWatchesTests.watches(answer)
        #expect(watches.map { $0["watch"] } == ["a", "b"])
        #expect(watches.first?["activeRegion"] == "us-west-2")
        #expect(watches.first?["check"]?["decision"] == "promote")
        #expect(watches.last?["error"] != nil)
        #expect(Self.promotions(cloud) == [])
        let one = try await Self.answer(#"{"command":"status","watch":"b"}"#, cloud, assembly)
        #expect(try SeveralWatchesTests.watches(one).map { $0["watch"] } == ["b"])
    }

    @Test(
        "A watch that is not there is refused, for any command",
        arguments: ["status", "failover", "switchover", "history"])
    func unknownWatch(command: String) async throws {
        let cloud = Cloud()
        let assembly = try cloud.assembly(["a", "b"], ["PAUSE_PARAMETER": "/pause"])
        let error = await #expect(throws: OperatorError.self) {
            try await Self.answer(#"{"command":"\#(command)","watch":"c"}"#, cloud, assembly)
        }
        #expect(error?.description.contains("a, b") == true)
        #expect(cloud.operations == [])
    }

    @Test("A pause that is written down holds the promoter of the next process, until it is resumed")
    func pause() async throws {
        let cloud = Cloud(["a.example.com": .west])
        let assembly = try cloud.assembly(["a"], ["PAUSE_PARAMETER": "/pause"])
        _ = try await Self.answer(#"{"command":"pause","by":"ops","reason":"patching"}"#, cloud, assembly)
        let held = try await SeveralWatchesTests.handle(
            cloud, SeveralWatchesTests.function(try cloud.assembly(["a"], ["PAUSE_PARAMETER": "/pause"])))
        #expect(held["reason"] == "pausedByOperator")
        #expect(held["detail"]?["by"] == "ops" && held["detail"]?["reason"] == "patching")
        #expect(Self.promotions(cloud) == [])
        _ = try await Self.answer(#"{"command":"resume"}"#, cloud, assembly)
        let running = try await SeveralWatchesTests.handle(
            cloud, SeveralWatchesTests.function(try cloud.assembly(["a"], ["PAUSE_PARAMETER": "/pause"])))
        #expect(running["decision"] == "promote")
    }

    @Test(
        "A parameter that did not exist is said to be created: its name may be mistyped",
        arguments: ["pause", "resume"], [false, true])
    func created(command: String, exists: Bool) async throws {
        let cloud = Cloud()
        let assembly = try cloud.assembly(["a"], ["PAUSE_PARAMETER": "/pause"])
        if exists { cloud.change { $0.parameters["/pause"] = "running" } }
        let answer = try await Self.answer(#"{"command":"\#(command)"}"#, cloud, assembly)
        #expect(answer["created"] == .bool(!exists))
        #expect(answer["parameter"] == "/pause")
        // People read the message.
        guard case .string(let message)? = answer["message"] else {
            throw JSONError(path: "message", reason: "is none")
        }
        #expect(message.contains("/pause") == !exists)
    }

    @Test("A promotion of whose end nobody knows is not shown as one that is under way")
    func notSeen() async throws {
        let cloud = Cloud()
        let assembly = try cloud.assembly(["a"], ["PAUSE_PARAMETER": "/pause"])
        let now = WallClockTime.now()
        func entry(_ time: WallClockTime, _ outcome: String) -> JSONValue {
            [
                "time": .string(time.rfc3339), "watch": "a", "group": "ldgnf-a", "member": "m", "region": "us-west-2",
                "outcome": .string(outcome),
            ]
        }
        let old = WallClockTime(millisecondsSince1970: now.millisecondsSince1970 - 86_400_000)
        let list = JSONValue.array([entry(now, "begun"), entry(old, "begun"), entry(old, "finished")])
        cloud.change { $0.parameters["/pause-history"] = String(decoding: list.serialized(), as: UTF8.self) }
        let answer = try await Self.answer(#"{"command":"history"}"#, cloud, assembly)
        #expect(
            MetricsRecorderTests.array(answer["promotions"]).map { $0["outcome"] } == ["begun", "notSeen", "finished"])
    }

    @Test("Whoever invoked it is told what kind of failure it was, as with the checks")
    func errorTypes() async throws {
        let cloud = Cloud()
        let assembly = try cloud.assembly(["a"], ["PAUSE_PARAMETER": "/pause"])
        cloud.change { $0.parameters["/pause-history"] = "[{" }
        func type(_ command: String) async -> String? {
            do { _ = try await Self.answer(#"{"command":"\#(command)"}"#, cloud, assembly) } catch {
                return (error as? any LambdaReportable)?.lambdaErrorType
            }
            return nil
        }
        #expect(await type("history") == "HistoryUnreadable")
        cloud.change { $0.troubles["PutParameter"] = .error(400, "AccessDeniedException") }
        #expect(await type("pause") == "AccessDeniedException")
    }

    @Test("Pause, resume and history need PAUSE_PARAMETER, and say so", arguments: ["pause", "resume", "history"])
    func withoutParameter(command: String) async throws {
        let cloud = Cloud()
        let assembly = try cloud.assembly(["a"])
        let error = await #expect(throws: OperatorError.self) {
            try await Self.answer(#"{"command":"\#(command)"}"#, cloud, assembly)
        }
        #expect(error?.description.contains("PAUSE_PARAMETER") == true)
    }

    @Test("A pause that could not be written fails the invocation")
    func pauseNotWritten() async throws {
        let cloud = Cloud()
        cloud.change { $0.troubles["PutParameter"] = .refuse }
        let assembly = try cloud.assembly(["a"], ["PAUSE_PARAMETER": "/pause"])
        await #expect(throws: (any Error).self) { try await Self.answer(#"{"command":"pause"}"#, cloud, assembly) }
    }

    @Test("An order to a member that is primary already is done")
    func inPlace() async throws {
        let cloud = Cloud()
        let assembly = try cloud.assembly(["a"])
        cloud.change { $0.primaries = ["ldgnf-a"] }
        let answer = try await Self.answer(#"{"command":"failover"}"#, cloud, assembly)
        #expect(try SeveralWatchesTests.watches(answer).map { $0["outcome"] } == ["wasInPlace"])
        #expect(Self.promotions(cloud) == [])
    }

    @Test("A failover is followed until the member is primary, whatever DNS and the pause say, and is in the history")
    func failover() async throws {
        let cloud = Cloud(["a.example.com": .east, "b.example.com": .east])
        cloud.change { $0.parameters["/pause"] = "paused" }
        let assembly = try cloud.assembly(["a", "b"], ["PAUSE_PARAMETER": "/pause"])
        let start = cloud.time.now
        cloud.change { $0.promotionTime = .seconds(80) }
        let answer = try await Self.answer(#"{"command":"failover","watch":"b","by":"ops"}"#, cloud, assembly)
        let watches = try SeveralWatchesTests.watches(answer)
        #expect(watches.map { $0["watch"] } == ["b"])
        #expect(watches.map { $0["outcome"] } == ["promoted"])
        #expect(Self.promotions(cloud) == ["ldgnf-b"])
        #expect(cloud.time.now - start >= .seconds(80))
        let history = try await Self.answer(#"{"command":"history"}"#, cloud, assembly)
        let entries = MetricsRecorderTests.array(history["promotions"])
        #expect(entries.map { $0["outcome"] } == ["finished"])
        #expect(entries.map { $0["by"] } == ["ops"])
        let others = try await Self.answer(#"{"command":"history","watch":"a"}"#, cloud, assembly)
        #expect(MetricsRecorderTests.array(others["promotions"]).isEmpty)
    }

    @Test(
        "An order that cannot be carried out fails the invocation, which stops the plan, and says why",
        arguments: ["GlobalReplicationGroupNotFoundFault", "AccessDenied"])
    func failure(code: String) async throws {
        let cloud = Cloud()
        cloud.change { $0.troubles["FailoverGlobalReplicationGroup"] = .error(403, code) }
        let assembly = try cloud.assembly(["a", "b"])
        let plan = #"{"planArn":"\#(OperatorEventTests.plan)","action":"activate"}"#
        let error = await #expect(throws: OrderNotCarriedOut.self) { try await Self.answer(plan, cloud, assembly) }
        #expect(error?.failures.count == 2)
        #expect(error?.description.contains(code) == true)
        #expect(error?.lambdaErrorType == "OrderNotCarriedOut")
    }

    @Test("Of two watches the one that can be is promoted, and the other one named")
    func partly() async throws {
        let cloud = Cloud()
        let assembly = try cloud.assembly(["a", "b"])
        cloud.change {
            $0.groups = ["ldgnf-b"]
            $0.promotionTime = .seconds(80)
        }
        let error = await #expect(throws: OrderNotCarriedOut.self) {
            try await Self.answer(#"{"command":"failover"}"#, cloud, assembly)
        }
        #expect(error?.failures.map { $0.hasPrefix("a: ") } == [true])
        #expect(Self.promotions(cloud) == ["ldgnf-b"])
    }

    @Test("A promotion that is not over by the deadline is a failure, and answered before it")
    func tooLate() async throws {
        let cloud = Cloud()
        let assembly = try cloud.assembly(["a"])
        let start = cloud.time.now
        let error = await #expect(throws: OrderNotCarriedOut.self) {
            try await Self.answer(#"{"command":"failover"}"#, cloud, assembly, lasting: .seconds(60))
        }
        #expect(error != nil)
        #expect(cloud.time.now - start < .seconds(60))
        #expect(Self.promotions(cloud) == ["ldgnf-a"])
    }

    @Test("A switchover is refused where the lag is not known, and nothing is changed")
    func switchover() async throws {
        let cloud = Cloud()
        let assembly = try cloud.assembly(["a"])
        cloud.change { $0.troubles["ListMetrics"] = .refuse }
        await #expect(throws: OrderNotCarriedOut.self) {
            try await Self.answer(#"{"command":"switchover"}"#, cloud, assembly)
        }
        #expect(Self.promotions(cloud) == [])
    }

    @Test("With DRY_RUN an order is not carried out, and that is no success", arguments: ["failover", "detach"])
    func dryRun(command: String) async throws {
        let cloud = Cloud()
        let assembly = try cloud.assembly(["a"], ["DRY_RUN": "true"])
        await #expect(throws: OrderNotCarriedOut.self) {
            try await Self.answer(#"{"command":"\#(command)"}"#, cloud, assembly)
        }
        #expect(cloud.operations.allSatisfy { $0.hasPrefix("Describe") })
    }
}
