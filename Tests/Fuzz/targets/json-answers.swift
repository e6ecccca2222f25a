import AWSClient
import EndpointRecords
import Failover
import HTTPTransport
import HealthProbe
import JSON
import Promotion

// What services answer in JSON, and what operators and programs keep in parameters and secrets: whatever comes, it is a
// value that can be, or an error that can be shown. The first byte of an input is the reader, the second the status.

private typealias Operation = @Sendable (AWSClient, Server) async throws -> Void

func fuzz(_ input: [UInt8]) throws {
    var input = Input(input)
    let (operation, account) = input.choice(of: operations)
    let server = Server(input.pages())
    let client = try server.client(account)
    do { try CallingThread.shared.run { try await operation(client, server) } } catch let error as AWSError {
        try require(error.description.isOneLine, "it tears a line of the log: \(error)")
        try require(error.description.unicodeScalars.count < 6000, "it is too long to be shown")
        try require(
            error.code != .invalidConfiguration || error.message.has("binary"), "it is nobody's fault: \(error)")
    }
    try require(server.requests.count < Server.mostRequests, "it asks for ever")
}

/// New ones go to the end: seeds name them by their places.
private let operations: [(operation: Operation, account: Result<AWSConfiguration, any Error>)] = [
    // A
    (
        { client, _ in
            let parameter = try await SystemsManager(client).parameter(named: "/p", deadline: Server.deadline)
            try require(parameter.map { $0.version >= 0 } ?? true, "\(String(describing: parameter))")
        }, Server.Account.own
    ),
    // B
    (
        { client, _ in
            let version = try await SystemsManager(client).putParameter(
                named: "/p", value: "v", deadline: Server.deadline)
            try require(version >= 0, "\(version)")
        }, Server.Account.own
    ),
    // C
    ({ client, _ in try await secret(client) }, Server.Account.own),
    // D
    (
        { client, _ in
            let function = try await LambdaFunctions(client).configuration(of: "promoter", deadline: Server.deadline)
            try require(function.timeoutSeconds > 0 && function.memoryMB > 0, "\(function)")
        }, Server.Account.own
    ),
    // E
    (
        { client, _ in
            let count = try await LambdaFunctions(client).reservedConcurrency(of: "promoter", deadline: Server.deadline)
            try require(count.map { $0 >= 0 } ?? true, "\(String(describing: count))")
        }, Server.Account.own
    ),
    // F
    (
        { client, _ in
            let arn = "arn:aws:lambda:us-east-1:123456789012:function:promoter"
            _ = try await EventBridge(client).ruleNames(byTarget: arn, deadline: Server.deadline)
        }, Server.Account.own
    ),
    // G
    (
        { client, _ in
            let rule = try await EventBridge(client).rule(named: "promoter", deadline: Server.deadline)
            try require(rule.scheduleExpression != "", "\(rule)")
        }, Server.Account.own
    ),
    // H
    (
        { client, _ in
            let credentials = try await client.currentCredentials(deadline: Server.deadline)
            try require(!credentials.accessKeyID.isEmpty && credentials.sessionToken != nil, "\(credentials)")
            try require(!credentials.secretAccessKey.revealed.isEmpty, "there is no secret")
        }, Server.Account.container
    ),
    // I
    ({ _, server in try await history(try await text(of: server)) }, Server.Account.own),
    // J
    ({ _, server in try pause(try await text(of: server)) }, Server.Account.own),
    // K
    ({ _, server in try await credentials(try await text(of: server)) }, Server.Account.own),
]

private func text(of server: Server) async throws -> String {
    let request = HTTPRequest(method: "GET", url: "http://localhost/")
    return String(decoding: try await server.execute(request, deadline: nil).body, as: UTF8.self)
}

private func secret(_ client: AWSClient) async throws {
    do {
        let secret = try await SecretsManager(client).secretValue(of: "redis", deadline: Server.deadline)
        try require("\(secret)" == "(redacted)", "it is shown")
    } catch let error as AWSError where error.code == .unexpectedAnswer && error.status == 200 {
        try require(!error.message.has(secretMark) && error.bodyExcerpt == nil, "it is shown: \(error)")
    }
}

/// Whatever a secret is, it is a password, or is refused without being shown.
private func credentials(_ text: String) async throws {
    let source = SecretCredentials(id: "redis", taskExecutor: CallingThread.shared) { _ in Secret(text) }
    do {
        let credentials = try await source.credentials(after: nil, deadline: Server.deadline)
        try require(!credentials.password.revealed.isEmpty, "there is no password")
        try require(credentials.username != "", "the user has no name")
        if text.first != "{" { try require(credentials.password == Secret(text), "it is another password") }
    } catch let error as WrongResult { throw error } catch {
        try require(!"\(error)".has(secretMark), "it is shown: \(error)")
    }
}

/// A pause that is understood is written down as one that is the same; and there is none only where that is said.
private func pause(_ text: String) throws {
    guard case .paused(let pause) = PauseKnowledge(parameter: text) else { return }
    var members: [JSONValue.Member] = [.init("paused", true)]
    for (key, value) in [("by", pause.by), ("reason", pause.reason), ("since", pause.since)] {
        if let value { members.append(.init(key, .string(value))) }
    }
    let written = String(decoding: JSONValue.object(members).serialized(), as: UTF8.self)
    try require(PauseKnowledge(parameter: written) == .paused(pause), "\(pause) is read as another")
}

private struct Parameters: ParameterService {
    var value: String

    func parameter(named name: String, deadline: ContinuousClock.Instant) async throws -> String? { value }

    func putParameter(named name: String, value: String, deadline: ContinuousClock.Instant) async throws -> Bool {
        true
    }
}

/// A history that is read is written as one that is the same.
private func history(_ text: String) async throws {
    func entries(_ text: String) async throws -> [PromotionHistory.Entry] {
        try await PromotionHistory(pauseParameter: "/p", service: Parameters(value: text)).entries(
            deadline: Server.deadline)
    }
    let read: [PromotionHistory.Entry]
    do { read = try await entries(text) } catch let error as PromotionError {
        try require(error.code == .historyUnreadable, "\(error)")
        return
    }
    let written = String(decoding: JSONValue.array(read.map(\.json)).serialized(), as: UTF8.self)
    try require(try await entries(written) == read, "it is not written as it is: \(written)")
    for entry in read {
        let shown = entry.shown(at: Timestamp(secondsSince1970: 1_772_000_000))
        try require(shown.outcome == entry.outcome || shown.outcome == "notSeen", "\(shown)")
    }
}
