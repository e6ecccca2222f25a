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
}
