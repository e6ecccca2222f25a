import Functions
import HTTPTransport
import JSON
import LambdaRuntime
import Logging
import NameResolution
import Synchronization

/// AWS and DNS for any number of watches, in virtual time. Names are of two balancers, in the east and in the west,
/// where the function runs.
final class Cloud: HTTPExecutor, Resolver {
    enum Answer: Sendable {
        case east
        case west
        case notFound
        /// Until whoever asks gives up.
        case hang
        /// The west, after so long.
        case slow(Duration)
    }

    enum Trouble: Sendable {
        case hang
        case refuse
        /// An error of AWS.
        case error(Int, String)
    }

    struct Request: Sendable {
        var operation: String
        var url: String
        var body: String
        var time: ContinuousClock.Instant
    }

    struct State: Sendable {
        /// By watched name.
        var answers: [String: Answer] = [:]
        /// By datastore; those of the list that are not here are available, with the primary in the east.
        var statuses: [String: String] = [:]
        var groups: [String] = []
        /// The datastores whose primary is in the west.
        var primaries: Set<String> = []
        /// The groups that the west has left.
        var detached: Set<String> = []
        /// What a promotion takes; nil for ever.
        var promotionTime: Duration?
        var parameters: [String: String] = [:]
        /// By operation.
        var troubles: [String: Trouble] = [:]
        var promoted: [String: ContinuousClock.Instant] = [:]
        fileprivate(set) var requests: [Request] = []
        fileprivate(set) var lookUps: [(name: String, time: ContinuousClock.Instant)] = []
    }

    static let region = "us-west-2"
    static let targets = [
        "us-east-1": "app.us-east-1.elb.amazonaws.com", "us-west-2": "app.us-west-2.elb.amazonaws.com",
    ]

    let time = VirtualTime()
    private let state: Mutex<State>

    /// - Parameter answers: by watched name.
    init(_ answers: [String: Answer] = [:]) {
        var state = State()
        state.answers = answers
        self.state = Mutex(state)
    }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    var requests: [Request] { state.withLock { $0.requests } }
    var operations: [String] { requests.map(\.operation) }
    func requests(_ operation: String) -> [Request] { requests.filter { $0.operation == operation } }
    /// When a name was asked for.
    func lookUps(of name: String) -> [ContinuousClock.Instant] {
        state.withLock { $0.lookUps }.filter { $0.name == name }.map(\.time)
    }

    var taskExecutor: (any TaskExecutor)? { time }

    func sleep(until deadline: ContinuousClock.Instant) async throws(CancellationError) {
        try await time.sleep(until: deadline)
    }

    // MARK: DNS

    func resolve(_ name: String, deadline: ContinuousClock.Instant) async throws(ResolutionError) -> ResolvedName {
        let now = time.now
        let answer = state.withLock { state in
            state.lookUps.append((name, now))
            return state.answers[name]
        }
        switch answer {
        case .hang:
            try? await time.sleep(until: deadline)
            throw ResolutionError(.timedOut, name: name, reason: "hangs")
        case .slow(let delay):
            try? await time.sleep(until: min(deadline, now + delay))
            return Self.resolved(name, "10.2.0.1")
        case .east: return Self.resolved(name, "10.1.0.1")
        case .west: return Self.resolved(name, "10.2.0.1")
        case .notFound: throw ResolutionError(.notFound, name: name, reason: "no")
        case nil:
            if name == Self.targets["us-east-1"] { return Self.resolved(name, "10.1.0.1") }
            if name == Self.targets["us-west-2"] { return Self.resolved(name, "10.2.0.1") }
            throw ResolutionError(.notFound, name: name, reason: "no")
        }
    }

    private static func resolved(_ name: String, _ address: String) -> ResolvedName {
        ResolvedName(canonicalName: name, addresses: [IPAddress(address)].compactMap { $0 })
    }

    // MARK: AWS

