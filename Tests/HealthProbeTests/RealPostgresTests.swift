import AWSClient
import Foundation
import HTTPTransport
import HealthProbe
import PostgresClient
import TestPostgres
import TestRedis
import Testing

/// Every reason by name, of a real PostgreSQL server.
@Suite("Probing a real PostgreSQL server")
struct RealPostgresTests {
    /// Long enough for any machine; no test waits for it to pass.
    static let long = Duration.seconds(60)

    static func target(
        _ port: Int, tls: StreamEndpoint.TLS? = nil, host: String = "127.0.0.1",
        _ settings: ProbeTarget.Postgres = .init(), role: ProbeTarget.Role? = nil,
        whenReadOnly: ProbeTarget.WhenReadOnly = .unhealthy, connect: Duration = long, read: Duration = long
    ) -> ProbeTarget {
        ProbeTarget(
            name: "test", endpoint: StreamEndpoint(host: host, port: port, tls: tls), server: .postgres(settings),
            expectedRole: role, whenReadOnly: whenReadOnly, connectTimeout: connect, readTimeout: read)
    }

    static func probe(
        _ target: ProbeTarget, as credentials: any ServerCredentialSource = user("probe")
    ) async -> ProbeResult {
        await PostgresProbe(connector: testPostgresClient, resolver: HostsOfTests(), credentials: credentials)
            .run(target, deadline: .now + long)
    }

    static func user(_ name: String?, _ password: String = "secret") -> ServerCredentials {
        ServerCredentials(username: name, password: Secret(password))
    }

