internal import HTTPTransport

/// Commands and their replies over one connection, which it owns.
struct RedisSession: ~Copyable {
    private let stream: any ByteStream
    private let readTimeout: Duration
    private let deadline: ContinuousClock.Instant
    private let now: @Sendable () -> ContinuousClock.Instant
    private var parser = RESPParser()

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

    /// - Returns: the reply, which may be an error.
    mutating func command(_ words: String..., during step: ProbeFailure.Step) async throws(ProbeFailure) -> RESPValue {
        let limit = min(deadline, now() + readTimeout)
        do { try await stream.write(respCommand(words), deadline: limit) } catch {
            throw ProbeFailure(error, during: step)
        }
        while true {
            if let reply = try reply(during: step) { return reply }
            let bytes: [UInt8]
            do { bytes = try await stream.read(deadline: limit) } catch { throw ProbeFailure(error, during: step) }
            guard !bytes.isEmpty else {
                throw ProbeFailure(step.reason, during: step, "it closed the connection without a reply to \(words[0])")
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
        // The replies to come would be taken for those to other commands.
        guard parser.isEmpty else {
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
