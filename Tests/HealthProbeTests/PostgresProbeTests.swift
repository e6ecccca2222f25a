import AWSClient
import HTTPTransport
import HealthProbe
import NameResolution
import PostgresClient
import Synchronization
import Testing

/// With a server that is played: what a real one does not do at will.
@Suite("The probe of PostgreSQL")
struct PostgresProbeTests {
    /// Answers each batch with the next reply, and keeps what it was asked.
    final class Script: PostgresConnector {
        struct State {
            var now = ContinuousClock.now
            var replies: [Result<PostgresReply, PostgresError>] = []
            /// By address.
            var refusals: [String: PostgresError] = [:]
            var servers: [(server: PostgresServer, deadline: ContinuousClock.Instant, login: Duration)] = []
            var statements: [(text: String, deadline: ContinuousClock.Instant)] = []
        }

        let state = Mutex(State())

        init(_ replies: [Result<PostgresReply, PostgresError>] = [], refusals: [String: PostgresError] = [:]) {
            state.withLock { ($0.replies, $0.refusals) = (replies, refusals) }
        }

        struct Connection: PostgresConnection {
            let script: Script

            func run(_ statements: String, deadline: ContinuousClock.Instant) async throws(PostgresError)
                -> PostgresReply
            {
                try script.state.withLock { state throws(PostgresError) in
                    state.statements.append((statements, deadline))
                    return try state.replies.isEmpty ? PostgresReply(results: []) : state.replies.removeFirst().get()
                }
            }
        }

        func connect(
            to server: PostgresServer, as login: PostgresLogin, deadline: ContinuousClock.Instant,
            loginTimeout: Duration
        ) async throws(PostgresError) -> any PostgresConnection {
            let refusal = state.withLock { state in
                state.servers.append((server, deadline, loginTimeout))
                return state.refusals[server.address]
            }
            if let refusal { throw refusal }
            return Connection(script: self)
        }

        var addresses: [String] { state.withLock { $0.servers.map(\.server.address) } }
    }

    static func target(
        _ settings: ProbeTarget.Postgres = .init(), tls: StreamEndpoint.TLS? = nil, role: ProbeTarget.Role? = nil
    ) -> ProbeTarget {
        ProbeTarget(
            name: "test", endpoint: StreamEndpoint(host: "db.example.com", port: 5432, tls: tls),
            server: .postgres(settings), expectedRole: role)
    }

    static func run(
        _ script: Script, _ target: ProbeTarget = target(), addresses: [String] = ["10.0.0.1"],
        within time: Duration = .seconds(60)
    ) async -> ProbeResult {
        let now = script.state.withLock { $0.now }
        let probe = PostgresProbe(
            connector: script, resolver: HostsOfTests(addresses: addresses),
            credentials: ServerCredentials(username: "probe", password: Secret("pass")), now: { now },
            uniqueValue: { "unique" })
        return await probe.run(target, deadline: now + time)
    }

    static func reply(_ recovery: String? = "f", _ value: String? = nil, _ sqlState: String? = nil) -> Result<
        PostgresReply, PostgresError
    > {
        let rows = [[], [], [[recovery]]] + (value.map { [[[$0]]] } ?? [])
        let failure = sqlState.map { PostgresError(.refused, during: .exchange, sqlState: $0, "as scripted") }
        return .success(PostgresReply(results: rows, failure: failure))
    }

    @Test("What was written has to come back")
    func mismatch() async {
        #expect(await Self.run(Script([Self.reply("f", "unique")])).isHealthy)
        let other = await Self.run(Script([Self.reply("f", "other")])).failure
        #expect(other?.reason == .mismatch)
        // Somebody else's row is not to be shown.
        #expect(other?.detail.contains("other by") == true && other?.detail.contains("\"other\"") == false)
    }

    @Test(
        "What a statement failed by is told by its SQLSTATE", arguments: ["53100", "55P03", "57014", "57P01", "25006"])
    func statements(code: String) async {
        let failure = await Self.run(Script([Self.reply("f", nil, code)])).failure
        #expect(failure == ProbeFailure(.write, during: .write, code: code, "as scripted"))
        let reading = Script([.success(PostgresReply(results: [], failure: Self.refused(code)))])
        let read = await Self.run(reading, Self.target(.init(mode: .read))).failure
        #expect(read?.reason == .read && read?.code == code)
    }

    static func refused(_ code: String, _ phase: PostgresError.Phase = .exchange) -> PostgresError {
        PostgresError(.refused, during: phase, sqlState: code, "as scripted")
    }

