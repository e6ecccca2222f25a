package import AWSClient
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

    /// What people know it by.
    package var name: String
    package var endpoint: StreamEndpoint
    /// What it has to be; nil for either. Of a replica nothing is written.
    package var expectedRole: Role?
    /// What an instance is that answers but takes no writes, as a replica does.
    package var whenReadOnly: WhenReadOnly
    /// For name, TCP and TLS together.
    package var connectTimeout: Duration
    /// For the reply to each command.
    package var readTimeout: Duration

    package init(
        name: String, endpoint: StreamEndpoint, expectedRole: Role? = nil, whenReadOnly: WhenReadOnly = .unhealthy,
        connectTimeout: Duration = .seconds(2), readTimeout: Duration = .seconds(2)
    ) {
        self.name = name
        self.endpoint = endpoint
        self.expectedRole = expectedRole
        self.whenReadOnly = whenReadOnly
        self.connectTimeout = connectTimeout
        self.readTimeout = readTimeout
    }
}

/// As whom a probe logs in.
package struct RedisCredentials: Sendable, Equatable {
    /// nil for the default user.
    package var username: String?
    package var password: Secret

    package init(username: String?, password: Secret) {
        self.username = username
        self.password = password
    }
}

/// Where they come from. It must end by the deadline.
package protocol RedisCredentialSource: Sendable {
    /// - Parameter rejected: what the server did not accept, so that something newer is wanted; nil for what is known.
    /// - Returns: what was rejected, where there is nothing newer.
    func credentials(
        after rejected: RedisCredentials?, deadline: ContinuousClock.Instant
    ) async throws -> RedisCredentials
}

extension RedisCredentials: RedisCredentialSource {
    package func credentials(
        after rejected: RedisCredentials?, deadline: ContinuousClock.Instant
    ) async throws -> RedisCredentials { self }
}
