internal import AWSClient
package import HTTPTransport

/// Does what an application does: connects, logs in, asks for a sign of life, writes, and reads what it wrote.
package struct RedisProbe: EndpointProbe {
    private let connector: any StreamConnector
    private let credentials: (any ServerCredentialSource)?
    private let now: @Sendable () -> ContinuousClock.Instant
    private let uniqueValue: @Sendable () -> String
    private let keySuffix: String

    /// How often a cluster may send a probe from node to node.
    private static let maximumRedirections = 3
    /// How long what is written stays, in seconds.
    private static let expiry = "60"

    /// - Parameters:
    ///   - credentials: nil where nobody has to log in.
    ///   - uniqueValue: a value that nobody else writes.
    ///   - keySuffix: what keeps the keys of this process apart from those of others that probe the same target.
    package init(
        connector: any StreamConnector, credentials: (any ServerCredentialSource)?,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        uniqueValue: @escaping @Sendable () -> String = { String(UInt64.random(in: 0...UInt64.max), radix: 16) },
        keySuffix: String = ""
    ) {
        self.connector = connector
        self.credentials = credentials
        self.now = now
        self.uniqueValue = uniqueValue
        self.keySuffix = keySuffix
    }

    /// - Parameter deadline: by when it is over, whatever hangs.
    package func run(_ target: ProbeTarget, deadline: ContinuousClock.Instant) async -> ProbeResult {
        let start = now()
        var isReadOnly = false
        do throws(ProbeFailure) {
            isReadOnly = try await probe(target, deadline: deadline)
            return ProbeResult(target: target, failure: nil, duration: now() - start, isReadOnly: isReadOnly)
        } catch {
            return ProbeResult(
                target: target, failure: error, duration: now() - start, isReadOnly: error.code == "READONLY")
        }
    }

    /// - Returns: whether it takes no writes, where that is no failure.
    private func probe(
        _ target: ProbeTarget, deadline: ContinuousClock.Instant
    ) async throws(ProbeFailure) -> Bool {
        var session = try await session(with: target, at: target.endpoint, deadline: deadline)
        guard target.expectedRole != .replica else {
            try await session.send(["PING"], ["ROLE"], during: .ping)
            try await Self.checkSignOfLife(&session)
            try await Self.check(.replica, &session)
            return false
        }
        do throws(ProbeFailure) {
            try await writeAndRead(target, &session, deadline: deadline)
        } catch {
            guard error.code == "READONLY", target.whenReadOnly == .healthy, target.expectedRole != .primary else {
                throw error
            }
            return true
        }
        guard target.expectedRole == .primary else { return false }
        try await session.send(["ROLE"], during: .role)
        try await Self.check(.primary, &session)
        return false
    }

    // MARK: - The steps

    private func session(
        with target: ProbeTarget, at endpoint: StreamEndpoint, deadline: ContinuousClock.Instant
    ) async throws(ProbeFailure) -> RedisSession {
        // Before the connection, so that it does not lie idle meanwhile.
        let known = try await credentials.credentials(after: nil, deadline)
        let stream: any ByteStream
        do {
            stream = try await connector.connect(
                to: endpoint, deadline: min(deadline, now() + target.connectTimeout))
        } catch { throw ProbeFailure(connecting: error) }
        var session = RedisSession(over: stream, readTimeout: target.readTimeout, deadline: deadline, now: now)
        guard let known, let error = try await Self.logIn(known, &session) else { return session }
        // The secret may have been changed since it was read.
        guard let newer = try await credentials.credentials(after: known, deadline), newer != known,
            try await Self.logIn(newer, &session) == nil
        else { throw ProbeFailure(error, during: .auth) }
        return session
    }

    /// - Returns: why it was refused.
    private static func logIn(
        _ credentials: ServerCredentials, _ session: inout RedisSession
    ) async throws(ProbeFailure) -> RedisError? {
        let password = credentials.password.revealed
        let words = [credentials.username, password].compactMap(\.self)
        try await session.send(["AUTH"] + words, during: .auth)
        let reply = try await session.reply(to: "AUTH", during: .auth)
        switch reply {
        case .simple("OK"): return nil
        // It has no connection to spare, and looked at nothing that was sent.
        case .error(let error) where error.message.hasPrefix("ERR max number of clients"):
            throw ProbeFailure(.connect, during: .auth, code: error.code, error.message)
        case .error(let error): return withoutSecrets(error)
        default: throw unexpected(reply, to: "AUTH", during: .auth)
        }
    }

    /// What does not know AUTH repeats what it was sent, the password included.
    private static func withoutSecrets(_ error: RedisError) -> RedisError {
        let known = [
            "ERR AUTH <password> called", "ERR Client sent AUTH", "ERR invalid password", "ERR Protocol error",
        ]
        let isKnown =
            ["WRONGPASS", "NOAUTH", "NOPERM", "LOADING", "MASTERDOWN"].contains(error.code)
            || known.contains { error.message.hasPrefix($0) }
        return isKnown
            ? error : RedisError("\(error.code) (the rest is not shown, since it may repeat the password)")
    }

    private static func checkSignOfLife(_ session: inout RedisSession) async throws(ProbeFailure) {
        let reply = try await session.reply(to: "PING", during: .ping)
        switch reply {
        case .simple("PONG"): return
        case .error(let error) where error.code == "NOAUTH":
            throw ProbeFailure(.auth, during: .ping, code: error.code, error.message)
        case .error(let error): throw ProbeFailure(error, during: .ping)
        default: throw unexpected(reply, to: "PING", during: .ping)
        }
    }

    /// Where the key belongs, and whether that node has to be asked especially: the slot is on its way to it.
    private struct Place {
        var node: StreamEndpoint
        var isAsking = false
    }

    private func writeAndRead(
        _ target: ProbeTarget, _ session: inout RedisSession, deadline: ContinuousClock.Instant
    ) async throws(ProbeFailure) {
        var place = Place(node: target.endpoint)
        do throws(ProbeFailure) {
            try await writeAndRead(target, &session, at: &place, isFirst: true, deadline: deadline)
        } catch {
            // Another function may probe the same target at the same time, and write to the same key. Not twice,
            // though.
            guard error.reason == .mismatch else { throw error }
            try await writeAndRead(target, &session, at: &place, isFirst: false, deadline: deadline)
        }
    }

    /// Writes where the cluster says that the key belongs; the session is with that node afterwards.
    ///
    /// A node is sent all commands at once: what each is answered with is looked at in turn.
    ///
    /// - Parameter isFirst: a sign of life is asked for as well.
    private func writeAndRead(
        _ target: ProbeTarget, _ session: inout RedisSession, at place: inout Place, isFirst: Bool,
        deadline: ContinuousClock.Instant
    ) async throws(ProbeFailure) {
        // The same each time: what is left behind is one small key that expires.
        let key = "promoter:probe:\(target.name)\(keySuffix)"
        let value = uniqueValue()
        for redirections in 0...Self.maximumRedirections {
            let asksForLife = isFirst && redirections == 0
            let asking = place.isAsking ? [["ASKING"]] : []
            try await session.send(
                (asksForLife ? [["PING"]] : []) + asking + [["SET", key, value, "EX", Self.expiry]] + asking
                    + [["GET", key]], during: asksForLife ? .ping : .write)
            if asksForLife { try await Self.checkSignOfLife(&session) }
            if place.isAsking { _ = try await session.reply(to: "ASKING", during: .write) }
            let reply = try await session.reply(to: "SET", during: .write)
            switch reply {
            case .simple("OK"):
                if place.isAsking { _ = try await session.reply(to: "ASKING", during: .read) }
                return try await Self.compare(value, of: key, &session)
            case .error(let error):
                guard let redirection = Redirection(error, from: place.node) else {
                    throw ProbeFailure(error, during: .write)
                }
                place = Place(node: redirection.endpoint, isAsking: redirection.isTemporary)
                session = try await self.session(with: target, at: place.node, deadline: deadline)
            default: throw Self.unexpected(reply, to: "SET", during: .write)
            }
        }
        throw ProbeFailure(
            .write, during: .write, code: "MOVED",
            "the cluster sent the probe from node to node \(Self.maximumRedirections) times")
    }

    private static func compare(
        _ value: String, of key: String, _ session: inout RedisSession
    ) async throws(ProbeFailure) {
        let reply = try await session.reply(to: "GET", during: .read)
        switch reply {
        case .bulk(let bytes) where bytes == Array(value.utf8): return
        case .error(let error): throw ProbeFailure(error, during: .read)
        case .bulk, .null:
            throw ProbeFailure(
                .mismatch, during: .read, "\(key) was set to \(value) and read as \(reply.words)")
        default: throw unexpected(reply, to: "GET", during: .read)
        }
    }

    private static func check(_ role: ProbeTarget.Role, _ session: inout RedisSession) async throws(ProbeFailure) {
        let reply = try await session.reply(to: "ROLE", during: .role)
        if case .error(let error) = reply { throw ProbeFailure(error, during: .role) }
        guard case .array(let elements) = reply, let word = elements.first?.text else {
            throw unexpected(reply, to: "ROLE", during: .role)
        }
        guard word == (role == .primary ? "master" : "slave") else {
            throw ProbeFailure(.role, during: .role, "it is \(Self.words(role: word)), and not a \(role.rawValue)")
        }
        // A replica whose link is down answers with what it had when it lost it.
        if role == .replica, elements.count > 3, let link = elements[3].text, link != "connected" {
            throw ProbeFailure(.role, during: .role, "its link to the primary is not connected, but \(link)")
        }
    }

    private static func words(role: String) -> String {
        switch role {
        case "master": "a primary"
        case "slave": "a replica"
        default: "a \(role)"
        }
    }

    private static func unexpected(
        _ reply: RESPValue, to command: String, during step: ProbeFailure.Step
    ) -> ProbeFailure {
        ProbeFailure(step.reason, during: step, "\(command) was answered with \(reply.words)")
    }
}

extension RESPValue {
    fileprivate var words: String {
        switch self {
        case .simple(let text): text.debugDescription
        case .error(let error): error.message
        case .integer(let number): "the number \(number)"
        // What stands there may be anybody's, and anything.
        case .bulk(let bytes) where bytes.count <= 32 && bytes.allSatisfy { (0x21...0x7E).contains($0) }:
            String(decoding: bytes, as: UTF8.self)
        case .bulk(let bytes): "a string of \(bytes.count) bytes"
        case .null: "nothing"
        case .array(let elements): "an array of \(elements.count)"
        }
    }
}
