internal import HTTPTransport

/// Commands and their replies over one connection, which it owns.
struct RedisSession: ~Copyable {
    private let stream: any ByteStream
    private let readTimeout: Duration
    private let deadline: ContinuousClock.Instant
    private let now: @Sendable () -> ContinuousClock.Instant
    private var parser = RESPParser()
    /// Commands that were sent and have not been answered yet.
    private var outstanding = 0

    /// - Parameter deadline: of the whole probe.
    init(
        over stream: any ByteStream, readTimeout: Duration, deadline: ContinuousClock.Instant,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.stream = stream
        self.readTimeout = readTimeout
        self.deadline = deadline
        self.now = now
    }

    deinit { stream.close() }

    /// Sends commands, whose replies come in their order.
    mutating func send(_ commands: [String]..., during step: ProbeFailure.Step) async throws(ProbeFailure) {
        try await send(commands, during: step)
    }

    mutating func send(_ commands: [[String]], during step: ProbeFailure.Step) async throws(ProbeFailure) {
        outstanding += commands.count
        do {
            try await stream.write(commands.flatMap(respCommand), deadline: min(deadline, now() + readTimeout))
        } catch { throw ProbeFailure(error, during: step) }
    }

    /// - Parameter command: for messages.
    /// - Returns: the reply to the first that was not answered yet, which may be an error.
    mutating func reply(to command: String, during step: ProbeFailure.Step) async throws(ProbeFailure) -> RESPValue {
        let limit = min(deadline, now() + readTimeout)
        while true {
            if let reply = try reply(during: step) { return reply }
            let bytes: [UInt8]
            do { bytes = try await stream.read(deadline: limit) } catch { throw ProbeFailure(error, during: step) }
            guard !bytes.isEmpty else {
                throw ProbeFailure(step.reason, during: step, "it closed the connection without a reply to \(command)")
            }
            parser.append(bytes)
        }
    }

    private mutating func reply(during step: ProbeFailure.Step) throws(ProbeFailure) -> RESPValue? {
        let reply: RESPValue?
        do { reply = try parser.next() } catch {
            let said = parser.text.isEmpty ? "" : " (\"\(parser.text)\")"
            throw ProbeFailure(step.reason, during: step, "it does not speak Redis's protocol: \(error.reason)\(said)")
        }
        guard let reply else { return nil }
        outstanding -= 1
        // The replies to come would be taken for those to other commands.
        guard parser.isEmpty || outstanding > 0 else {
            throw ProbeFailure(step.reason, during: step, "it sends replies that nothing was asked for")
        }
        return reply
    }
}

extension ProbeFailure {
    /// Of a connection that was not made.
    init(connecting error: HTTPTransportError) {
        let step: Step =
            switch error.phase {
            case .nameLookup: .resolve
            case .connect, .exchange: .connect
            case .tlsHandshake: .tls
            }
        switch error.code {
        case .deadlineExceeded, .connectTimedOut: self.init(.timeout, during: step, error.reason)
        case .nameNotResolved: self.init(.resolve, during: .resolve, error.reason)
        case .tlsFailed: self.init(.tls, during: .tls, error.reason)
        // A server that hangs up in the middle of the handshake.
        case .connectionLost where step == .tls: self.init(.tls, during: .tls, error.reason)
        default: self.init(.connect, during: step, error.reason)
        }
    }

    /// Of a connection that was there.
    init(_ error: HTTPTransportError, during step: Step) {
        switch error.code {
        case .deadlineExceeded: self.init(.timeout, during: step, error.reason)
        default: self.init(step.reason, during: step, "the connection broke: \(error.reason)")
        }
    }

    init(_ error: RedisError, during step: Step) {
        self.init(step.reason, during: step, code: error.code.isEmpty ? nil : error.code, error.message)
    }
}

extension ProbeFailure.Step {
    /// What it is called that this failed.
    var reason: ProbeFailure.Reason {
        switch self {
        case .secret, .auth: .auth
        case .resolve: .resolve
        case .connect: .connect
        case .tls: .tls
        case .ping: .ping
        case .write: .write
        case .read: .read
        case .role: .role
        }
    }
}