    @Test(
        "What a login failed by",
        arguments: [
            ("28P01", .auth), ("28000", .auth), ("42501", .auth), ("57P03", .connect), ("53300", .connect),
            ("3D000", .connect), ("57P01", .connect), ("08P01", .connect),
        ] as [(String, ProbeFailure.Reason)])
    func logins(code: String, reason: ProbeFailure.Reason) async {
        let script = Script(refusals: ["10.0.0.1": Self.refused(code, .login)])
        let failure = await Self.run(script).failure
        #expect(failure == ProbeFailure(reason, during: .auth, code: code, "as scripted"))
    }

    @Test("A table that somebody else makes at the same time is as good", arguments: ["42P07", "42710", "23505"])
    func race(code: String) async {
        let replies = [
            Self.reply("f", nil, "42P01"), .success(PostgresReply(results: [[], []], failure: Self.refused(code))),
            Self.reply("f", "unique"),
        ]
        let script = Script(replies)
        #expect(await Self.run(script).isHealthy)
        let creations = script.state.withLock { $0.statements.filter { $0.text.contains("CREATE TABLE") } }
        #expect(creations.count == 1)
    }

    @Test("A table that is missing all the same is not made again and again")
    func noTable() async {
        let script = Script([
            Self.reply("f", nil, "42P01"), .success(PostgresReply(results: [[], [], [], []])),
            Self.reply("f", nil, "42P01"),
        ])
        #expect(await Self.run(script).failure?.code == "42P01")
        #expect(script.state.withLock { $0.statements.count } == 3)
    }

    @Test("Addresses are tried in turn, each with its share of the time; only what could not be reached is passed over")
    func addresses() async {
        let dead = PostgresError(.deadlineExceeded, during: .connect, "dead")
        let addresses = ["10.0.0.1", "10.0.0.2"]
        let second = Script([Self.reply("f", "unique")], refusals: ["10.0.0.1": dead])
        #expect(await Self.run(second, addresses: addresses).isHealthy)
        #expect(second.addresses == addresses)
        let deadlines = second.state.withLock { state in state.servers.map { $0.deadline - state.now } }
        #expect(deadlines == [.seconds(1), .seconds(2)])
        #expect(second.state.withLock { $0.servers.map(\.login) } == [.seconds(2), .seconds(2)])
        let refused = Script(refusals: ["10.0.0.1": Self.refused("57P03", .login)])
        #expect(await Self.run(refused, addresses: addresses).failure?.code == "57P03")
        #expect(refused.addresses == ["10.0.0.1"])
        let allDead = Script(refusals: ["10.0.0.1": dead, "10.0.0.2": dead])
        #expect(await Self.run(allDead, addresses: addresses).failure?.reason == .timeout)
    }

    @Test("Nothing takes longer than the whole may")
    func deadlines() async {
        let script = Script([Self.reply("f", "unique")])
        #expect(await Self.run(script, within: .milliseconds(500)).isHealthy)
        script.state.withLock { state in
            #expect(state.servers.map { $0.deadline - state.now } == [.milliseconds(500)])
            #expect(state.servers.map(\.login) == [.milliseconds(500)])
            #expect(state.statements.map { $0.deadline - state.now } == [.milliseconds(500)])
            #expect(
                state.statements[0].text.hasPrefix("SET LOCAL statement_timeout = 500; SET LOCAL lock_timeout = 250;"))
        }
    }

    @Test("The certificate is for the host, or for the name that is given")
    func names() async {
        let own = StreamEndpoint.TLS(serverName: "cluster.example.com", caBundle: "/ca.pem")
        for (tls, settings, host, expected) in [
            (nil, ProbeTarget.Postgres(), "db.example.com", .off),
            (.init(), .init(), "db.example.com", .verified(caBundle: nil)),
            (own, .init(), "cluster.example.com", .verified(caBundle: "/ca.pem")),
            (.init(), .init(verifiesCertificate: false), "db.example.com", .unverified),
        ] as [(StreamEndpoint.TLS?, ProbeTarget.Postgres, String, PostgresServer.TLS)] {
            let script = Script([Self.reply("f", "unique")])
            _ = await Self.run(script, Self.target(settings, tls: tls))
            let server = script.state.withLock { $0.servers.first?.server }
            #expect(server?.host == host && server?.tls == expected && server?.address == "10.0.0.1")
        }
    }
}
