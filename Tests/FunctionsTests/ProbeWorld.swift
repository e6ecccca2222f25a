import AWSClient
import Functions
import HTTPTransport
import HealthProbe
import JSON
import LambdaRuntime
import Logging
import NameResolution
import PostgresClient
import Synchronization

/// Redis servers and CloudWatch for the handler `probe`, in virtual time.
final class ProbeWorld: HTTPExecutor, StreamConnector, PostgresConnector, Resolver {
    enum Server: Sendable {
        case good
        case readOnly
        case closed
        /// Until whoever asks gives up.
        case hang
        /// Good, after so long.
        case slow(Duration)
    }

    /// A request to CloudWatch.
    struct Published: Sendable {
        var time: ContinuousClock.Instant
        /// Its form, name by name.
        var members: [String: String]

        /// The values of a metric, each as often as it was counted, of all dimensions.
        func values(_ metric: String) -> [Double] {
            var values: [Double] = []
            var datum = 1
            while let name = members["MetricData.member.\(datum).MetricName"] {
                defer { datum += 1 }
                guard name == metric else { continue }
                var index = 1
                while let value = members["MetricData.member.\(datum).Values.member.\(index)"].flatMap(Double.init) {
                    let count = members["MetricData.member.\(datum).Counts.member.\(index)"].flatMap { Int($0) } ?? 1
                    values += Array(repeating: value, count: count)
                    index += 1
                }
            }
            return values
        }
    }

    struct State: Sendable {
        /// By host.
        var servers: [String: Server] = [:]
        /// Of CloudWatch.
        var isRefusing = false
        /// By address.
        fileprivate var hosts: [String: String] = [:]
        fileprivate(set) var refused = 0
        fileprivate(set) var published: [Published] = []
        fileprivate(set) var probes: [(host: String, time: ContinuousClock.Instant)] = []
    }

    let time = VirtualTime()
    private let state = Mutex(State())
    private let start: ContinuousClock.Instant

    init() { start = time.now }

    func change(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    var refused: Int { state.withLock { $0.refused } }
    var published: [Published] { state.withLock { $0.published } }

    func probes(of host: String) -> [Duration] {
        state.withLock { $0.probes.filter { $0.host == host }.map { $0.time - start } }
    }

    var taskExecutor: (any TaskExecutor)? { time }
    func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError) {
        try await time.sleep(until: deadline)
    }

    /// - Parameter hosts: nil for one, with the name `redis.test`, or for those of `PROBES`.
    func function(_ variables: [String: String] = [:], hosts: [String]? = nil, logger: Logger) throws -> ProbeFunction {
        var environment = [
            "AWS_REGION": "us-west-2", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
            "REDIS_TLS": "false",
        ].merging(variables) { _, new in new }
        if let hosts {
            let list = hosts.map { JSONValue.object([.init("redisHost", .string($0))]) }
            environment["PROBES"] = String(decoding: JSONValue.array(list).serialized(), as: UTF8.self)
        } else if environment["PROBES"] == nil {
            environment["REDIS_HOST"] = "redis.test"
        }
        let began = start
        let assembly = try ProbeAssembly(
            environment: environment, configuration: ProbeConfiguration(environment: environment), executor: self,
            resolver: self, now: { [time] in time.now },
            wallClock: { [time] in
                Timestamp(secondsSince1970: 1_800_000_000 + (time.now - began).components.seconds)
            }
        ) { self }
        return ProbeFunction(assembly: assembly, logger: logger)
    }

