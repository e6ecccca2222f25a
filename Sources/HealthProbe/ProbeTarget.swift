package import HTTPTransport

/// What is probed, and how.
package struct ProbeTarget: Sendable, Equatable {
    package enum Role: String, Sendable, CaseIterable {
        case primary
        case replica
    }

    package enum WhenReadOnly: String, Sendable, CaseIterable {
        case unhealthy
        case healthy
    }

    /// What speaks there.
    package enum Server: Sendable, Equatable {
        case redis
        case postgres(Postgres)
    }

    package struct Postgres: Sendable, Equatable {
        package enum Mode: String, Sendable, CaseIterable {
            case write
            case read
        }

        package var database: String
        /// Whether the certificate is looked at, where there is TLS.
        package var verifiesCertificate: Bool
        /// What is tried. Of a replica nothing is written.
        package var mode: Mode

        package init(database: String = "postgres", verifiesCertificate: Bool = true, mode: Mode = .write) {
            self.database = database
            self.verifiesCertificate = verifiesCertificate
            self.mode = mode
        }
    }

    /// What people know it by.
    package var name: String
    package var endpoint: StreamEndpoint
    package var server: Server
    /// What it has to be; nil for either. Of a replica nothing is written.
    package var expectedRole: Role?
    /// What an instance is that answers but takes no writes, as a replica does.
    package var whenReadOnly: WhenReadOnly
    /// For name, TCP and TLS together.
    package var connectTimeout: Duration
    /// For the reply to each command, and for a login.
    package var readTimeout: Duration

    package init(
        name: String, endpoint: StreamEndpoint, server: Server = .redis, expectedRole: Role? = nil,
        whenReadOnly: WhenReadOnly = .unhealthy, connectTimeout: Duration = .seconds(2),
        readTimeout: Duration = .seconds(2)
    ) {
        self.name = name
        self.endpoint = endpoint
        self.server = server
        self.expectedRole = expectedRole
        self.whenReadOnly = whenReadOnly
        self.connectTimeout = connectTimeout
        self.readTimeout = readTimeout
    }
}