    @Test("One that takes writes is healthy; of all probes, one row stays behind, in one place")
    func healthy() async throws {
        let server = try await PostgresInstance()
        // All of them find no table.
        await withTaskGroup(of: ProbeResult.self) { group in
            for _ in 0..<20 { group.addTask { await Self.probe(Self.target(server.port, role: .primary)) } }
            for await result in group { #expect(result.isHealthy, "\(String(describing: result.failure))") }
        }
        let first = try await server.run("SELECT value FROM promoter_probe")
        for _ in 0..<150 { #expect(await Self.probe(Self.target(server.port)).isHealthy) }
        #expect(try await server.run("SELECT count(*) FROM promoter_probe") == "1")
        #expect(try await server.run("SELECT value FROM promoter_probe") != first)
        #expect(try await server.run("SELECT pg_relation_size('promoter_probe')") == "8192")
        // Whoever empties the table does no harm.
        try await server.run("TRUNCATE promoter_probe")
        #expect(await Self.probe(Self.target(server.port)).isHealthy)
    }

    @Test("A hot standby takes no writes: unhealthy, unless that is asked for, or a replica is")
    func standby() async throws {
        let primary = try await PostgresInstance()
        let standby = try await PostgresInstance(standbyOf: primary)
        for expected in [nil, ProbeTarget.Role.primary] {
            let result = await Self.probe(Self.target(standby.port, role: expected, whenReadOnly: .healthy))
            #expect(result.isHealthy == (expected == nil))
            #expect(result.isReadOnly)
        }
        let plain = await Self.probe(Self.target(standby.port))
        #expect(plain.failure?.reason == .write && plain.failure?.code == "25006" && plain.isReadOnly)
        #expect(await Self.probe(Self.target(standby.port, role: .replica)).isHealthy)
        #expect(await Self.probe(Self.target(standby.port, .init(mode: .read))).isHealthy)
        for (server, role) in [(standby, ProbeTarget.Role.primary), (primary, .replica)] {
            let result = await Self.probe(Self.target(server.port, .init(mode: .read), role: role))
            #expect(result.failure?.reason == .role)
        }
        // Asked as a replica, nothing was written.
        #expect(try await primary.run("SELECT to_regclass('promoter_probe')") == nil)
        // Promoted, it is a writer.
        try await standby.run("SELECT pg_promote()")
        #expect(await Self.probe(Self.target(standby.port, role: .primary)).isHealthy)
    }

    @Test("A standby that takes no connections says so")
    func coldStandby() async throws {
        let primary = try await PostgresInstance()
        let cold = try await PostgresInstance(
            ["hot_standby=off"], standbyOf: primary, readyWords: "entering standby mode")
        var failure = await Self.probe(Self.target(cold.port)).failure
        // Before it has come so far, it starts up, which has the same code.
        #expect(failure?.code == "57P03")
        failure?.detail = ""
        #expect(failure == ProbeFailure(.connect, during: .auth, code: "57P03", ""))
    }

    @Test("One that hangs costs the time that it may take, and no more", arguments: [false, true])
    func paused(overTLS: Bool) async throws {
        let certificate = overTLS ? try await TestCertificate(subject: "IP:127.0.0.1") : nil
        let server = try await PostgresInstance(tls: certificate.map { ($0.certificate, $0.key) })
        let tls = certificate.map { StreamEndpoint.TLS(caBundle: $0.certificate) }
        server.signal(SIGSTOP)
        let time = Duration.milliseconds(100)
        let failure = await Self.probe(Self.target(server.port, tls: tls, connect: time, read: time)).failure
        #expect(failure?.reason == .timeout)
        #expect(failure?.step == (overTLS ? .tls : .auth))
    }

    @Test("One that is not there, or has no address")
    func unreachable() async throws {
        let server = try await PostgresInstance()
        #expect(await Self.probe(Self.target(server.port)).isHealthy)
        server.signal(SIGKILL)
        await server.waitForEnd()
        #expect(await Self.probe(Self.target(server.port)).failure?.reason == .connect)
        #expect(await Self.probe(Self.target(server.port, host: "nowhere.test")).failure?.reason == .resolve)
    }

    @Test("Whom it does not accept, or allows too little, and what it does not have")
    func refused() async throws {
        let server = try await PostgresInstance()
        try await server.run("CREATE ROLE nologin PASSWORD 'secret'")
        try await server.run("CREATE ROLE many LOGIN PASSWORD 'secret' CONNECTION LIMIT 0")
        try await server.run("CREATE DATABASE closed")
        try await server.run("REVOKE CONNECT ON DATABASE closed FROM PUBLIC")
        let cases: [(ServerCredentials, String, ProbeFailure.Reason, String)] = [
            (Self.user("probe", "wrong"), "postgres", .auth, "28P01"),
            (Self.user("nobody"), "postgres", .auth, "28P01"),
            (Self.user("nologin"), "postgres", .auth, "28000"), (Self.user("probe"), "closed", .auth, "42501"),
            (Self.user("probe"), "nothing", .connect, "3D000"), (Self.user("many"), "postgres", .connect, "53300"),
            (Self.user("guest"), "postgres", .write, "42501"),
        ]
        for (user, database, reason, code) in cases {
            let failure = await Self.probe(Self.target(server.port, .init(database: database)), as: user).failure
            #expect(failure?.reason == reason && failure?.code == code)
        }
        // Read, it is good enough for whoever may log in.
        let reading = Self.target(server.port, .init(mode: .read))
        #expect(await Self.probe(reading, as: Self.user("guest")).isHealthy)
        // And so it is with what somebody else made for it.
        #expect(await Self.probe(Self.target(server.port)).isHealthy)
        try await server.run("GRANT SELECT, UPDATE ON promoter_probe TO guest")
        #expect(await Self.probe(Self.target(server.port), as: Self.user("guest")).isHealthy)
        let nameless = await Self.probe(reading, as: Self.user(nil)).failure
        #expect(nameless?.reason == .auth && nameless?.step == .secret)
    }

    @Test("One that is told to take no writes")
    func readOnly() async throws {
        let server = try await PostgresInstance(["default_transaction_read_only=on"])
        // By whatever it notices it: the table is not there yet.
        let result = await Self.probe(Self.target(server.port))
        #expect(result.failure?.reason == .write && result.failure?.code == "25006" && result.isReadOnly)
        // It is no replica for that.
        let reading = Self.target(server.port, .init(mode: .read), role: .primary)
        #expect(await Self.probe(reading).isHealthy)
    }

    @Test("One that has no room for another connection")
    func full() async throws {
        let server = try await PostgresInstance([
            "max_connections=4", "superuser_reserved_connections=3", "max_wal_senders=0",
        ])
        let first = try await server.session()
        let failure = await Self.probe(Self.target(server.port)).failure
        #expect(failure?.reason == .connect && failure?.code == "53300")
        withExtendedLifetime(first) {}
    }

    @Test(
        "A table, or a row, that somebody else holds",
        arguments: ["LOCK TABLE promoter_probe", "UPDATE promoter_probe SET value = ''"])
    func locked(statement: String) async throws {
        let server = try await PostgresInstance()
        #expect(await Self.probe(Self.target(server.port)).isHealthy)
        let other = try await server.session()
        let reply = try await other.run("BEGIN; \(statement)", deadline: .now + Self.long)
        #expect(reply.failure == nil)
        let failure = await Self.probe(Self.target(server.port, read: .milliseconds(500))).failure
        #expect(failure?.reason == .write && failure?.code == "55P03")
        // Who only reads notices nothing of it.
        #expect(await Self.probe(Self.target(server.port, .init(mode: .read))).isHealthy)
        _ = try await other.run("ROLLBACK", deadline: .now + Self.long)
        #expect(await Self.probe(Self.target(server.port)).isHealthy)
    }

    @Test("A password that has just been changed is read anew")
    func changedPassword() async throws {
        let server = try await PostgresInstance()
        let secret = ChangedSecret(values: ["wrong", "secret"].map { Self.user("probe", $0) })
        #expect(await Self.probe(Self.target(server.port), as: secret).isHealthy)
        let wrong = ChangedSecret(values: ["wrong", "wrong as well"].map { Self.user("probe", $0) })
        #expect(await Self.probe(Self.target(server.port), as: wrong).failure?.reason == .auth)
    }
}

/// The first, and once that is rejected, the second.
struct ChangedSecret: ServerCredentialSource {
    var values: [ServerCredentials]

    func credentials(
        after rejected: ServerCredentials?, deadline: ContinuousClock.Instant
    ) async throws -> ServerCredentials { values[rejected == nil ? 0 : 1] }
}
