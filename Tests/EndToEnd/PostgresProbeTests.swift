import Foundation
import LocalAWS
import TestPostgres
import TestRedis
import Testing

/// The handler `probe` as built, with a real PostgreSQL server over TLS.
@Suite("The probe of PostgreSQL, as built")
struct PostgresProbeTests {
    /// Each of them would spoil a connection, if it counted.
    static func misleading(home: URL) throws -> [String: String] {
        let settings = home.appendingPathComponent(".postgresql")
        try FileManager.default.createDirectory(at: settings, withIntermediateDirectories: true)
        for name in [".postgresql/postgresql.crt", ".postgresql/root.crt", ".postgresql/root.crl", ".pgpass"] {
            try Data("nothing".utf8).write(to: home.appendingPathComponent(name))
        }
        let services = home.appendingPathComponent(".pg_service.conf")
        try Data("[wrong]\nhost=127.0.0.2\noptions=-c transaction_read_only=on\n".utf8).write(to: services)
        return [
            "HOME": home.path, "PGSERVICE": "wrong", "PGSERVICEFILE": services.path, "PGHOST": "127.0.0.2",
            "PGHOSTADDR": "127.0.0.2", "PGPORT": "1", "PGDATABASE": "wrong", "PGUSER": "wrong", "PGPASSWORD": "wrong",
            "PGOPTIONS": "-c default_transaction_read_only=on", "PGSSLMODE": "disable", "PGREQUIRESSL": "1",
            "PGSSLCERT": services.path, "PGSSLKEY": services.path, "PGSSLROOTCERT": services.path,
            "PGSSLMAXPROTOCOLVERSION": "TLSv1", "PGTARGETSESSIONATTRS": "read-only", "PGGSSENCMODE": "require",
            "PGCHANNELBINDING": "disable", "PGCLIENTENCODING": "LATIN1", "PGTZ": "nowhere", "PGDATESTYLE": "nothing",
        ]
    }

    @Test("It logs in over TLS with a secret of RDS's form, whatever libpq would take from variables and files")
    func whole() async throws {
        let home = FileManager.default.temporaryDirectory.appendingPathComponent("home-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: home) }
        let certificate = try await TestCertificate(subject: "DNS:db.example.com")
        let server = try await PostgresInstance(tls: (certificate.certificate, certificate.key))
        let variables = [
            "POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": "\(server.port)", "POSTGRES_SECRET_ARN": "probe",
            "POSTGRES_CA_BUNDLE": certificate.certificate, "POSTGRES_TLS_SERVER_NAME": "db.example.com",
            "FAILURES_TO_UNHEALTHY": "1", "CONNECT_TIMEOUT_SECONDS": "10", "READ_TIMEOUT_SECONDS": "10",
            "EXPECT_ROLE": "primary",
        ]
        let stage = try await ProbeTests.Stage(variables.merging(try Self.misleading(home: home)) { own, _ in own })
        let secret = #"{"username":"probe","password":"secret","engine":"postgres","host":"elsewhere","port":1}"#
        stage.aws.setSecret("probe", to: secret, region: Deployment.east)
        let alive = try await stage.invoke()
        #expect(alive.healthy && alive.status == 1, "\(alive)")
        #expect(try await server.run("SELECT count(*) FROM promoter_probe") == "1")
        server.signal(SIGKILL)
        await server.waitForEnd()
        let dead = try await stage.invoke()
        #expect(dead.reason == "connect" && dead.status == 0)
        #expect(stage.published.map(\.status) == [200, 200])
        await stage.end()
    }

    @Test("On the command line, the options come before the variables of whatever the function probes")
    func commandLine() async throws {
        let certificate = try await TestCertificate(subject: "DNS:db.example.com")
        let server = try await PostgresInstance(tls: (certificate.certificate, certificate.key))
        // Of the function, whose endpoints are not meant.
        let environment = [
            "REDIS_HOST": "127.0.0.1", "REDIS_PORT": "1", "POSTGRES_PORT": "1", "POSTGRES_DATABASE": "nowhere",
            "POSTGRES_PASSWORD": "secret", "PROBES": #"[{"redisHost":"127.0.0.1"}]"#, "AWS_REGION": "us-east-1",
            "CONNECT_TIMEOUT_SECONDS": "10", "READ_TIMEOUT_SECONDS": "10",
        ]
        let here = ["probe", "--postgres-host", "127.0.0.1", "--port", "\(server.port)", "--database", "postgres"]
        func probe(_ arguments: [String]) async throws -> ChildProcess.Result {
            try await CommandLineTests.run(here + ["--username", "probe", "-o", "json"] + arguments, environment)
        }
        let verified = ["--ca-bundle", certificate.certificate, "--tls-server-name", "db.example.com"]

        let reading = try await probe(verified + ["--read-only"])
        #expect(reading.status == 0, "\(reading.output) \(reading.errors)")
        let tables = "SELECT count(*) FROM pg_tables WHERE tablename = 'promoter_probe'"
        #expect(try await server.run(tables) == "0")
        #expect(try await probe(verified + ["--expect-role", "primary"]).status == 0)
        #expect(try await server.run(tables) == "1")

        let unknown = try await probe([])
        #expect(unknown.status == 1 && Self.reason(unknown) == "tls", "\(unknown.output)")
        #expect(try await probe(["--tls-mode", "require"]).status == 0)
        #expect(try await probe(["--no-tls"]).status == 0)
        #expect(try await Self.reason(probe(["--no-tls", "--expect-role", "replica"])) == "role")

        for (arguments, named) in [
            (["--host", "127.0.0.1"], "--postgres-host"), (["--tls", "--tls-mode", "require"], "--tls-mode"),
            (["--tls-mode", "prefer"], "POSTGRES_TLS_MODE"), (["--secret", ""] + ["--username", ""], "POSTGRES_"),
        ] {
            let refused = try await probe(arguments)
            #expect(refused.status == 64 && refused.errors.contains(named), "\(arguments): \(refused.errors)")
        }
        let redis = try await CommandLineTests.run(["probe", "--host", "127.0.0.1", "--read-only"], environment)
        #expect(redis.status == 64 && redis.errors.contains("--read-only"))
    }

    private static func reason(_ result: ChildProcess.Result) -> String? {
        struct Line: Decodable { var reason: String? }
        return try? JSONDecoder().decode(Line.self, from: Data(result.output.utf8)).reason
    }
}