    func execute(
        _ request: HTTPRequest, deadline: ContinuousClock.Instant?
    ) async throws(HTTPTransportError) -> HTTPResponse {
        let body = String(decoding: request.body, as: UTF8.self)
        let operation = Self.operation(of: request, body)
        let now = time.now
        let trouble = state.withLock { state in
            state.requests.append(Request(operation: operation, url: request.url, body: body, time: now))
            if let promotionTime = state.promotionTime {
                for (id, time) in state.promoted where time + promotionTime <= now {
                    state.promoted[id] = nil
                    state.statuses[id] = "available"
                    state.primaries.insert(id)
                }
            }
            return state.troubles[operation]
        }
        switch trouble {
        case .hang:
            try? await time.sleep(until: deadline ?? now + .seconds(3600))
            throw Self.failed(request, .deadlineExceeded, sent: true)
        case .refuse: throw Self.failed(request, .connectFailed, sent: false)
        case .error(let status, let code):
            return operation.hasSuffix("Parameter") ? Self.jsonError(status, code) : Self.error(status, code)
        case nil: return state.withLock { Self.answer(operation, request.url, body, &$0, now) }
        }
    }

    private static func failed(_ request: HTTPRequest, _ code: HTTPTransportError.Code, sent: Bool)
        -> HTTPTransportError
    {
        HTTPTransportError(code: code, activity: request.url, reason: "scripted", requestMayHaveBeenSent: sent)
    }

    private static func operation(of request: HTTPRequest, _ body: String) -> String {
        if request.method == "GET" { return "ListResourceRecordSets" }
        if let action = parameter("Action", of: body) { return action }
        return body.contains("\"Value\"") ? "PutParameter" : "GetParameter"
    }

    static func parameter(_ name: String, of form: String) -> String? {
        form.split(separator: "&").first { $0.hasPrefix("\(name)=") }?.split(separator: "=").dropFirst().first
            .map(String.init)
    }

    private static func jsonError(_ status: Int, _ code: String) -> HTTPResponse {
        let body: JSONValue = ["__type": .string(code), "message": "no"]
        return HTTPResponse(status: status, body: body.serialized())
    }

    static func error(_ status: Int, _ code: String) -> HTTPResponse {
        let text =
            "<ErrorResponse><Error><Type>Sender</Type><Code>\(code)</Code><Message>no</Message></Error>"
            + "<RequestId>r</RequestId></ErrorResponse>"
        return HTTPResponse(status: status, body: Array(text.utf8))
    }
}

extension Cloud {
    /// Watches by their first labels, each `LABEL.example.com` with the datastore `ldgnf-LABEL`, which is there.
    func assembly(_ labels: [String], _ changes: [String: String?] = [:]) throws -> PromoterAssembly {
        change { $0.groups += labels.map { "ldgnf-\($0)" } }
        let watches = labels.map { label -> JSONValue in
            [
                "name": .string(label), "dnsName": .string("\(label).example.com"),
                "globalDatastoreId": .string("ldgnf-\(label)"),
            ]
        }
        let list = String(decoding: JSONValue.array(watches).serialized(), as: UTF8.self)
        var variables: [String: String?] = ["WATCHES": list]
        if let only = labels.first, labels.count == 1 {
            variables = ["DNS_NAME": "\(only).example.com", "GLOBAL_DATASTORE_ID": "ldgnf-\(only)"]
        }
        variables["AWS_REGION"] = Self.region
        let environment = environment(variables.merging(PromoterFunctionTests.aws) { $1 }.merging(changes) { $1 })
        return try PromoterAssembly(
            environment: environment, configuration: PromoterConfiguration(environment: environment), executor: self,
            resolver: self, now: { [time] in time.now })
    }

    /// - Parameter lasting: what Lambda gives it.
    func invocation(lasting duration: Duration, _ payload: String = "{}") -> Invocation {
        Invocation(requestID: "r", deadline: time.now + duration, payload: Array(payload.utf8))
    }
}
