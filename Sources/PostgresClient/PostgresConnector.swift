/// What makes connections to PostgreSQL. `PostgresClient` is the real one.
package protocol PostgresConnector: Sendable {
    /// Connects, secures the connection, and logs in.
    ///
    /// - Parameters:
    ///   - deadline: for TCP and TLS.
    ///   - loginTimeout: for the login after that.
    /// - Throws: `PostgresError`, whose `phase` says how far it had come.
    func connect(
        to server: PostgresServer, as login: PostgresLogin, deadline: ContinuousClock.Instant, loginTimeout: Duration
    ) async throws(PostgresError) -> any PostgresConnection
}

/// A session. One batch of statements at a time; whoever drops it closes it by that.
package protocol PostgresConnection: Sendable {
    /// Runs statements, with semicolons between them, in one transaction.
    ///
    /// - Throws: `PostgresError` where the connection was lost or the deadline came; it is of no more use then.
    func run(_ statements: String, deadline: ContinuousClock.Instant) async throws(PostgresError) -> PostgresReply
}

package struct PostgresServer: Sendable, Equatable {
    package enum TLS: Sendable, Equatable {
        case off
        /// Without a look at the certificate.
        case unverified
        /// The certificate has to be for the host, and from an authority of this PEM file; nil for those of the system.
        case verified(caBundle: String?)
    }

    /// What the certificate has to be for.
    package var host: String
    /// In numbers: nothing is looked up.
    package var address: String
    /// 1 to 65535
    package var port: Int
    package var database: String
    package var tls: TLS

    package init(host: String, address: String, port: Int, database: String, tls: TLS) {
        self.host = host
        self.address = address
        self.port = port
        self.database = database
        self.tls = tls
    }
}

package struct PostgresLogin: Sendable {
    package var username: String
    package var password: String

    package init(username: String, password: String) {
        self.username = username
        self.password = password
    }
}

/// What each statement was answered with, up to the first that failed.
package struct PostgresReply: Sendable, Equatable {
    package typealias Row = [String?]

    /// The rows of each statement, none for one that gives none.
    package var results: [[Row]]
    /// Why a statement failed; then nothing of all of them is done.
    package var failure: PostgresError?

    package init(results: [[Row]], failure: PostgresError? = nil) {
        self.results = results
        self.failure = failure
    }
}

package struct PostgresError: Error, Sendable, Equatable {
    package enum Code: Sendable {
        /// The server said so: `sqlState` tells what.
        case refused
        case failed
        case deadlineExceeded
        case cancelled
    }

    /// How far it had come.
    package enum Phase: Int, Sendable, Comparable {
        case connect
        case tlsHandshake
        case login
        case exchange

        package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
    }

    package var code: Code
    package var phase: Phase
    /// Five digits and capital letters, of appendix A of PostgreSQL's manual.
    package var sqlState: String?
    /// In words, from the server or from libpq.
    package var reason: String

    package init(_ code: Code, during phase: Phase, sqlState: String? = nil, _ reason: String) {
        self.code = code
        self.phase = phase
        self.sqlState = sqlState
        self.reason = reason
    }
}
