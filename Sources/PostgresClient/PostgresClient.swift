internal import CLibpq
package import HTTPTransport

/// PostgreSQL over libpq, none of whose calls blocks: what it has to wait for, the event loop waits for.
///
/// libpq takes what it is not told from variables (`PGHOST`, `PGSERVICE`, `PGOPTIONS`, …) and files of the home folder
/// (`.pgpass`, `.pg_service.conf`, `.postgresql/*`). Here nothing but the arguments counts: the process forgets all
/// variables `PG…`, and each file is named, by a path at which none can be.
package struct PostgresClient: PostgresConnector {
    private let waiter: any DescriptorWaiter
    private let caBundle: CABundle
    private let now: @Sendable () -> ContinuousClock.Instant

    /// To be made before there are threads that read the environment.
    ///
    /// - Parameter caBundle: the authorities that are trusted where nobody says otherwise.
    package init(
        waiter: any DescriptorWaiter, caBundle: CABundle,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        promoter_unset_libpq_variables()
        // OpenSSL initialises itself; libpq would have it read a configuration file, too.
        PQinitOpenSSL(0, 0)
        self.waiter = waiter
        self.caBundle = caBundle
        self.now = now
    }

    package func connect(
        to server: PostgresServer, as login: PostgresLogin, deadline: ContinuousClock.Instant, loginTimeout: Duration
    ) async throws(PostgresError) -> any PostgresConnection {
        let session = try PostgresSession(try parameters(server, login), waiter: waiter)
        try await session.open(deadline: deadline, loginTimeout: loginTimeout, now: now)
        return session
    }

    /// Where no file can be: what is above it is no folder.
    private static let noFile = "/dev/null/none"

    /// All have a value that is not empty, or libpq would take its own.
    private func parameters(
        _ server: PostgresServer, _ login: PostgresLogin
    ) throws(PostgresError) -> KeyValuePairs<String, String> {
        let (mode, authorities) = try tls(server.tls)
        return [
            "host": server.host, "hostaddr": server.address, "port": "\(server.port)", "dbname": server.database,
            "user": login.username, "password": login.password, "passfile": Self.noFile,
            "application_name": "promoter", "client_encoding": "UTF8",
            "sslmode": mode, "sslrootcert": authorities, "sslcert": Self.noFile, "sslkey": Self.noFile,
            "sslcrl": Self.noFile, "gssencmode": "disable", "target_session_attrs": "any",
        ]
    }

    private func tls(_ tls: PostgresServer.TLS) throws(PostgresError) -> (mode: String, authorities: String) {
        switch tls {
        case .off: return ("disable", Self.noFile)
        // With authorities, libpq would check the certificate all the same.
        case .unverified: return ("require", Self.noFile)
        case .verified(let path?): return ("verify-full", path)
        case .verified(nil):
            switch caBundle.location() {
            case .success(let path): return ("verify-full", path)
            case .failure(let problem): throw PostgresError(.failed, during: .tlsHandshake, problem.description)
            }
        }
    }
}
