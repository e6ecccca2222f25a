import Functions
import JSON
import LambdaRuntime
import Testing

@Suite("The handler probe")
struct ProbeFunctionTests {
    static let log = LogRecorder()

    @Test("Without an interval an invocation is one probe and one request")
    func once() async throws {
        let world = ProbeWorld()
        let function = try world.function(logger: Self.log.logger)
        let answer = try await world.invoke(function)
        #expect(answer["healthy"] == .bool(true))
        #expect(answer["status"] == .integer(1))
        #expect(world.probes(of: "redis.test") == [.zero])
        #expect(world.published.count == 1)
        let published = try #require(world.published.first)
        #expect(published.members["Action"] == "PutMetricData")
        #expect(published.members["Namespace"] == "Custom%2FRedis")
        #expect(published.values("HealthCheckStatus") == [1])
        #expect(published.values("HealthCheckLatency") == [0])
        // As in the published recipe: no dimensions, of the resolution that Route 53 follows.
        #expect(!published.members.keys.contains { $0.contains("Dimensions") })
        #expect(published.members["MetricData.member.1.StorageResolution"] == "60")
    }

    @Test("An unhealthy endpoint is a result and no failure; its latency says nothing")
    func unhealthy() async throws {
        let world = ProbeWorld()
        world.change { $0.servers["redis.test"] = .readOnly }
        let answer = try await world.invoke(try world.function(logger: Self.log.logger))
        #expect(answer["healthy"] == .bool(false))
        #expect(answer["status"] == .integer(0))
        #expect(answer["reason"] == .string("write"))
        #expect(answer["code"] == .string("READONLY"))
        let published = try #require(world.published.first)
        #expect(published.values("HealthCheckStatus") == [0])
        #expect(published.values("HealthCheckLatency").isEmpty)
    }

    @Test("With an interval it probes until the invocation has to be answered, and publishes in few requests")
    func continuous() async throws {
        let world = ProbeWorld()
        let function = try world.function(["PROBE_INTERVAL_SECONDS": "5"], logger: Self.log.logger)
        let answer = try await world.invoke(function, lasting: .seconds(58))
        #expect(world.probes(of: "redis.test") == (0..<12).map { .seconds(5) * $0 })
        #expect(answer["probes"] == .integer(12))
        // At once since it became healthy, each ten seconds, and at the end.
        #expect(world.published.count <= 7)
        #expect(world.published.flatMap { $0.values("HealthCheckStatus") }.count == 12)
    }

