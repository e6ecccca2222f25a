package import AWSClient
internal import JSON

/// Credentials from a secret of Secrets Manager: read once, and again where the server no longer accepts them. However
/// many probes want them at a time, they are read once for all of these.
package actor SecretCredentials: ServerCredentialSource {
    package typealias Read = @Sendable (_ deadline: ContinuousClock.Instant) async throws -> Secret

    private let id: String
    private let read: Read
    private let now: @Sendable () -> ContinuousClock.Instant
    private let taskExecutor: (any TaskExecutor)?
    private var known: (credentials: ServerCredentials, readAt: ContinuousClock.Instant)?
    /// What is under way.
    private var reading: Task<Result<ServerCredentials, any Error>, Never>?

    /// A wrong password is wrong for every probe; the secret is not read for each of them.
    private static let shortestAge = Duration.seconds(10)

    /// - Parameters:
    ///   - id: of the secret, for messages.
    ///   - taskExecutor: where it is read; nil for anywhere.
    ///   - read: gets its value. It runs in a task of its own, so that the probe that happened to start it can be
    ///     cancelled without harm to the others; it must end by the deadline.
    package init(
        id: String, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        taskExecutor: (any TaskExecutor)? = nil, read: @escaping Read
    ) {
        self.id = id
        self.now = now
        self.taskExecutor = taskExecutor
        self.read = read
    }

    package func credentials(
        after rejected: ServerCredentials?, deadline: ContinuousClock.Instant
    ) async throws -> ServerCredentials {
        while true {
            // By the password alone: the name may be another's.
            if let known, known.credentials.password != rejected?.password || now() - known.readAt < Self.shortestAge {
                return known.credentials
            }
            let isOwn = reading == nil
            let task = reading ?? Task(executorPreference: taskExecutor) { await self.readAnew(deadline) }
            reading = task
            do { return try await task.value.get() } catch let error as AWSError {
                // It ran into the deadline of the probe that had started it, which was before ours.
                guard !isOwn, error.code == .deadlineExceeded, now() < deadline else { throw error }
            }
        }
    }

    private func readAnew(_ deadline: ContinuousClock.Instant) async -> Result<ServerCredentials, any Error> {
        defer { reading = nil }
        do {
            let credentials = try Self.credentials(in: try await read(deadline), of: id)
            known = (credentials, now())
            return .success(credentials)
        } catch { return .failure(error) }
    }

    struct Unusable: Error, CustomStringConvertible {
        var description: String
    }

    /// - Parameter secret: a password, or a JSON object that has one, as Secrets Manager's own rotation makes it.
    static func credentials(in secret: Secret, of id: String) throws(Unusable) -> ServerCredentials {
        let text = secret.revealed
        guard !text.isEmpty else { throw Unusable(description: "the secret \(id) is empty") }
        guard text.first == "{" else { return ServerCredentials(username: nil, password: secret) }
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
        switch object["username"] {
        case nil, .null, .string(""): return ServerCredentials(username: nil, password: Secret(password))
        case .string(let name): return ServerCredentials(username: name, password: Secret(password))
        default: throw Unusable(description: "the secret \(id) has a member username that is no text")
        }
    }
}
