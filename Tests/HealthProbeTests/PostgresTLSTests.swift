import Foundation
import HTTPTransport
import HealthProbe
import TestPostgres
import TestRedis
import Testing

@Suite("Probing a real PostgreSQL server over TLS")
struct PostgresTLSTests {
    static func probe(
        _ port: Int, _ tls: StreamEndpoint.TLS?, host: String = "db.example.com", verifies: Bool = true
    ) async -> ProbeResult {
        await RealPostgresTests.probe(
            RealPostgresTests.target(port, tls: tls, host: host, .init(verifiesCertificate: verifies)))
    }

    @Test("The certificate has to be for the host, and from an authority that is trusted")
    func certificates() async throws {
        let right = try await TestCertificate(subject: "DNS:db.example.com")
        let other = try await TestCertificate(subject: "DNS:db.example.com")
        let server = try await PostgresInstance(tls: (right.certificate, right.key))
        #expect(await Self.probe(server.port, .init(caBundle: right.certificate)).isHealthy)
        let named = StreamEndpoint.TLS(serverName: "db.example.com", caBundle: right.certificate)
        #expect(await Self.probe(server.port, named, host: "127.0.0.1").isHealthy)
        let wrong: [(StreamEndpoint.TLS, String)] = [
            // Of another host, by address and by name.
            (.init(caBundle: right.certificate), "127.0.0.1"),
            (.init(serverName: "other.example.com", caBundle: right.certificate), "db.example.com"),
            // Of another authority, of those of the system, and of a file that is not there.
            (.init(caBundle: other.certificate), "db.example.com"), (.init(), "db.example.com"),
            (.init(caBundle: "/nonexistent.pem"), "db.example.com"),
        ]
        for (tls, host) in wrong {
            let failure = await Self.probe(server.port, tls, host: host).failure
            #expect(failure?.reason == .tls && failure?.step == .tls)
        }
        // Nobody looks, where that is asked for.
        #expect(await Self.probe(server.port, .init(), host: "127.0.0.1", verifies: false).isHealthy)
    }

    @Test("One that speaks no TLS is not spoken to without it", arguments: [false, true])
    func noTLS(verifies: Bool) async throws {
        let server = try await PostgresInstance()
        let failure = await Self.probe(server.port, .init(), verifies: verifies).failure
        #expect(failure?.reason == .tls && failure?.step == .tls)
        #expect(await Self.probe(server.port, nil).isHealthy)
    }
}
