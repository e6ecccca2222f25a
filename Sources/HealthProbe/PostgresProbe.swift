internal import AWSClient
internal import HTTPTransport
package import NameResolution
package import PostgresClient

/// Does what an application does: connects, logs in, and writes to a table of one row; or only reads.
///
/// A connection a probe: that a kept one still works does not say that a new client gets one, and what has failed over
/// is at another address. All that is asked comes as one message, so that a probe waits for one answer.
package struct PostgresProbe: EndpointProbe {
    private let connector: any PostgresConnector
    private let resolver: any Resolver
    private let credentials: (any ServerCredentialSource)?
    private let now: @Sendable () -> ContinuousClock.Instant
    private let uniqueValue: @Sendable () -> String

    /// SQLSTATEs that are no plain failure of the step that they come in.
    private enum State {
        static let readOnly = "25006"
        static let noSuchTable = "42P01"
        /// Somebody else has just made it: the table, the type of its rows, or their entries in the catalogue.
        static let exists: Set<String> = ["42P07", "42710", "23505"]
    }

    /// - Parameters:
    ///   - credentials: nil where nobody says who to be, which PostgreSQL always wants to know.
    ///   - uniqueValue: a value that nobody else writes, of letters and digits.
    package init(
        connector: any PostgresConnector, resolver: any Resolver, credentials: (any ServerCredentialSource)?,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        uniqueValue: @escaping @Sendable () -> String = { String(UInt64.random(in: 0...UInt64.max), radix: 16) }
    ) {
        self.connector = connector
        self.resolver = resolver
        self.credentials = credentials
        self.now = now
        self.uniqueValue = uniqueValue
    }

    package func run(_ target: ProbeTarget, deadline: ContinuousClock.Instant) async -> ProbeResult {
        let start = now()
        do throws(ProbeFailure) {
            let isReadOnly = try await probe(target, deadline: deadline)
            return ProbeResult(target: target, failure: nil, duration: now() - start, isReadOnly: isReadOnly)
        } catch {
            return ProbeResult(
                target: target, failure: error, duration: now() - start, isReadOnly: error.code == State.readOnly)
        }
    }

    /// - Returns: whether it takes no writes, where that is no failure.
    private func probe(
        _ target: ProbeTarget, deadline: ContinuousClock.Instant
    ) async throws(ProbeFailure) -> Bool {
        guard case .postgres(let settings) = target.server else {
            throw ProbeFailure(.connect, during: .connect, "it is no PostgreSQL that is to be probed")
        }
        let connection = try await connection(to: target, settings, deadline: deadline)
        let session = Session(connection: connection, target: target, deadline: deadline, now: now)
        var isReadOnly = false
        let isInRecovery: Bool?
        if settings.mode == .read || target.expectedRole == .replica {
            isInRecovery = try await session.run([Self.role], during: .read)[0].isTrue
        } else {
            do throws(ProbeFailure) {
                isInRecovery = try await write(session)
            } catch {
                guard error.code == State.readOnly, target.whenReadOnly == .healthy, target.expectedRole != .primary
                else { throw error }
                isReadOnly = true
                isInRecovery = nil
            }
        }
        try Self.check(isInRecovery, target.expectedRole)
        return isReadOnly
    }

    // MARK: - The connection

    private func connection(
        to target: ProbeTarget, _ settings: ProbeTarget.Postgres, deadline: ContinuousClock.Instant
    ) async throws(ProbeFailure) -> any PostgresConnection {
        // Before the connection, so that it does not lie idle meanwhile.
        guard let known = try await credentials.credentials(after: nil, deadline), known.username != nil else {
            throw ProbeFailure(
                .auth, during: .secret, "the secret names no user, and POSTGRES_USERNAME does not either")
        }
        do throws(ProbeFailure) {
            return try await connection(to: target, settings, as: known, deadline: deadline)
        } catch {
            // The secret may have been changed since it was read.
            guard error.reason == .auth, error.step == .auth,
                let newer = try await credentials.credentials(after: known, deadline), newer != known
            else { throw error }
            return try await connection(to: target, settings, as: newer, deadline: deadline)
        }
    }

    /// With the first of the host's addresses that can be reached.
    private func connection(
        to target: ProbeTarget, _ settings: ProbeTarget.Postgres, as credentials: ServerCredentials,
        deadline: ContinuousClock.Instant
    ) async throws(ProbeFailure) -> any PostgresConnection {
        let limit = min(deadline, now() + target.connectTimeout)
        let login = PostgresLogin(username: credentials.username ?? "", password: credentials.password.revealed)
        let addresses = try await addresses(of: target.endpoint.host, deadline: limit)
        for (index, address) in addresses.enumerated() {
            let server = PostgresServer(
                host: target.endpoint.tls?.serverName ?? target.endpoint.host, address: address.description,
                port: target.endpoint.port, database: settings.database,
                tls: target.endpoint.tls.map { tls in
                    settings.verifiesCertificate ? .verified(caBundle: tls.caBundle) : .unverified
                } ?? .off)
            do throws(PostgresError) {
                // One that is dead must leave time for the others.
                return try await connector.connect(
                    to: server, as: login, deadline: now() + (limit - now()) / (addresses.count - index),
                    loginTimeout: max(.zero, min(target.readTimeout, deadline - now())))
            } catch {
                guard error.phase == .connect, error.code != .cancelled, index < addresses.count - 1 else {
                    throw ProbeFailure(error, during: .connect, hiding: login.password)
                }
            }
        }
        throw ProbeFailure(.resolve, during: .resolve, "the name has no address")
    }

    private func addresses(
        of host: String, deadline: ContinuousClock.Instant
    ) async throws(ProbeFailure) -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        do throws(ResolutionError) {
            return try await resolver.resolve(host, deadline: deadline).addresses
        } catch {
            throw ProbeFailure(error.code == .timedOut ? .timeout : .resolve, during: .resolve, error.description)
        }
    }

    // MARK: - What is asked

    private static let role = "SELECT pg_is_in_recovery()"

    /// One row, and updates that need no new place: the column is in no index, and the page is cleared of old versions
    /// whenever it is a tenth full.
    private static let creation = [
        """
        CREATE TABLE IF NOT EXISTS promoter_probe (id smallint PRIMARY KEY CHECK (id = 1), value text NOT NULL, \
        written_at timestamptz NOT NULL) WITH (fillfactor = 10)
        """,
        "INSERT INTO promoter_probe VALUES (1, '', now()) ON CONFLICT DO NOTHING",
    ]

    /// - Returns: whether it is a replica; nil where it does not say.
    private func write(_ session: Session) async throws(ProbeFailure) -> Bool? {
        let value = uniqueValue()
        let update =
            "UPDATE promoter_probe SET value = '\(value)', written_at = now() WHERE id = 1 RETURNING value"
        for isFirst in [true, false] {
            do throws(ProbeFailure) {
                let results = try await session.run([Self.role, update], during: .write)
                switch results[1].first?.first {
                case value?: return results[0].isTrue
                case nil where isFirst: break
                case let other:
                    let words = (other ?? nil).map { "\($0.utf8.count) other bytes" } ?? "nothing"
                    throw ProbeFailure(.mismatch, during: .write, "\(value) was written, and \(words) came back")
                }
            } catch {
                guard isFirst, error.code == State.noSuchTable else { throw error }
            }
            // The table is missing, or its row.
            do throws(ProbeFailure) { _ = try await session.run(Self.creation, during: .write) } catch {
                guard let code = error.code, State.exists.contains(code) else { throw error }
            }
        }
        return nil
    }

    private static func check(_ isInRecovery: Bool?, _ role: ProbeTarget.Role?) throws(ProbeFailure) {
        guard let role, isInRecovery != (role == .replica) else { return }
        let words =
            switch isInRecovery {
            case true?: "it is a replica (pg_is_in_recovery() is true)"
            case false?: "it is a primary (pg_is_in_recovery() is false)"
            case nil: "it does not say what pg_is_in_recovery() is"
            }
        throw ProbeFailure(.role, during: .role, "\(words), and not a \(role.rawValue)")
    }
}

