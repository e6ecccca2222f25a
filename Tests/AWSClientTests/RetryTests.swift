import HTTPTransport
import Testing

@testable import AWSClient

@Suite struct RetryTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var outcomes: [FakeExecutor.Outcome]
        var environment: [String: String] = [:]
        var attempts: Int
        /// With a random number of 0.5.
        var delays: [Duration]
        var succeeds = false

        var testDescription: String { name }
    }

    private static let lost = FakeExecutor.Outcome.failure(.connectionLost, sent: true)
    private static let throttled = FakeExecutor.Outcome.error(400, "Throttling")

    static let cases = [
        Case(name: "success", outcomes: [.identity], attempts: 1, delays: [], succeeds: true),
        Case(
            name: "500 twice, then success", outcomes: [.xml(500, ""), .xml(500, "<html>"), .identity], attempts: 3,
            delays: [.milliseconds(25), .milliseconds(50)], succeeds: true),
        Case(
            name: "503 for ever", outcomes: [.xml(503, "")], attempts: 3,
            delays: [.milliseconds(25), .milliseconds(50)]),
        Case(
            name: "502", outcomes: [.xml(502, ""), .identity], attempts: 2, delays: [.milliseconds(25)], succeeds: true),
        Case(
            name: "504", outcomes: [.xml(504, ""), .identity], attempts: 2, delays: [.milliseconds(25)], succeeds: true),
        Case(name: "501", outcomes: [.xml(501, "")], attempts: 1, delays: []),
        Case(name: "lost", outcomes: [lost, .identity], attempts: 2, delays: [.milliseconds(25)], succeeds: true),
        Case(
            name: "one attempt's time is over", outcomes: [.failure(.deadlineExceeded, sent: true), .identity],
            attempts: 2,
            delays: [.milliseconds(25)], succeeds: true),
        Case(
            name: "throttled", outcomes: [throttled, throttled, .identity], attempts: 3,
            delays: [.milliseconds(500), .seconds(1)], succeeds: true),
        Case(
            name: "PriorRequestNotComplete", outcomes: [.error(400, "PriorRequestNotComplete"), .identity], attempts: 2,
            delays: [.milliseconds(500)], succeeds: true),
        Case(
            name: "RequestTimeout", outcomes: [.error(400, "RequestTimeout"), .identity], attempts: 2,
            delays: [.milliseconds(25)], succeeds: true),
        Case(name: "refused", outcomes: [.error(400, "ValidationError")], attempts: 1, delays: []),
        Case(name: "denied", outcomes: [.error(403, "AccessDenied")], attempts: 1, delays: []),
        Case(name: "not to be sent", outcomes: [.failure(.invalidRequest, sent: false)], attempts: 1, delays: []),
        Case(name: "too large", outcomes: [.failure(.bodyTooLarge, sent: true)], attempts: 1, delays: []),
        Case(name: "cancelled", outcomes: [.failure(.cancelled, sent: true)], attempts: 1, delays: []),
        Case(
            name: "AWS_MAX_ATTEMPTS=1", outcomes: [.xml(500, "")], environment: ["AWS_MAX_ATTEMPTS": "1"], attempts: 1,
            delays: []),
        Case(
            name: "AWS_MAX_ATTEMPTS=8, the delay ends growing at 20 s", outcomes: [throttled],
            environment: ["AWS_MAX_ATTEMPTS": "8"], attempts: 8,
            delays: [0.5, 1, 2, 4, 8, 10, 10].map { Duration.seconds($0) }),
        Case(
            name: "the server asks for more",
            outcomes: [.error(400, "Throttling", headers: ["x-amz-retry-after": "1500"]), .identity],
            attempts: 2, delays: [.milliseconds(1500)], succeeds: true),
        Case(
            name: "the server asks for less",
            outcomes: [.error(400, "Throttling", headers: ["x-amz-retry-after": "1"]), .identity],
            attempts: 2, delays: [.milliseconds(500)], succeeds: true),
        Case(
            name: "the server asks for too much",
            outcomes: [.error(400, "Throttling", headers: ["X-Amz-Retry-After": "3600000"]), .identity], attempts: 2,
            delays: [.milliseconds(5500)], succeeds: true),
        Case(
            name: "the server asks for nonsense",
            outcomes: [.error(400, "Throttling", headers: ["X-Amz-Retry-After": "-5"]), .identity], attempts: 2,
            delays: [.milliseconds(500)], succeeds: true),
    ]

    @Test("Attempts and delays are those of the standard mode", arguments: cases)
    func standard(_ testCase: Case) async throws {
        let world = World()
        let executor = FakeExecutor(sequence: testCase.outcomes)
        let client = try world.client(executor, World.keys.merging(testCase.environment) { $1 })
        let error = await awsError {
            try await STS(client).getCallerIdentity(deadline: world.current.now + .seconds(600))
        }
        #expect((error == nil) == testCase.succeeds)
        #expect(error?.outcomeIsUnknown != true)
        #expect(executor.requests.count == testCase.attempts)
        #expect(world.current.slept == testCase.delays)
        #expect(error == nil || error?.attempts == testCase.attempts)
        #expect(world.current.calls.map(\.attempts) == [testCase.attempts])
    }

    @Test("A delay beyond the deadline is not waited for, and the last error is what is thrown")
    func deadline() async throws {
        let world = World()
        let executor = FakeExecutor(.error(400, "Throttling"))
        let client = try world.client(executor)
        let error = await awsError {
            try await STS(client).getCallerIdentity(deadline: world.current.now + .milliseconds(1500))
        }
        #expect(error?.awsCode == "Throttling")
        #expect(executor.requests.count == 2)
        #expect(world.current.slept == [.milliseconds(500)])
    }

    @Test("An attempt may take five seconds, and no longer than the deadline")
    func attemptTimeout() async throws {
        let world = World()
        let executor = FakeExecutor { _, _ in
            world.advance(by: .seconds(5))
            return .failure(.deadlineExceeded, sent: true)
        }
        let start = world.current.now
        let client = try world.client(executor)
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: start + .seconds(9)) }
        #expect(error?.code == .deadlineExceeded)
        #expect(executor.seen.map(\.deadline) == [start + .seconds(5), start + .seconds(9)])
    }

    @Test("Past the deadline nothing is sent")
    func past() async throws {
        let world = World()
        let executor = FakeExecutor(.identity)
        let client = try world.client(executor)
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.current.now) }
        #expect(error?.code == .deadlineExceeded)
        #expect(executor.requests.isEmpty)
        #expect(world.current.calls.isEmpty)
    }

    @Test("A cancelled wait ends the call")
    func cancelled() async throws {
        let world = World()
        var hooks = world.hooks
        hooks.sleep = { _ in throw CancellationError() }
        let executor = FakeExecutor(.xml(500, ""))
        let client = AWSClient(configuration: try world.configuration(), executor: executor, hooks: hooks)
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
        #expect(error?.code == .cancelled)
        #expect(executor.requests.count == 1)
    }

    @Test("When the bucket is empty there are no retries, until successes fill it")
    func bucket() async throws {
        let world = World()
        let server = Switch()
        let executor = FakeExecutor { _, _ in server.isOn ? .identity : .xml(500, "") }
        let client = try world.client(executor)
        // 17 calls of two retries at 14 leave 24: one retry more, then none.
        var attempts: [Int] = []
        for _ in 0..<19 {
            let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
            attempts.append(error?.attempts ?? 0)
        }
        #expect(attempts == Array(repeating: 3, count: 17) + [2, 1])
        server.isOn = true
        for _ in 0..<4 { _ = try await STS(client).getCallerIdentity(deadline: world.deadline) }
        server.isOn = false
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
        #expect(error?.attempts == 2)
    }

    @Test("A success after a retry gives back what the last retry took")
    func quota() {
        var quota = RetryQuota()
        #expect(quota.take(for: .transient) == 14)
        #expect(quota.take(for: .throttling) == 5)
        quota.giveBack(5)
        #expect(quota.tokens == 486)
        quota.giveBack(nil)
        #expect(quota.tokens == 487)
        for _ in 0..<20 { quota.giveBack(nil) }
        #expect(quota.tokens == RetryQuota.capacity)
    }

    @Test("All attempts share body, body hash and invocation id, and count up")
    func headers() async throws {
        let world = World()
        world.change { $0.traceID = "Root=1-5759e988" }
        let executor = FakeExecutor(.xml(500, ""), .error(400, "Throttling"), .identity)
        let client = try world.client(executor)
        _ = try await STS(client).getCallerIdentity(deadline: world.deadline)
        _ = try await STS(client).getCallerIdentity(deadline: world.deadline)
        let requests = executor.requests.prefix(3)
        #expect(Set(requests.map { $0.headers["amz-sdk-invocation-id"] }).count == 1)
        #expect(Set(executor.requests.map { $0.headers["amz-sdk-invocation-id"] }).count == 2)
        #expect(
            requests.map { $0.headers["amz-sdk-request"] } == [
                "attempt=1; max=3", "attempt=2; max=3", "attempt=3; max=3",
            ])
        #expect(Set(requests.map(\.body)).count == 1)
        for request in requests {
            #expect(request.headers["X-Amzn-Trace-Id"] == "Root=1-5759e988")
            #expect(request.headers["User-Agent"] == "global-promoter/1.2.3 ua/2.1 os/linux lang/swift#6")
            for name in ["X-Amz-Date", "Authorization", "amz-sdk-request"] {
                #expect(request.headers.fields.filter { $0.name.lowercased() == name.lowercased() }.count == 1)
            }
            #expect(
                request.headers["Authorization"]?.contains(
                    "amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date") == true)
        }
    }

    @Test("Every attempt has the time that it is made at")
    func dates() async throws {
        let world = World()
        let executor = FakeExecutor { _, _ in
            world.advance(by: .seconds(3))
            return .xml(500, "")
        }
        let client = try world.client(executor)
        _ = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
        #expect(
            executor.requests.map { $0.headers["X-Amz-Date"] }
                == ["20150830T123600Z", "20150830T123603Z", "20150830T123606Z"])
        #expect(Set(executor.requests.map { $0.headers["Authorization"] }).count == 3)
    }

    @Test("An invocation id is a random UUID")
    func invocationID() {
        let ids = (0..<100).map { _ in InvocationID.make() }
        #expect(Set(ids).count == 100)
        #expect(
            ids.allSatisfy {
                $0.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil
            })
    }
}
