import AWSClient
import EndpointRecords
import Functions
import HTTPTransport
import JSON
import LambdaRuntime
import Testing

/// Time for the function, and no network: its zone and its cluster are fakes.
private struct Clockwork: HTTPExecutor {
    let time: VirtualTime

    var taskExecutor: (any TaskExecutor)? { time }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        throw HTTPTransportError(
            code: .connectFailed, activity: request.url, reason: "no network", requestMayHaveBeenSent: false)
    }

    func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError) {
        try await time.sleep(until: deadline)
    }
}

@Suite("The handler endpoints")
struct EndpointsFunctionTests {
    private static let log = LogRecorder()
    private static let group = "sessions-us-west-2"
    private static let failedOver = [(node: "\(group)-001", role: "replica"), (node: "\(group)-002", role: "primary")]

    /// What an invocation answers, or throws, and how long it took.
    private struct Outcome {
        var answer: Result<JSONValue, any Error>
        var time: Duration

        var errorType: String? {
            if case .failure(let error) = answer { (error as? any LambdaReportable)?.lambdaErrorType } else { nil }
        }
        func member(_ name: String) -> JSONValue? { try? answer.get()[name] }
    }

    private static func invoke(
        _ world: RecordWorld, _ event: String, _ variables: [String: String] = [:], lasting: Duration = .seconds(60)
    ) async throws -> Outcome {
        let environment = [
            "HOSTED_ZONE_ID": "Z123", "REPLICATION_GROUP_ID": group, "RECORD_NAME": "read.example.com",
        ].merging(variables) { $1 }
        let configuration = try EndpointsConfiguration(environment: environment)
        let time = VirtualTime()
        var settings = configuration.settings
        settings.region = "us-west-2"
        let records = RecordSync(
            settings: settings, zone: world, cluster: world,
            timing: RecordTiming(
                now: { time.now }, sleep: { try await time.sleep(until: time.now + $0) }, random: { 0.5 }))
        let function = EndpointsFunction(
            assembly: EndpointsAssembly(
                configuration: configuration, region: "us-west-2", records: records, executor: Clockwork(time: time),
                now: { time.now }), logger: log.logger)
        let start = time.now
        return try await time.run {
            let invocation = Invocation(requestID: "1", deadline: start + lasting, payload: Array(event.utf8))
            do {
                let answer = try JSONValue(parsing: try await function.handle(invocation))
                return Outcome(answer: .success(answer), time: time.now - start)
            } catch { return Outcome(answer: .failure(error), time: time.now - start) }
        }
    }

    private static func message(_ name: String, group: String = group) -> String {
        let message = JSONValue.object([
            .init("ElastiCache:\(name)", .string("\(group)-002")), .init("Replication Group ID", .string(group)),
        ])
        let text = String(decoding: message.serialized(), as: UTF8.self)
        let event: JSONValue = ["Records": [["EventSource": "aws:sns", "Sns": ["Message": .string(text)]]]]
        return String(decoding: event.serialized(), as: UTF8.self)
    }