/// Statements and their results over one connection.
private struct Session {
    let connection: any PostgresConnection
    let target: ProbeTarget
    let deadline: ContinuousClock.Instant
    let now: @Sendable () -> ContinuousClock.Instant

    /// All in one transaction, and as one message, whose limits are set in it: proxies refuse them as options of the
    /// connection. A lock that somebody else holds is given up before the answer as a whole is, so that the server can
    /// say what it was; and nothing goes on there after nobody waits for it.
    ///
    /// - Returns: for each statement its rows.
    func run(
        _ statements: [String], during step: ProbeFailure.Step
    ) async throws(ProbeFailure) -> [[PostgresReply.Row]] {
        let timeout = min(target.readTimeout, deadline - now())
        let milliseconds = max(2, timeout / .milliseconds(1))
        let limits = [
            "SET LOCAL statement_timeout = \(Int(milliseconds))", "SET LOCAL lock_timeout = \(Int(milliseconds / 2))",
        ]
        let all = limits + statements
        let reply: PostgresReply
        do throws(PostgresError) {
            reply = try await connection.run(all.joined(separator: "; "), deadline: now() + timeout)
        } catch { throw ProbeFailure(error, during: step, hiding: "") }
        if let failure = reply.failure { throw ProbeFailure(failure, during: step, hiding: "") }
        guard reply.results.count == all.count else {
            throw ProbeFailure(
                step.reason, during: step, "\(all.count) statements had \(reply.results.count) results")
        }
        return Array(reply.results.dropFirst(limits.count))
    }
}

extension [PostgresReply.Row] {
    /// Of the only value; nil where it is none of PostgreSQL's two.
    fileprivate var isTrue: Bool? {
        switch first?.first {
        case "t"??: true
        case "f"??: false
        default: nil
        }
    }
}