    /// One invocation, which may take so long.
    ///
    /// - Parameter change: made after some time of it.
    func invoke(
        _ function: ProbeFunction, lasting: Duration = .seconds(58),
        _ change: (after: Duration, make: @Sendable (inout State) -> Void)? = nil
    ) async throws -> JSONValue {
        let bytes = try await time.run { [self] in
            let now = time.now
            async let changed: Void = {
                guard let change else { return }
                try? await time.sleep(until: now + change.after)
                self.change(change.make)
            }()
            let bytes = try await function.handle(
                Invocation(requestID: "1", deadline: now + lasting, payload: Array("{}".utf8)))
            await changed
            return bytes
        }
        return try JSONValue(parsing: bytes)
    }

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let isRefused = state.withLock { state in
            if state.isRefusing { state.refused += 1 }
            return state.isRefusing
        }
        guard !isRefused else {
            throw HTTPTransportError(
                code: .connectFailed, activity: request.url, reason: "refused", requestMayHaveBeenSent: false)
        }
        let members = String(decoding: request.body, as: UTF8.self).split(separator: "&").map { member in
            member.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        }
        let form = Dictionary(members.map { ($0[0], $0.count > 1 ? $0[1] : "") }) { _, new in new }
        state.withLock { $0.published.append(Published(time: time.now, members: form)) }
        let answer = "<PutMetricDataResponse><ResponseMetadata/></PutMetricDataResponse>"
        return HTTPResponse(status: 200, body: Array(answer.utf8))
    }

    func connect(
        to endpoint: StreamEndpoint, deadline: ContinuousClock.Instant
    ) async throws(HTTPTransportError) -> any ByteStream {
        let server = server(at: endpoint.host)
        switch server {
        case .closed: throw Self.failure(.connectFailed, .connect)
        case .hang:
            try? await time.sleep(until: deadline)
            throw Self.failure(.deadlineExceeded, .connect)
        case .slow(let duration):
            let end = time.now + duration
            try? await time.sleep(until: min(end, deadline))
            guard end <= deadline else { throw Self.failure(.deadlineExceeded, .connect) }
        case .good, .readOnly: break
        }
        return FakeRedis(isReadOnly: server.isReadOnly)
    }

    func connect(
        to server: PostgresServer, as login: PostgresLogin, deadline: ContinuousClock.Instant, loginTimeout: Duration
    ) async throws(PostgresError) -> any PostgresConnection {
        switch self.server(at: server.address) {
        case .good, .readOnly, .slow: return FakePostgres()
        case .closed: throw PostgresError(.failed, during: .connect, "scripted")
        case .hang:
            try? await time.sleep(until: deadline)
            throw PostgresError(.deadlineExceeded, during: .connect, "scripted")
        }
    }

    private func server(at address: String) -> Server {
        state.withLock { state in
            let host = state.hosts[address] ?? address
            state.probes.append((host, time.now))
            return state.servers[host] ?? .good
        }
    }

    /// Each name has an address of its own.
    func resolve(_ name: String, deadline: ContinuousClock.Instant) async throws(ResolutionError) -> ResolvedName {
        let text = state.withLock { state in
            let known = state.hosts.first { $0.value == name }?.key
            let address = known ?? "10.0.0.\(state.hosts.count)"
            state.hosts[address] = name
            return address
        }
        return ResolvedName(canonicalName: name, addresses: [IPAddress(text)].compactMap { $0 })
    }

    private static func failure(
        _ code: HTTPTransportError.Code, _ phase: HTTPTransportError.Phase
    ) -> HTTPTransportError {
        HTTPTransportError(
            code: code, activity: "connection", reason: "scripted", requestMayHaveBeenSent: false, phase: phase)
    }
}

extension ProbeWorld.Server {
    fileprivate var isReadOnly: Bool { if case .readOnly = self { true } else { false } }
}

/// One session with a server that can be read from.
private struct FakePostgres: PostgresConnection {
    func run(_ statements: String, deadline: ContinuousClock.Instant) async throws(PostgresError) -> PostgresReply {
        PostgresReply(results: [[], [], [["f"]]])
    }
}

/// One connection to a server that knows no more than a probe needs.
private final class FakeRedis: ByteStream {
    private let isReadOnly: Bool
    private let state = Mutex((reply: [UInt8](), values: [String: String]()))

    init(isReadOnly: Bool) { self.isReadOnly = isReadOnly }

    func write(_ bytes: [UInt8], deadline: ContinuousClock.Instant) async throws(HTTPTransportError) {
        var parser = RESPParser()
        parser.append(bytes)
        while case .array(let elements)? = try? parser.next() {
            let words = elements.compactMap(\.text)
            state.withLock { state in
                switch words.first {
                case "PING": state.reply += Array("+PONG\r\n".utf8)
                case "SET" where isReadOnly: state.reply += Array("-READONLY You can't write.\r\n".utf8)
                case "SET":
                    state.values[words[1]] = words[2]
                    state.reply += Array("+OK\r\n".utf8)
                case "GET":
                    let value = state.values[words[1]] ?? ""
                    state.reply += Array("$\(value.utf8.count)\r\n\(value)\r\n".utf8)
                default: state.reply += Array("-ERR unknown command\r\n".utf8)
                }
            }
        }
    }

    func read(deadline: ContinuousClock.Instant) async throws(HTTPTransportError) -> [UInt8] {
        state.withLock { state in
            defer { state.reply = [] }
            return state.reply
        }
    }

    func close() {}
}
