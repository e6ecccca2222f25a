package import AWSClient
internal import JSON

/// Credentials from a secret of Secrets Manager: read once, and again where the server no longer accepts them.
package actor SecretCredentials: RedisCredentialSource {
    package typealias Read = @Sendable (_ deadline: ContinuousClock.Instant) async throws -> Secret

    private let id: String
    private let read: Read
    private let now: @Sendable () -> ContinuousClock.Instant
    private var known: (credentials: RedisCredentials, readAt: ContinuousClock.Instant)?

    /// A wrong password is wrong for every probe; the secret is not read for each of them.
    private static let shortestAge = Duration.seconds(10)

    /// - Parameters:
    ///   - id: of the secret, for messages.
    ///   - read: gets its value.
    package init(id: String, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, read: @escaping Read) {
        self.id = id
        self.now = now
        self.read = read
    }

    package func credentials(
        after rejected: RedisCredentials?, deadline: ContinuousClock.Instant
    ) async throws -> RedisCredentials {
        if let known, known.credentials != rejected || now() - known.readAt < Self.shortestAge {
            return known.credentials
        }
        let credentials = try Self.credentials(in: try await read(deadline), of: id)
        known = (credentials, now())
        return credentials
    }

    struct Unusable: Error, CustomStringConvertible {
        var description: String
    }

    /// - Parameter secret: a password, or a JSON object that has one, as Secrets Manager's own rotation makes it.
    static func credentials(in secret: Secret, of id: String) throws(Unusable) -> RedisCredentials {
        let text = secret.revealed
        guard !text.isEmpty else { throw Unusable(description: "the secret \(id) is empty") }
        guard text.first == "{" else { return RedisCredentials(username: nil, password: secret) }
        // Whatever is wrong with it must not be shown with it.
        guard let object = try? JSONValue(parsing: text.utf8) else {
            throw Unusable(description: "the secret \(id) is no JSON object, though it begins like one")
        }
        let password = ["password", "auth_token", "authToken"].lazy.compactMap { key -> String? in
            if case .string(let value) = object[key], !value.isEmpty { value } else { nil }
        }.first
        guard let password else {
            throw Unusable(
                description:
                    "the secret \(id) has no member password, which is to be a text (username may be beside it)")
        }
        var username: String?
        if case .string(let name) = object["username"], !name.isEmpty { username = name }
        return RedisCredentials(username: username, password: Secret(password))
    }
}
