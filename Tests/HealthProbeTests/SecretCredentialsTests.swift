import AWSClient
import HTTPTransport
import Synchronization
import Testing

@testable import HealthProbe

@Suite struct SecretCredentialsTests {
    static let id = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:redis-AbCdEf"

    @Test(
        "A secret is a password, or a JSON object that has one",
        arguments: [
            ("hunter2", nil, "hunter2"), (" {\"", nil, " {\""), ("[]", nil, "[]"), ("\"a\"", nil, "\"a\""),
            (#"{"username":"u","password":"p"}"#, "u", "p"), (#"{"password":"p","engine":"redis","port":1}"#, nil, "p"),
            (#"{"auth_token":"t"}"#, nil, "t"), (#"{"authToken":"t"}"#, nil, "t"),
            (#"{"auth_token":"t","password":"p"}"#, nil, "p"), (#"{"password":"","auth_token":"t"}"#, nil, "t"),
            (#"{"username":"","password":"p"}"#, nil, "p"), (#"{"username":null,"password":"ü"}"#, nil, "ü"),
        ] as [(String, String?, String)])
    func forms(_ text: String, _ username: String?, _ password: String) throws {
        let expected = ServerCredentials(username: username, password: Secret(password))
        #expect(try SecretCredentials.credentials(in: Secret(text), of: Self.id) == expected)
    }

    @Test(
        "A secret that is of no use is refused by its name, and never shown",
        arguments: [
            "", "{hunter2", #"{"password":"hunter2""#, #"{"Password":"hunter2"}"#, #"{"password":["hunter2"]}"#,
            #"{"password":""}"#, "{}", #"{"username":["hunter2"],"password":"hunter2"}"#, "{\"hunter2\u{0}",
        ])
    func unusable(_ text: String) async {
        let source = SecretCredentials(id: Self.id) { _ in Secret(text) }
        let server = ScriptedRedis.usual { _, _, _ in nil }
        let result = await Probing.run(server, as: source)
        #expect(result.failure?.reason == .auth)
        #expect(result.failure?.step == .secret)
        #expect(result.failure?.detail.contains(Self.id) == true)
        #expect("\(result)".contains("hunter2") == false)
    }

    /// A secret that is another each time, and how often it was read.
    final class Store: Sendable {
        struct State {
            var now = ContinuousClock.now
            var reads = 0
            var failures: [any Error] = []
            var deadlines: [ContinuousClock.Instant] = []
        }

        let state = Mutex(State())

        func credentials() -> SecretCredentials {
            SecretCredentials(id: id, now: { self.state.withLock { $0.now } }) { deadline in
                try self.state.withLock { state in
                    state.reads += 1
                    state.deadlines.append(deadline)
                    if !state.failures.isEmpty { throw state.failures.removeFirst() }
                    return Secret("p\(state.reads)")
                }
            }
        }

        var reads: Int { state.withLock { $0.reads } }
        func advance(_ duration: Duration) { state.withLock { $0.now += duration } }
    }

    static func user(_ password: String) -> ServerCredentials {
        ServerCredentials(username: nil, password: Secret(password))
    }

    @Test("A secret is read once, by the deadline of who asks")
    func cached() async throws {
        let store = Store()
        let source = store.credentials()
        let deadline = ContinuousClock.now + .seconds(3)
        #expect(try await source.credentials(after: nil, deadline: deadline) == Self.user("p1"))
        store.advance(.seconds(86_400))
        #expect(try await source.credentials(after: nil, deadline: deadline) == Self.user("p1"))
        #expect(store.reads == 1)
        #expect(store.state.withLock { $0.deadlines } == [deadline])
    }

    @Test("One that was rejected is read again, but not within ten seconds of the last time")
    func rejected() async throws {
        let store = Store()
        let source = store.credentials()
        let deadline = ContinuousClock.now + .seconds(3)
        let first = try await source.credentials(after: nil, deadline: deadline)
        store.advance(.milliseconds(9999))
        #expect(try await source.credentials(after: first, deadline: deadline) == first)
        store.advance(.milliseconds(1))
        // It was tried with a name that the secret does not know of.
        var tried = first
        tried.username = "named"
        let second = try await source.credentials(after: tried, deadline: deadline)
        #expect(second == Self.user("p2"))
        // Who was told of the old one only now gets the new one, and nothing is read for it.
        store.advance(.seconds(3600))
        #expect(try await source.credentials(after: first, deadline: deadline) == second)
        #expect(store.reads == 2)
    }

    @Test("After a failure the next one reads again")
    func failing() async throws {
        let store = Store()
        store.state.withLock { $0.failures = [CancellationError()] }
        let source = store.credentials()
        let deadline = ContinuousClock.now + .seconds(3)
        await #expect(throws: CancellationError.self) { try await source.credentials(after: nil, deadline: deadline) }
        #expect(try await source.credentials(after: nil, deadline: deadline) == Self.user("p2"))
    }

    /// A read that ends when it is told to.
    final class Gate: Sendable {
        private let state = Mutex<(arrived: Int, reads: Int)>((0, 0))

        func arrive() { state.withLock { $0.arrived += 1 } }
        var reads: Int { state.withLock { $0.reads } }

        /// Until that many have come, and had time to ask.
        func wait(for count: Int) async {
            state.withLock { $0.reads += 1 }
            while state.withLock({ $0.arrived }) < count { await Task.yield() }
            for _ in 0..<1000 { await Task.yield() }
        }
    }

    @Test("However many ask at the same time, it is read once for all of them")
    func atTheSameTime() async throws {
        let gate = Gate()
        let source = SecretCredentials(id: Self.id) { _ in
            await gate.wait(for: 100)
            return Secret("p")
        }
        try await withThrowingTaskGroup(of: ServerCredentials.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    gate.arrive()
                    return try await source.credentials(after: nil, deadline: .now + .seconds(60))
                }
            }
            for try await credentials in group { #expect(credentials == Self.user("p")) }
        }
        #expect(gate.reads == 1)
    }

    @Test("Who started to read can be cancelled, and who had less time can fail, without harm to those who wait for it")
    func others() async throws {
        let gate = Gate()
        let late = AWSError(.deadlineExceeded, "no time")
        let isFirst = Mutex(true)
        let source = SecretCredentials(id: Self.id) { _ in
            let isFirst = isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst
            }
            if isFirst {
                await gate.wait(for: 2)
                throw late
            }
            try Task.checkCancellation()
            return Secret("p")
        }
        let first = Task { try await source.credentials(after: nil, deadline: .now + .seconds(1)) }
        while gate.reads == 0 { await Task.yield() }
        gate.arrive()
        let second = Task {
            gate.arrive()
            return try await source.credentials(after: nil, deadline: .now + .seconds(60))
        }
        first.cancel()
        #expect(try await second.value == Self.user("p"))
        await #expect(throws: AWSError.self) { try await first.value }
    }
}
