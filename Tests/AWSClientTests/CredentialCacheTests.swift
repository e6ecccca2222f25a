import HTTPTransport
import Synchronization
import Testing

@testable import AWSClient

@Suite(.timeLimit(.minutes(1))) struct CredentialCacheTests {
    static let start = Timestamp(secondsSince1970: 1_440_938_160)

    /// Gives numbered credentials that are valid for an hour, unless it is told to fail.
    final class Source: Sendable {
        struct State {
            var now = CredentialCacheTests.start
            var asked = 0
            var failure: AWSError?
        }

        let state = Mutex(State())
        let cache = CredentialCache()

        func advance(seconds: Int64) { state.withLock { $0.now = $0.now.adding(seconds: seconds) } }
        func fail(_ failure: AWSError?) { state.withLock { $0.failure = failure } }
        var asked: Int { state.withLock { $0.asked } }

        func obtain() -> Result<AWSCredentials, AWSError> {
            state.withLock { state in
                state.asked += 1
                if let failure = state.failure { return .failure(failure) }
                return .success(
                    AWSCredentials(
                        accessKeyID: "K\(state.asked)", secretAccessKey: Secret("hush"),
                        expiration: state.now.adding(seconds: 3600), source: "a test"))
            }
        }

        func use() async throws -> String {
            try await cache.credentials(
                now: { self.state.withLock { $0.now } }, isOver: { false }, renew: { self.obtain() }
            ).accessKeyID
        }
    }

    @Test(
        "They are renewed five minutes before their end, not earlier",
        arguments: [(0, "K1"), (3299, "K1"), (3300, "K2"), (3541, "K2"), (4000, "K2")])
    func renewal(seconds: Int64, key: String) async throws {
        let source = Source()
        _ = try await source.use()
        source.advance(seconds: seconds)
        #expect(try await source.use() == key)
    }

    @Test("While the old ones are valid a failed renewal harms nobody, and the next use tries again")
    func failedRenewal() async throws {
        let source = Source()
        _ = try await source.use()
        source.fail(AWSError(.noCredentials, "no"))
        source.advance(seconds: 3400)
        #expect(try await source.use() == "K1")
        #expect(try await source.use() == "K1")
        #expect(source.asked == 3)
        source.advance(seconds: 199)
        #expect(try await source.use() == "K1")
        source.advance(seconds: 1)
        #expect(await awsError { try await source.use() }?.code == .noCredentials)
        source.fail(nil)
        #expect(try await source.use() == "K6")
    }

    @Test("A first failure is not remembered")
    func firstFailure() async throws {
        let source = Source()
        source.fail(AWSError(.noCredentials, "no"))
        #expect(await awsError { try await source.use() } != nil)
        source.fail(nil)
        #expect(try await source.use() == "K2")
    }

    @Test("Those who come while none are there wait for one renewal")
    func sharing() async throws {
        let source = Source()
        let gate = Gate()
        let keys = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await source.cache.credentials(
                        now: { Self.start }, isOver: { false },
                        renew: {
                            await gate.wait()
                            return source.obtain()
                        }
                    ).accessKeyID
                }
            }
            await gate.open()
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(keys == ["K1"])
        #expect(source.asked == 1)
    }

    @Test("While one renews early, the others go on with the old ones")
    func earlyRenewal() async throws {
        let source = Source()
        _ = try await source.use()
        source.advance(seconds: 3400)
        let gate = Gate()
        let entered = Gate()
        let first = Task {
            try await source.cache.credentials(
                now: { Self.start.adding(seconds: 3400) }, isOver: { false },
                renew: {
                    await entered.open()
                    await gate.wait()
                    return source.obtain()
                }
            ).accessKeyID
        }
        await entered.wait()
        #expect(try await source.use() == "K1")
        await gate.open()
        #expect(try await first.value == "K2")
        #expect(try await source.use() == "K2")
    }

    @Test("Who shares a renewal that ran into somebody else's deadline tries once more")
    func deadlineOfAnother() async throws {
        let source = Source()
        let gate = Gate()
        let entered = Gate()
        let first = Task {
            try await source.cache.credentials(
                now: { Self.start }, isOver: { true },
                renew: {
                    await entered.open()
                    await gate.wait()
                    return .failure(AWSError(.deadlineExceeded, "late"))
                }
            ).accessKeyID
        }
        await entered.wait()
        async let second = source.use()
        await gate.open()
        #expect(try await second == "K1")
        #expect(await awsError { try await first.value }?.code == .deadlineExceeded)
    }

    @Test("Credentials that AWS calls expired are forgotten")
    func expired() async throws {
        let world = World()
        let executor = FakeExecutor { request, index in
            if request.method == "GET" {
                return .xml(200, #"{"AccessKeyId":"C\#(index)","SecretAccessKey":"hush","Token":"t"}"#)
            }
            return index == 1 ? .error(403, "ExpiredToken") : .identity
        }
        let client = try CredentialSourcesTests.client(
            world, executor, environment: [ContainerEndpointTests.relative: "/r"])
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
        #expect(error?.awsCode == "ExpiredToken")
        _ = try await STS(client).getCallerIdentity(deadline: world.deadline)
        #expect(executor.requests.last?.headers["Authorization"]?.contains("Credential=C2/") == true)
    }
}

/// Holds tasks until it is opened.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }
}
