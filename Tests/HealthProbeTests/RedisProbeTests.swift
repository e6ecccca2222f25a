import AWSClient
import HTTPTransport
import HealthProbe
import Synchronization
import Testing

/// What no real server does, or not when a test wants it.
@Suite struct RedisProbeTests {
    @Test("A probe does what an application does, once, on one connection")
    func steps() async {
        let server = ScriptedRedis.usual { _, _, _ in nil }
        #expect(await Probing.run(server, Probing.target(role: .primary), as: Probing.user).isHealthy)
        #expect(
            server.connections.map(\.commands) == [
                [
                    ["AUTH", "probe", "secret"], ["PING"], ["SET", "promoter:probe:test", "unique", "EX", "60"],
                    ["GET", "promoter:probe:test"], ["ROLE"],
                ]
            ])
    }

    @Test("Of a replica nothing is written")
    func replica() async {
        let server = ScriptedRedis.usual { words, _, _ in
            words == ["ROLE"] ? .text("*5\r\n$5\r\nslave\r\n$1\r\na\r\n:6379\r\n$9\r\nconnected\r\n:1\r\n") : nil
        }
        #expect(await Probing.run(server, Probing.target(role: .replica)).isHealthy)
        #expect(server.commands == [["PING"], ["ROLE"]])
    }

    @Test("The default user has a password alone")
    func defaultUser() async {
        let server = ScriptedRedis.usual { _, _, _ in nil }
        #expect(await Probing.run(server, as: ServerCredentials(username: nil, password: Secret("secret"))).isHealthy)
        #expect(server.commands.first == ["AUTH", "secret"])
    }

    struct Place: Sendable {
        var command: String
        var reason: ProbeFailure.Reason
        var step: ProbeFailure.Step
    }

    static let places = [
        Place(command: "AUTH", reason: .auth, step: .auth), Place(command: "PING", reason: .ping, step: .ping),
        Place(command: "SET", reason: .write, step: .write), Place(command: "GET", reason: .read, step: .read),
        Place(command: "ROLE", reason: .role, step: .role),
    ]

    static let failures: [ScriptedRedis.Answer] = [
        .end, .broken, .pieces(["+O", "K"]), .text("HTTP/1.1 400 Bad Request\r\n\r\n"), .text(":1\r\n"),
        .text("*2\r\n:1\r\n"), .text("+STRANGE\r\n"), .text("+OK\r\n+OK\r\n"), .text("+PONG\r\n+PONG\r\n"),
        .text("$6\r\nunique\r\n:1\r\n"), .text("-LOADING wait\r\n"), .text("-\r\n"), .text("*0\r\n"),
    ]

    @Test("What goes wrong at a step is of that step, and the connection is closed", arguments: places, failures)
    func failing(
        _ at: Place, _ answer: ScriptedRedis.Answer
    ) async throws {
        let server = ScriptedRedis.usual { words, _, _ in words[0] == at.command ? answer : nil }
        let failure = try #require(await Probing.run(server, Probing.target(role: .primary), as: Probing.user).failure)
        // A reply too many is taken for that to the next command, where that was sent by then.
        let tooMany = ["PING": "+PONG\r\n+PONG\r\n", "SET": "+OK\r\n+OK\r\n"]
        if case .pieces(let pieces) = answer, tooMany[at.command] == pieces.joined() {
            #expect(failure.step == (at.step == .ping ? .write : .read))
            return
        }
        #expect(failure.step == at.step)
        // Half of a reply, and then nothing, is no answer in time.
        let isWaiting = if case .pieces(let pieces) = answer { !pieces.joined().hasSuffix("\r\n") } else { false }
        let isHalf = if case .pieces(["*2\r\n:1\r\n"]) = answer { true } else { false }
        #expect(failure.reason == (isWaiting || isHalf ? .timeout : at.reason))
        let isLoading = if case .pieces(["-LOADING wait\r\n"]) = answer { true } else { false }
        #expect(failure.code == (isLoading ? "LOADING" : nil))
    }

    @Test("No answer in time names the step, and costs no more than the time for one reply", arguments: places)
    func silent(_ at: Place) async throws {
        let server = ScriptedRedis.usual { words, _, _ in words[0] == at.command ? .silence : nil }
        let result = await Probing.run(server, Probing.target(role: .primary), as: Probing.user)
        #expect(result.failure?.reason == .timeout)
        #expect(result.failure?.step == at.step)
        #expect(result.duration == .seconds(2))
    }

    @Test("A server that is slow each time is given up at the end of the whole")
    func deadline() async {
        let server = ScriptedRedis.usual { words, _, _ in
            words == ["PING"] ? .after(.milliseconds(1500), .pong) : .after(.milliseconds(1500), .ok)
        }
        let start = server.now
        var target = Probing.target()
        (target.connectTimeout, target.readTimeout) = (.seconds(5), .seconds(5))
        let result = await Probing.run(server, target, within: .seconds(2))
        #expect(result.failure?.reason == .timeout)
        #expect(result.failure?.step == .write)
        #expect(result.duration == .seconds(2))
        #expect(server.connections.first?.deadline == start + .seconds(2))
        #expect(server.connections.first?.deadlines.allSatisfy { $0 == start + .seconds(2) } == true)
    }

    @Test("To connect, and for each reply, there is the time that the target gives")
    func timeouts() async {
        let server = ScriptedRedis.usual { _, _, _ in nil }
        var target = Probing.target()
        (target.connectTimeout, target.readTimeout) = (.seconds(5), .seconds(3))
        let start = server.now
        #expect(await Probing.run(server, target).isHealthy)
        #expect(server.connections.first?.deadline == start + .seconds(5))
        #expect(server.connections.first?.deadlines.allSatisfy { $0 == start + .seconds(3) } == true)
    }

    @Test(
        "A connection that does not come about fails by how far it came",
        arguments: [
            (HTTPTransportError.Code.nameNotResolved, HTTPTransportError.Phase.nameLookup, ProbeFailure.Reason.resolve),
            (.connectFailed, .connect, .connect), (.tlsFailed, .tlsHandshake, .tls),
            (.connectionLost, .tlsHandshake, .tls), (.deadlineExceeded, .nameLookup, .timeout),
            (.connectTimedOut, .connect, .timeout), (.deadlineExceeded, .tlsHandshake, .timeout),
            (.library, .connect, .connect),
        ])
    func unconnected(
        _ code: HTTPTransportError.Code, _ phase: HTTPTransportError.Phase, _ reason: ProbeFailure.Reason
    ) async {
        struct Refusing: StreamConnector {
            var error: HTTPTransportError
            func connect(
                to endpoint: StreamEndpoint, deadline: ContinuousClock.Instant
            ) async throws(HTTPTransportError) -> any ByteStream { throw error }
        }
        let error = HTTPTransportError(
            code: code, activity: "a", reason: "r", requestMayHaveBeenSent: false, phase: phase)
        let probe = RedisProbe(connector: Refusing(error: error), credentials: nil)
        let failure = await probe.run(Probing.target(), deadline: .now + .seconds(60)).failure
        #expect(failure?.reason == reason)
        let steps: [HTTPTransportError.Phase: ProbeFailure.Step] = [
            .nameLookup: .resolve, .connect: .connect, .tlsHandshake: .tls,
        ]
        #expect(failure?.step == steps[phase])
    }

    @Test("What is read is not what was written", arguments: ["$5\r\nother\r\n", "$-1\r\n", "$0\r\n\r\n"])
    func mismatch(_ reply: String) async {
        let server = ScriptedRedis.usual { words, _, _ in words[0] == "GET" ? .text(reply) : nil }
        let result = await Probing.run(server)
        #expect(result.failure?.reason == .mismatch)
        #expect(result.failure?.step == .read)
        // Not for the first time: another function may have written meanwhile.
        #expect(server.commands.map { $0[0] } == ["PING", "SET", "GET", "SET", "GET"])
    }

    @Test("Another function that writes to the same key at the same time is no harm")
    func otherProbe() async {
        let server = ScriptedRedis.usual { words, _, previous in
            words[0] == "GET" && !previous.contains { $0[0] == "GET" } ? .text("$5\r\nother\r\n") : nil
        }
        #expect(await Probing.run(server).isHealthy)
    }

    @Test("What others have written there is not shown unless it is short and plain")
    func foreignValue() async {
        let long = String(repeating: "x", count: 1000)
        for value in [long, "a b\n"] {
            let server = ScriptedRedis.usual { words, _, _ in
                words[0] == "GET" ? .text("$\(value.utf8.count)\r\n\(value)\r\n") : nil
            }
            #expect(await Probing.run(server).failure?.detail.contains(value) == false)
        }
    }

    @Test("Who has to be a primary is not healthy as a replica, whatever else counts as healthy")
    func readOnlyPrimary() async {
        for (role, isHealthy) in [(nil, true), (.primary, false)] as [(ProbeTarget.Role?, Bool)] {
            let server = ScriptedRedis.usual { words, _, _ in
                words[0] == "SET" ? .text("-READONLY You can't write against a read only replica.\r\n") : nil
            }
            let result = await Probing.run(server, Probing.target(role: role, whenReadOnly: .healthy))
            #expect(result.isHealthy == isHealthy)
            #expect(result.isReadOnly)
        }
    }
}