    @Test("An event of the cluster brings the records up to date; one of another cluster asks nobody")
    func events() async throws {
        let world = RecordWorld()
        world.change { $0.roles = Self.failedOver }
        let other = try await Self.invoke(world, Self.message("FailoverComplete", group: "another"))
        #expect(other.member("result") == .string("ignored"))
        #expect(world.current.calls == 0)
        let own = try await Self.invoke(world, Self.message("FailoverComplete"))
        #expect(own.member("result") == .string("changed"))
        #expect(
            world.current.sets.map(\.values) == [["\(Self.group)-001.\(Self.group).abc123.usw2.cache.amazonaws.com"]])
    }

    @Test("What AWS does not tell yet after an event is asked again, until it does")
    func ahead() async throws {
        let world = RecordWorld { state, looks in
            // From the fourth look on.
            (state.roles, state.status) =
                looks < 4 ? ([("\(Self.group)-001", nil)], "modifying") : (Self.failedOver, "available")
        }
        let outcome = try await Self.invoke(world, Self.message("FailoverComplete"))
        #expect(outcome.member("result") == .string("changed"))
        #expect(world.current.sets.count == 1)
        #expect((.seconds(6)...(.seconds(8))).contains(outcome.time))
    }

    @Test("Not for ever, and not without an event", arguments: [true, false])
    func bounds(isEvent: Bool) async throws {
        let world = RecordWorld()
        world.change { $0.status = "modifying" }
        let outcome = try await Self.invoke(
            world, isEvent ? Self.message("FailoverComplete") : #"{"source":"aws.events"}"#)
        // It comes right by itself, or with the next tick: no failure.
        #expect(outcome.errorType == nil)
        #expect(world.current.sets.isEmpty)
        #expect(isEvent ? (.seconds(15)...(.seconds(30))).contains(outcome.time) : outcome.time == .zero)
    }

    @Test("Nor is an invocation used up that has little time")
    func shortInvocation() async throws {
        let world = RecordWorld()
        world.change { $0.status = "modifying" }
        let outcome = try await Self.invoke(world, Self.message("FailoverComplete"), lasting: .seconds(6))
        #expect(outcome.time == .zero)
    }

    @Test("What time will not mend fails the invocation: nobody reads its answer")
    func unsettled() async throws {
        let outcome = try await Self.invoke(RecordWorld(), Self.message("FailoverComplete"))
        #expect(outcome.errorType == "Unsettled")
        #expect(outcome.time == .zero)
    }

    @Test("A promotion that the datastore does not tell yet is waited for; another event does not hurry it")
    func promotion() async throws {
        func world() -> RecordWorld {
            let world = RecordWorld { state, looks in state.primary = looks < 3 ? "us-east-1" : "us-west-2" }
            world.change { $0.roles = Self.failedOver }
            return world
        }
        let variables = ["PRIMARY_RECORD_NAME": "redis.example.com"]
        let promoted = world()
        _ = try await Self.invoke(promoted, Self.message("ReplicationGroupPromotedAsPrimary"), variables)
        #expect(promoted.current.record?.values == ["master.\(Self.group).abc123.usw2.cache.amazonaws.com"])
        let other = world()
        let outcome = try await Self.invoke(other, Self.message("FailoverComplete"), variables)
        #expect(other.current.record == nil)
        #expect(outcome.errorType == nil)
        #expect(outcome.member("standing") == .string("standby"))
    }

    @Test("A name that is taken fails the invocation, and the replicas follow all the same")
    func occupied() async throws {
        let world = RecordWorld()
        world.change {
            $0.roles = Self.failedOver
            $0.record = ResourceRecordSet(name: "redis.example.com", type: "A", ttl: 60, values: ["192.0.2.1"])
        }
        let outcome = try await Self.invoke(
            world, Self.message("FailoverComplete"), ["PRIMARY_RECORD_NAME": "redis.example.com"])
        #expect(outcome.errorType == "NameOccupied")
        #expect(world.current.sets.map(\.name) == ["redis.example.com", "read1.example.com"])
    }

    @Test("After a detachment the name is not taken back from the cluster that has left")
    func outsider() async throws {
        let world = RecordWorld()
        let gone = "master.sessions-eu.abc123.euw1.cache.amazonaws.com"
        world.change {
            $0.roles = Self.failedOver
            $0.record = ResourceRecordSet(name: "redis.example.com", type: "CNAME", ttl: 10, values: [gone])
        }
        let outcome = try await Self.invoke(
            world, #"{"source":"aws.events"}"#, ["PRIMARY_RECORD_NAME": "redis.example.com"])
        #expect(outcome.errorType == "RecordOfOutsider")
        #expect(world.current.record?.values == [gone])
    }

    @Test("A dry run says what would be, and a failure of AWS is one of the invocation")
    func theRest() async throws {
        let world = RecordWorld()
        world.change { $0.roles = Self.failedOver }
        let tried = try await Self.invoke(world, "", ["DRY_RUN": "true"])
        #expect(tried.member("result") == .string("planned"))
        #expect(world.current.changes == 0)
        world.change { $0.failure = AWSError(.refused, "not authorized") }
        let failed = try await Self.invoke(world, "", ["PRIMARY_RECORD_NAME": "redis.example.com"])
        #expect((try? failed.answer.get()) == nil)
    }
}
