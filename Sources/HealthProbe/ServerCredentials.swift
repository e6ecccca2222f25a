package import AWSClient

/// As whom a probe logs in.
package struct ServerCredentials: Sendable, Equatable {
    /// nil for Redis's default user.
    package var username: String?
    package var password: Secret

    package init(username: String?, password: Secret) {
        self.username = username
        self.password = password
    }
}

/// Where they come from. It must end by the deadline.
package protocol ServerCredentialSource: Sendable {
    /// - Parameter rejected: what the server did not accept, so that something newer is wanted; nil for what is known.
    /// - Returns: what was rejected, where there is nothing newer.
    func credentials(
        after rejected: ServerCredentials?, deadline: ContinuousClock.Instant
    ) async throws -> ServerCredentials
}

extension ServerCredentials: ServerCredentialSource {
    package func credentials(
        after rejected: ServerCredentials?, deadline: ContinuousClock.Instant
    ) async throws -> ServerCredentials { self }
}

extension Optional where Wrapped == any ServerCredentialSource {
    /// - Returns: nil where there is no source.
    func credentials(
        after rejected: ServerCredentials?, _ deadline: ContinuousClock.Instant
    ) async throws(ProbeFailure) -> ServerCredentials? {
        do { return try await self?.credentials(after: rejected, deadline: deadline) } catch let error as AWSError
            where error.code == .deadlineExceeded || error.code == .noAnswer
        {
            throw ProbeFailure(.timeout, during: .secret, "\(error)")
        } catch { throw ProbeFailure(.auth, during: .secret, "\(error)") }
    }
}
