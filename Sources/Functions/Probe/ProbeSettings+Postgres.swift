internal import HTTPTransport
internal import HealthProbe

/// The variables `POSTGRES_…`.
extension ProbeSettings {
    private enum TLSMode: String, CaseIterable {
        case verifyFull = "verify-full"
        case require
        case disable
    }

    static func postgresEndpoint(_ reader: inout EnvironmentReader) -> StreamEndpoint {
        let host = reader.host(
            "POSTGRES_HOST", "such as orders.cluster-abc123.us-east-1.rds.amazonaws.com", otherwise: "REDIS_HOST")
        let port = reader.integer("POSTGRES_PORT", in: 1...65_535, default: 5432)
        let mode = tlsMode(&reader)
        let caBundle = reader.value("POSTGRES_CA_BUNDLE")
        let serverName = reader.serverName("POSTGRES_TLS_SERVER_NAME", host: "POSTGRES_HOST")
        if mode != .verifyFull {
            for (variable, value) in [("POSTGRES_CA_BUNDLE", caBundle), ("POSTGRES_TLS_SERVER_NAME", serverName)] {
                guard value != nil else { continue }
                reader.refuse(
                    variable,
                    "leave it out, or POSTGRES_TLS_MODE=\(mode.rawValue): no certificate is checked by that")
            }
        }
        let tls = mode == .disable ? nil : StreamEndpoint.TLS(serverName: serverName, caBundle: caBundle)
        return StreamEndpoint(host: host, port: port, tls: tls)
    }

    static func postgres(_ reader: inout EnvironmentReader) -> ProbeTarget.Postgres {
        // What is wrong with the mode, the endpoint has said.
        var quiet = reader
        return ProbeTarget.Postgres(
            database: reader.value("POSTGRES_DATABASE") ?? "postgres",
            verifiesCertificate: tlsMode(&quiet) == .verifyFull,
            mode: reader.word("POSTGRES_PROBE", of: ProbeTarget.Postgres.Mode.self, default: .write))
    }

    private static func tlsMode(_ reader: inout EnvironmentReader) -> TLSMode {
        reader.word("POSTGRES_TLS_MODE", of: TLSMode.self, default: .verifyFull)
    }

    static func postgresLogin(_ reader: inout EnvironmentReader) -> Login {
        guard let login = reader.login(.postgres) else {
            reader.refuse(
                "POSTGRES_SECRET_ARN",
                "set it to a secret with username and password, or set POSTGRES_USERNAME and POSTGRES_PASSWORD")
            return .none
        }
        if case .credentials(let credentials) = login, credentials.username == nil {
            reader.refuse("POSTGRES_USERNAME", "set it: PostgreSQL wants to know whose password it is")
        }
        return login
    }
}
