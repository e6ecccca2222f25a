import AWSClient
import Glibc
import HTTPTransport
import HealthProbe
import TestRedis
import Testing

/// Every reason by name, of a real redis-server.
@Suite("Probing a real redis-server")
struct RealRedisTests {
    /// Long enough for any machine; no test waits for it to pass.
    static let long = Duration.seconds(60)

    static func target(
        _ port: Int, tls: StreamEndpoint.TLS? = nil, host: String = "127.0.0.1", role: ProbeTarget.Role? = nil,
        whenReadOnly: ProbeTarget.WhenReadOnly = .unhealthy, connect: Duration = long, read: Duration = long
    ) -> ProbeTarget {
        ProbeTarget(
            name: "test", endpoint: StreamEndpoint(host: host, port: port, tls: tls), expectedRole: role,
            whenReadOnly: whenReadOnly, connectTimeout: connect, readTimeout: read)
    }

    static func probe(
        _ target: ProbeTarget, as credentials: (any ServerCredentialSource)? = nil
    ) async -> ProbeResult {
        await RedisProbe(connector: probeClient, credentials: credentials).run(target, deadline: .now + long)
    }

    static func user(_ name: String?, _ password: String) -> ServerCredentials {
        ServerCredentials(username: name, password: Secret(password))
    }

    @Test("One that takes writes and gives them back is healthy, and keeps nothing of it for longer than a minute")
    func healthy() async throws {
        let server = try await RedisServer()
        let result = await Self.probe(Self.target(server.port, role: .primary))
        #expect(result.isHealthy)
        #expect(!result.isReadOnly)
        let keys = try await server.command("KEYS", "*")
        #expect(keys == .array([.bulk(Array("promoter:probe:test".utf8))]))
        guard case .integer(let seconds) = try await server.command("TTL", "promoter:probe:test") else {
            Issue.record("no time to live")
            return
        }
        #expect((1...60).contains(seconds))
    }

    @Test("One that gives back something else than was written")
    func mismatch() async throws {
        // Its GET gives back what it is asked for.
        let server = try await RedisServer(["--rename-command", "GET", "", "--rename-command", "ECHO", "GET"])
        #expect(await Self.probe(Self.target(server.port)).failure?.reason == .mismatch)
    }

    @Test("Over TLS, as a user of its own")
    func secured() async throws {
        let certificate = try await TestCertificate(subject: "DNS:redis.example.com")
        let server = try await RedisServer(
            "--user probe on >secret ~promoter:* +ping +set +get --user default off".split(separator: " ").map(
                String.init), tls: certificate)
        let tls = StreamEndpoint.TLS(serverName: "redis.example.com", caBundle: certificate.certificate)
        #expect(await Self.probe(Self.target(server.port, tls: tls), as: Self.user("probe", "secret")).isHealthy)
        // Whose certificate is not trusted, or for another name.
        for wrong in [StreamEndpoint.TLS(serverName: "redis.example.com"), .init(caBundle: certificate.certificate)] {
            let failure = await Self.probe(Self.target(server.port, tls: wrong)).failure
            #expect(failure?.reason == .tls)
        }
        // Whoever does not speak TLS is not understood.
        #expect(await Self.probe(Self.target(server.port)).failure?.reason == .ping)
    }

    @Test("One that speaks no TLS where it should")
    func noTLS() async throws {
        let server = try await RedisServer()
        // It takes the handshake for the beginning of a command, and waits for its end.
        let target = Self.target(server.port, tls: .init(), connect: .milliseconds(300))
        #expect(await Self.probe(target).failure?.reason == .timeout)
    }

    @Test(
        "Whom it does not accept, or allows too little",
        arguments: [
            (nil, .auth, "NOAUTH"), (user(nil, "wrong"), .auth, "WRONGPASS"), (user(nil, "secret"), nil, nil),
            (user("nobody", "secret"), .auth, "WRONGPASS"), (user("reader", "reading"), .write, "NOPERM"),
            (user("writer", "writing"), .read, "NOPERM"), (user("mute", "silence"), .ping, "NOPERM"),
        ] as [(ServerCredentials?, ProbeFailure.Reason?, String?)])
    func credentials(_ credentials: ServerCredentials?, _ reason: ProbeFailure.Reason?, _ code: String?) async throws {
        let options = """
            --requirepass secret --user reader on >reading ~* +ping +get --user writer on >writing ~* +ping +set \
            --user mute on >silence ~* +get +set
            """
        let server = try await RedisServer(options.split(separator: " ").map(String.init))
        let failure = await Self.probe(Self.target(server.port), as: credentials).failure
        #expect(failure?.reason == reason)
        #expect(failure?.code == code)
    }

