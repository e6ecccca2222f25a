internal import CLibpq
internal import HTTPTransport

/// A connection of libpq's. One task at a time uses it; that is what makes it `Sendable`.
final class PostgresSession: PostgresConnection, @unchecked Sendable {
    private let connection: OpaquePointer
    private let waiter: any DescriptorWaiter
    private var phase = PostgresError.Phase.connect

    /// Far more than anybody asks for in one go.
    private static let maximumResults = 16
    private static let maximumRows: Int32 = 16

    init(_ parameters: KeyValuePairs<String, String>, waiter: any DescriptorWaiter) throws(PostgresError) {
        let connection = Self.withCStrings(parameters.map(\.key)) { keys in
            // 0: a database's name is no connection string.
            Self.withCStrings(parameters.map(\.value)) { values in PQconnectStartParams(keys, values, 0) }
        }
        guard let connection else { throw PostgresError(.failed, during: .connect, "out of memory") }
        self.connection = connection
        self.waiter = waiter
        guard PQstatus(connection) != CONNECTION_BAD else { throw failure() }
        // Without the first, what a server says of a login has no SQLSTATE; by default, notices go to stderr.
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        PQsetNoticeReceiver(connection, { _, _ in }, nil)
    }

    deinit {
        // Says good-bye as far as that needs no waiting.
        PQfinish(connection)
    }

    /// The two arrays and what they point at live until the body returns: libpq copies all of it.
    private static func withCStrings<Value>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
    ) -> Value {
        var offsets: [Int] = []
        var bytes: [CChar] = []
        for string in strings {
            offsets.append(bytes.count)
            bytes += Array(string.utf8CString)
        }
        return bytes.withUnsafeBufferPointer { buffer in
            var pointers = offsets.map { offset in buffer.baseAddress.map { $0 + offset } }
            pointers.append(nil)
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }

    func open(
        deadline: ContinuousClock.Instant, loginTimeout: Duration, now: @Sendable () -> ContinuousClock.Instant
    ) async throws(PostgresError) {
        // As its manual says: at first as though it had asked for that.
        var next = PGRES_POLLING_WRITING
        var loginDeadline: ContinuousClock.Instant?
        while true {
            switch next {
            case PGRES_POLLING_OK:
                phase = .exchange
                guard PQsetnonblocking(connection, 1) == 0 else { throw failure() }
                return
            case PGRES_POLLING_READING, PGRES_POLLING_WRITING: break
            default: throw failure()
            }
            notePhase()
            if phase == .login, loginDeadline == nil { loginDeadline = now() + loginTimeout }
            try await wait(
                for: next == PGRES_POLLING_READING ? .readable : .writable, until: loginDeadline ?? deadline)
            next = PQconnectPoll(connection)
        }
    }

    private func notePhase() {
        let reached: PostgresError.Phase =
            switch PQstatus(connection) {
            case CONNECTION_STARTED, CONNECTION_MADE: .connect
            case CONNECTION_SSL_STARTUP: .tlsHandshake
            default: .login
            }
        // It sends something after the handshake as it does before.
        phase = max(phase, reached)
    }

    func run(_ statements: String, deadline: ContinuousClock.Instant) async throws(PostgresError) -> PostgresReply {
        guard PQsendQuery(connection, statements) == 1 else { throw failure() }
        try await flush(deadline)
        var reply = PostgresReply(results: [])
        while let result = try await nextResult(deadline) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
                let count = PQntuples(result)
                guard reply.results.count < Self.maximumResults, count <= Self.maximumRows else {
                    throw PostgresError(.failed, during: phase, "it answers with more than it was asked for")
                }
                reply.results.append((0..<count).map { Self.row($0, of: result) })
            // After the first, libpq may add that the server has hung up.
            case PGRES_FATAL_ERROR: reply.failure = reply.failure ?? error(in: result)
            default: throw PostgresError(.failed, during: phase, "it answers with what it was not asked for")
            }
        }
        return reply
    }

    private func flush(_ deadline: ContinuousClock.Instant) async throws(PostgresError) {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1: break
            default: throw failure()
            }
            // A server that sends and is not listened to might not read.
            try await wait(for: .either, until: deadline)
            guard PQconsumeInput(connection) == 1 else { throw failure() }
        }
    }

    /// - Returns: what the caller has to clear; nil where all have come.
    private func nextResult(_ deadline: ContinuousClock.Instant) async throws(PostgresError) -> OpaquePointer? {
        while PQisBusy(connection) != 0 {
            try await wait(for: .readable, until: deadline)
            guard PQconsumeInput(connection) == 1 else { throw failure() }
        }
        return PQgetResult(connection)
    }

    private func wait(
        for readiness: DescriptorReadiness, until deadline: ContinuousClock.Instant
    ) async throws(PostgresError) {
        let descriptor = PQsocket(connection)
        guard descriptor >= 0 else { throw failure() }
        let isReady: Bool
        do throws(CancellationError) {
            isReady = try await waiter.wait(for: readiness, of: descriptor, deadline: deadline)
        } catch { throw PostgresError(.cancelled, during: phase, "cancelled") }
        guard isReady else { throw PostgresError(.deadlineExceeded, during: phase, "no answer in time") }
    }

    private static func row(_ index: Int32, of result: OpaquePointer) -> PostgresReply.Row {
        (0..<PQnfields(result)).map { column in
            guard PQgetisnull(result, index, column) == 0, let value = PQgetvalue(result, index, column) else {
                return nil
            }
            return String(cString: value)
        }
    }

    private func error(in result: OpaquePointer) -> PostgresError {
        let sqlState = PQresultErrorField(result, promoter_diag_sqlstate).map { String(cString: $0) }
        guard let sqlState, let text = PQresultErrorField(result, promoter_diag_message_primary) else {
            return failure()
        }
        return PostgresError(.refused, during: phase, sqlState: sqlState, String(cString: text))
    }

    /// What libpq says of the connection.
    private func failure() -> PostgresError {
        let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let message = PostgresMessage(text)
        return PostgresError(
            message.sqlState == nil ? .failed : .refused, during: phase, sqlState: message.sqlState, message.reason)
    }
}