    @Test("PostgreSQL beside Redis: it is unhealthy after three failures, and not after one")
    func bothKinds() async throws {
        let world = ProbeWorld()
        let list = #"""
            [{"redisHost":"redis.test"},
             {"postgresHost":"db.test","postgresTlsMode":"disable","postgresProbe":"read","expectRole":"primary"}]
            """#
        let login = ["PROBES": list, "POSTGRES_USERNAME": "probe", "POSTGRES_PASSWORD": "secret"]
        let function = try world.function(login, logger: Self.log.logger)
        for (isClosed, statuses) in [(false, [1, 1]), (true, [0, 1]), (true, [0, 1]), (true, [0, 0])] {
            world.change { state in
                for host in ["redis.test", "db.test"] { state.servers[host] = isClosed ? .closed : .good }
            }
            let answer = try await world.invoke(function)
            guard case .array(let probes)? = answer["probes"] else {
                Issue.record("no probes")
                return
            }
            #expect(probes.map { $0["status"] } == statuses.map { .integer(Int64($0)) })
            #expect(probes.map { $0["reason"] } == Array(repeating: isClosed ? .string("connect") : nil, count: 2))
        }
    }

    @Test("A change of health is published at once")
    func change() async throws {
        let world = ProbeWorld()
        let function = try world.function(["PROBE_INTERVAL_SECONDS": "1"], logger: Self.log.logger)
        let start = world.time.now
        _ = try await world.invoke(
            function, lasting: .seconds(30), (.milliseconds(12_500), { $0.servers["redis.test"] = .closed }))
        let told = try #require(world.published.first { $0.values("HealthCheckStatus").contains(0) })
        #expect(told.time - start == .seconds(13))
    }

    @Test("Single glitches do not reach the metric, and the answer tells both")
    func smoothing() async throws {
        let world = ProbeWorld()
        let function = try world.function(["FAILURES_TO_UNHEALTHY": "2"], logger: Self.log.logger)
        var statuses: [JSONValue?] = []
        for isUp in [true, false, true, false, false] {
            world.change { $0.servers["redis.test"] = isUp ? .good : .closed }
            let answer = try await world.invoke(function)
            #expect(answer["healthy"] == .bool(isUp))
            statuses.append(answer["status"])
        }
        #expect(statuses == [1, 1, 1, 1, 0].map { .integer($0) })
        #expect(world.published.map { $0.values("HealthCheckStatus") } == [[1], [1], [1], [1], [0]])
    }

    @Test("What could not be published fails the invocation, and is published with the next")
    func notPublished() async throws {
        let world = ProbeWorld()
        let function = try world.function(["AWS_MAX_ATTEMPTS": "1"], logger: Self.log.logger)
        world.change { $0.isRefusing = true }
        let error = await #expect(throws: (any Error).self) { try await world.invoke(function) }
        #expect((error as? any LambdaReportable)?.lambdaErrorType == "MetricsNotPublished")
        world.change { $0.isRefusing = false }
        _ = try await world.invoke(function)
        #expect(world.published.flatMap { $0.values("HealthCheckStatus") } == [1, 1])
    }

    @Test("A moment in which nothing can be published is no failure where it is made up for")
    func publishedLater() async throws {
        let world = ProbeWorld()
        let function = try world.function(
            ["PROBE_INTERVAL_SECONDS": "5", "AWS_MAX_ATTEMPTS": "1"], logger: Self.log.logger)
        world.change { $0.isRefusing = true }
        _ = try await world.invoke(function, lasting: .seconds(58), (.seconds(33), { $0.isRefusing = false }))
        #expect(world.published.flatMap { $0.values("HealthCheckStatus") }.count == 12)
    }

    @Test("However many have something to tell, CloudWatch is not asked more often where it refuses")
    func refusing() async throws {
        let world = ProbeWorld()
        world.change { $0.isRefusing = true }
        let function = try world.function(
            ["PROBE_INTERVAL_SECONDS": "1", "AWS_MAX_ATTEMPTS": "1"], hosts: (0..<100).map { "redis-\($0).test" },
            logger: Self.log.logger)
        await #expect(throws: (any Error).self) { try await world.invoke(function, lasting: .seconds(58)) }
        // At the first news, every ten seconds, and at the end.
        #expect(world.refused <= 7)
        #expect(world.refused > 3)
        // Nothing is lost by it.
        world.change { $0.isRefusing = false }
        _ = try await world.invoke(function, lasting: .seconds(10))
        let statuses = world.published.flatMap { $0.values("HealthCheckStatus") }
        #expect(statuses.count == 100 * (world.probes(of: "redis-0.test").count))
    }

    @Test("Many are probed at the same time: one that hangs holds up no other")
    func many() async throws {
        let world = ProbeWorld()
        let hosts = (0..<100).map { "redis-\($0).test" }
        world.change { state in
            state.servers["redis-7.test"] = .hang
            state.servers["redis-8.test"] = .slow(.milliseconds(300))
        }
        let function = try world.function(["CONNECT_TIMEOUT_SECONDS": "1"], hosts: hosts, logger: Self.log.logger)
        let start = world.time.now
        let answer = try await world.invoke(function)
        #expect(world.time.now - start == .seconds(1))
        #expect(answer["healthy"] == .bool(false))
        guard case .array(let results)? = answer["probes"] else {
            Issue.record("no results")
            return
        }
        #expect(results.count == 100)
        #expect(results.filter { $0["healthy"] == .bool(false) }.map { $0["probe"] } == [.string("redis-7.test:6379")])
        #expect(results[7]["reason"] == .string("timeout"))
        // All in one request, each metric by a dimension of its own.
        let published = try #require(world.published.first)
        #expect(world.published.count == 1)
        #expect(published.values("HealthCheckStatus").count == 100)
        let names = published.members.filter { $0.key.hasSuffix("Dimensions.member.1.Value") }.values
        #expect(Set(names).count == 100)
    }

    @Test("An endpoint that hangs in the invocation's last seconds does not cost the invocation")
    func deadline() async throws {
        let world = ProbeWorld()
        world.change { $0.servers["redis.test"] = .hang }
        let function = try world.function(["CONNECT_TIMEOUT_SECONDS": "30"], logger: Self.log.logger)
        let start = world.time.now
        let answer = try await world.invoke(function, lasting: .seconds(10))
        #expect(answer["reason"] == .string("timeout"))
        #expect(world.time.now - start < .seconds(9))
        #expect(world.published.count == 1)
    }

    @Test("A probe that the end of the invocation cuts short says nothing of a server that is only slow")
    func cutShort() async throws {
        let world = ProbeWorld()
        // Of ten seconds half a one is for the answer, and two are for publishing: the probe that begins at 7 s is cut.
        world.change { $0.servers["redis.test"] = .slow(.milliseconds(800)) }
        let function = try world.function(["PROBE_INTERVAL_SECONDS": "1"], logger: Self.log.logger)
        let answer = try await world.invoke(function, lasting: .seconds(10))
        #expect(world.probes(of: "redis.test").count == 8)
        #expect(answer["probes"] == .integer(7))
        #expect(answer["healthy"] == .bool(true))
        #expect(world.published.flatMap { $0.values("HealthCheckStatus") } == Array(repeating: 1, count: 7))
    }
}