    @Test("One that repeats what it was sent is not quoted")
    func repeatedPassword() async throws {
        let server = try await RedisServer(["--rename-command", "AUTH", ""])
        let failure = await Self.probe(Self.target(server.port), as: Self.user("probe", "t0psecret")).failure
        #expect(failure?.reason == .auth)
        #expect(failure?.code == "ERR")
        #expect(failure.map { "\($0)" }?.contains("t0psecret") == false)
    }

    @Test("One that knows of no passwords")
    func passwordForNobody() async throws {
        let server = try await RedisServer()
        let failure = await Self.probe(Self.target(server.port), as: Self.user(nil, "secret")).failure
        #expect(failure?.reason == .auth)
    }

    @Test("A replica takes no writes: unhealthy, unless that is asked for, or a replica is")
    func replica() async throws {
        let primary = try await RedisServer()
        let replica = try await RedisServer([
            "--replicaof", "127.0.0.1 \(primary.port)", "--repl-diskless-sync-delay", "0",
        ])
        let plain = await Self.probe(Self.target(replica.port))
        #expect(plain.failure?.reason == .write)
        #expect(plain.failure?.code == "READONLY")
        #expect(plain.isReadOnly)
        let tolerated = await Self.probe(Self.target(replica.port, whenReadOnly: .healthy))
        #expect(tolerated.isHealthy && tolerated.isReadOnly)
        #expect(await Self.probe(Self.target(primary.port, role: .replica)).failure?.reason == .role)
        // Its link comes up in its own time.
        var expected = await Self.probe(Self.target(replica.port, role: .replica))
        while !expected.isHealthy {
            #expect(expected.failure?.reason == .role)
            expected = await Self.probe(Self.target(replica.port, role: .replica))
        }
        // A replica that takes writes is no primary.
        try await replica.command("CONFIG", "SET", "replica-read-only", "no")
        #expect(await Self.probe(Self.target(replica.port, role: .primary)).failure?.reason == .role)
        // And one that has lost its primary is no good replica.
        primary.signal(SIGKILL)
        while await Self.probe(Self.target(replica.port, role: .replica)).isHealthy {}
    }

    @Test("A full one")
    func outOfMemory() async throws {
        let server = try await RedisServer(["--maxmemory", "1", "--maxmemory-policy", "noeviction"])
        let failure = await Self.probe(Self.target(server.port)).failure
        #expect(failure?.reason == .write)
        #expect(failure?.code == "OOM")
    }

    @Test("One that still loads its data")
    func loading() async throws {
        let first = try await RedisServer(["--enable-debug-command", "yes"])
        try await first.command("DEBUG", "POPULATE", "2000")
        _ = try? await first.command("SHUTDOWN", "SAVE")
        await first.waitForEnd()
        // 10 ms a key, and a look at its connections after each KB.
        let second = try await RedisServer(
            ["--key-load-delay", "10000", "--loading-process-events-interval-bytes", "1024"],
            directory: first.directory, waits: false)
        var failure: ProbeFailure?
        repeat { failure = await Self.probe(Self.target(second.port)).failure } while failure?.reason == .connect
        #expect(failure?.reason == .ping)
        #expect(failure?.code == "LOADING")
    }

    @Test("One that hangs costs the time that it may take, and no more", arguments: [false, true])
    func paused(overTLS: Bool) async throws {
        let certificate = overTLS ? try await TestCertificate(subject: "IP:127.0.0.1") : nil
        let server = try await RedisServer(tls: certificate)
        let tls = certificate.map { StreamEndpoint.TLS(caBundle: $0.certificate) }
        server.signal(SIGSTOP)
        defer { server.signal(SIGCONT) }
        let time = Duration.milliseconds(100)
        let failure = await Self.probe(Self.target(server.port, tls: tls, connect: time, read: time)).failure
        #expect(failure?.reason == .timeout)
        #expect(failure?.step == (overTLS ? .tls : .ping))
    }

    @Test("One that is not there")
    func unreachable() async throws {
        let server = try await RedisServer()
        let port = server.port
        server.signal(SIGKILL)
        await server.waitForEnd()
        #expect(await Self.probe(Self.target(port)).failure?.reason == .connect)
        #expect(await Self.probe(Self.target(port, host: "nowhere.invalid")).failure?.reason == .resolve)
    }

    @Test("One that has no room for another connection")
    func maximumClients() async throws {
        let server = try await RedisServer(["--maxclients", "1"])
        let endpoint = StreamEndpoint(host: "127.0.0.1", port: server.port, tls: nil)
        let first = try await probeClient.connect(to: endpoint, deadline: .now + Self.long)
        defer { first.close() }
        try await first.write(respCommand(["PING"]), deadline: .now + Self.long)
        _ = try await first.read(deadline: .now + Self.long)
        let failure = await Self.probe(Self.target(server.port)).failure
        #expect(failure?.reason == .ping)
        // It is no matter of who logs in.
        let login = await Self.probe(Self.target(server.port), as: Self.user(nil, "secret")).failure
        #expect(login?.reason == .connect)
    }
}
