import HTTPTransport
import HealthProbe
import Synchronization

/// Plays what a probe connects to, and keeps what was done to it. Its clock moves only where something takes time.
final class ScriptedRedis: StreamConnector {
    enum Answer: Sendable {
        /// In the pieces in which it comes.
        case pieces([String])
        /// None, ever.
        case silence
        case end
        /// The connection breaks before the command is sent.
        case broken
        /// As long as the server takes for it.
        indirect case after(Duration, Answer)

        static func text(_ text: String) -> Self { .pieces([text]) }
        static let ok = text("+OK\r\n")
        static let pong = text("+PONG\r\n")
    }

    struct Connection: Sendable {
        var endpoint: StreamEndpoint
        var deadline: ContinuousClock.Instant
        var commands: [[String]] = []
        /// Of each command, and of all reads of its reply.
        var deadlines: [ContinuousClock.Instant] = []
        var timesClosed = 0
    }

    struct State {
        var now = ContinuousClock.now
        var connections: [Connection] = []
    }

    /// Where it is asked for a connection; nil is for one that comes about.
    typealias Connecting = @Sendable (_ endpoint: StreamEndpoint) -> HTTPTransportError.Code?
    typealias Answering = @Sendable (_ words: [String], _ connection: Int, _ previous: [[String]]) -> Answer

    let state = Mutex(State())
    private let connecting: Connecting
    fileprivate let answering: Answering

    init(connecting: @escaping Connecting = { _ in nil }, _ answering: @escaping Answering) {
        self.connecting = connecting
        self.answering = answering
    }

    var connections: [Connection] { state.withLock { $0.connections } }
    var now: ContinuousClock.Instant { state.withLock { $0.now } }
    var commands: [[String]] { connections.flatMap(\.commands) }
    /// Each connection once.
    var isAllClosed: Bool { connections.allSatisfy { $0.timesClosed == 1 } }

    func connect(
        to endpoint: StreamEndpoint, deadline: ContinuousClock.Instant
    ) async throws(HTTPTransportError) -> any ByteStream {
        if let code = connecting(endpoint) { throw Self.error(code) }
        let number = state.withLock { state in
            state.connections.append(Connection(endpoint: endpoint, deadline: deadline))
            return state.connections.count - 1
        }
        return ScriptedStream(server: self, number: number)
    }

    static func error(_ code: HTTPTransportError.Code) -> HTTPTransportError {
        HTTPTransportError(code: code, activity: "test", reason: "scripted", requestMayHaveBeenSent: true)
    }

    /// A server that does what it should, but where the script says something else.
    static func usual(
        connecting: @escaping Connecting = { _ in nil },
        but answering: @escaping @Sendable (_ words: [String], _ connection: Int, _ previous: [[String]]) -> Answer?
    ) -> ScriptedRedis {
        ScriptedRedis(connecting: connecting) { words, connection, previous in
            if let answer = answering(words, connection, previous) { return answer }
            switch words[0] {
            case "PING": return .pong
            case "GET":
                let value = previous.last { $0[0] == "SET" }?[2] ?? ""
                return .text("$\(value.utf8.count)\r\n\(value)\r\n")
            case "ROLE": return .text("*3\r\n$6\r\nmaster\r\n:0\r\n*0\r\n")
            default: return .ok
            }
        }
    }
}

private struct ScriptedStream: ByteStream {
    let server: ScriptedRedis
    let number: Int
    private let pending = Pending()

    init(server: ScriptedRedis, number: Int) {
        self.server = server
        self.number = number
    }

    private final class Pending: Sendable {
        /// Of the commands that were sent, in their order.
        let answers = Mutex<[ScriptedRedis.Answer]>([])
    }

    func write(_ bytes: [UInt8], deadline: ContinuousClock.Instant) async throws(HTTPTransportError) {
        var answers: [ScriptedRedis.Answer] = []
        for words in commands(in: bytes) {
            let previous = server.state.withLock { state in
                defer {
                    state.connections[number].commands.append(words)
                    state.connections[number].deadlines.append(deadline)
                }
                return state.connections[number].commands
            }
            let answer = server.answering(words, number, previous)
            // Who has not answered to the end answers nothing else.
            answers += answer.isWhole ? [answer] : [answer, .silence]
        }
        guard let first = answers.first else { throw ScriptedRedis.error(.library) }
        if case .broken = first { throw ScriptedRedis.error(.connectionLost) }
        pending.answers.withLock { $0 += answers }
    }

    func read(deadline: ContinuousClock.Instant) async throws(HTTPTransportError) -> [UInt8] {
        server.state.withLock { $0.connections[number].deadlines.append(deadline) }
        while true {
            switch pending.answers.withLock({ $0.first }) {
            case .pieces(let pieces):
                let rest = Array(pieces.dropFirst())
                pending.answers.withLock { $0[0...0] = rest.isEmpty ? [] : [.pieces(rest)] }
                guard let first = pieces.first else { return try outOfTime(deadline) }
                return Array(first.utf8)
            case .after(let duration, let answer):
                guard server.now + duration < deadline else { return try outOfTime(deadline) }
                server.state.withLock { $0.now += duration }
                pending.answers.withLock { $0[0] = answer }
            case .silence, nil: return try outOfTime(deadline)
            case .end: return []
            case .broken: throw ScriptedRedis.error(.connectionLost)
            }
        }
    }

    private func outOfTime(_ deadline: ContinuousClock.Instant) throws(HTTPTransportError) -> [UInt8] {
        server.state.withLock { $0.now = max($0.now, deadline) }
        throw ScriptedRedis.error(.deadlineExceeded)
    }

    func close() { server.state.withLock { $0.connections[number].timesClosed += 1 } }
}

/// Commands as a client sends them, several at once.
func commands(in bytes: [UInt8]) -> [[String]] {
    var parser = RESPParser()
    parser.append(bytes)
    var commands: [[String]] = []
    while case .array(let elements)? = try? parser.next() { commands.append(elements.compactMap(\.text)) }
    return commands
}

extension ScriptedRedis.Answer {
    /// Whether it is replies from beginning to end.
    fileprivate var isWhole: Bool {
        guard case .pieces(let pieces) = self else { return true }
        var parser = RESPParser()
        parser.append(Array(pieces.joined().utf8))
        while (try? parser.next()) != nil {}
        return parser.isEmpty
    }
}
