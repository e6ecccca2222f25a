import ArgumentParser
import Foundation
import LocalAWS

/// For a reader, or for a program.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

struct OutputOptions: ParsableArguments {
    @Option(help: "One line to read, or the answer of the control API.") var output = OutputFormat.text
}

/// As much of the control API's state as the commands tell.
struct WorldView: Decodable {
    struct Name: Decodable {
        let name: String
        let region: String?
    }

    struct Datastore: Decodable {
        let id: String
        let status: String
    }

    let names: [Name]
    let datastores: [Datastore]

    init(_ state: String) throws {
        self = try JSONDecoder().decode(WorldView.self, from: Data(state.utf8))
    }

    /// Where names lead that led elsewhere before.
    func moves(since before: WorldView) -> String {
        let moved = zip(before.names, names).filter { $0.name == $1.name && $0.region != $1.region }.map(\.1)
        guard !moved.isEmpty else { return "All names lead where they led." }
        return moved.map { "\($0.name) leads to \($0.region ?? "no one region") now." }.joined(separator: " ")
    }
}

struct Failovers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Choose what becomes of a FailoverGlobalReplicationGroup.",
        discussion: """
            AWS does not say whether a failover is possible while the old primary's region is down. It may succeed; \
            be refused (InvalidGlobalReplicationGroupState); be accepted and stall, the datastore `modifying` until \
            this is changed; or be accepted and revert, the datastore `available` again with the roles as before.
            """
    )
    @OptionGroup var control: ControlOptions
    @OptionGroup var form: OutputOptions
    @Argument(help: "Such as ldgnf-sessions.") var datastore: String
    @Argument(help: "One of succeed, refuse, stall and revert.") var behavior: FailoverBehavior

    func run() async throws {
        let path = "/_local/datastores/\(datastore)/failovers"
        let body = try JSONEncoder().encode(["behavior": behavior.rawValue])
        let state = try await control.send("POST", path, body: body)
        guard form.output == .text else { return Serve.say(state) }
        let status = try WorldView(state).datastores.first { $0.id == datastore }?.status ?? "gone"
        Serve.say("Failovers of \(datastore) \(behavior.rawValue) from now on; it is \(status).\n")
    }
}

extension FailoverBehavior: ExpressibleByArgument {}

struct Lag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Set how far the secondaries of a datastore are behind, as CloudWatch tells it.",
        discussion: """
            It counts for all minutes, the past ones too. Where the primary's region fails, CloudWatch has no new \
            datapoints after two minutes, whatever is set here.
            """
    )
    @OptionGroup var control: ControlOptions
    @OptionGroup var form: OutputOptions
    @Argument(help: "Such as ldgnf-sessions.") var datastore: String
    @Argument(help: "Seconds, or 'none' for no datapoints.") var lag: LagArgument

    func run() async throws {
        let path = "/_local/datastores/\(datastore)/lag"
        let body = try JSONEncoder().encode(lag.seconds.map { ["seconds": $0] } ?? [:])
        let state = try await control.send("POST", path, body: body)
        guard form.output == .text else { return Serve.say(state) }
        let what = lag.seconds.map { "the secondaries are \($0) s behind" } ?? "CloudWatch has no datapoints of the lag"
        Serve.say("\(datastore): \(what).\n")
    }
}

struct LagArgument: ExpressibleByArgument {
    /// nil: no datapoints.
    let seconds: Double?

    init?(argument: String) {
        guard argument != "none" else {
            seconds = nil
            return
        }
        guard let seconds = Double(argument), (0...1e6).contains(seconds) else { return nil }
        self.seconds = seconds
    }
}

struct Zone: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a hosted zone take one change at a time, or any number.",
        discussion: "With one at a time a change is refused (PriorRequestNotComplete) while another is PENDING."
    )
    @OptionGroup var control: ControlOptions
    @OptionGroup var form: OutputOptions
    @Argument(help: "Such as \(LocalAWS.Sample.zoneID).") var zone: String
    @Argument(help: "one or any.") var changes: Changes

    enum Changes: String, ExpressibleByArgument, CaseIterable { case one, any }

    func run() async throws {
        let body = try JSONEncoder().encode(["oneChangeAtATime": changes == .one])
        let state = try await control.send("POST", "/_local/zones/\(zone)", body: body)
        guard form.output == .text else { return Serve.say(state) }
        Serve.say("\(zone) takes \(changes == .one ? "one change at a time" : "changes at any time") from now on.\n")
    }
}

struct Messages: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what was published to SNS topics.")
    @OptionGroup var control: ControlOptions
    @OptionGroup var form: OutputOptions
    @Option(help: "A topic's name or ARN. Default: all.") var topic: String?

    private struct Message: Decodable {
        let topicARN: String
        let time: Date
        let subject: String?
        let message: String
        let attributes: [String: String]
    }

    func run() async throws {
        let query = topic.map { [("topic", $0)] } ?? []
        let answer = try await control.send("GET", "/_local/messages", query: query)
        guard form.output == .text else { return Serve.say(answer) }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let messages = try decoder.decode([Message].self, from: Data(answer.utf8))
        guard !messages.isEmpty else { return Serve.say("No messages.\n") }
        Serve.say(messages.map(Self.text).joined(separator: "\n"))
    }

    private static func text(_ message: Message) -> String {
        let parts = message.topicARN.split(separator: ":")
        let place = parts.count == 6 ? "\(parts[5]) in \(parts[3])" : message.topicARN
        let attributes = message.attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        var lines = ["\(message.time.formatted(.iso8601))  \(place)  \(message.subject ?? "(no subject)")"]
        if !attributes.isEmpty { lines.append("  [\(attributes.joined(separator: ", "))]") }
        lines += message.message.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
        return lines.map { printable($0) + "\n" }.joined()
    }

    /// What was published must not move the terminal's cursor.
    static func printable(_ line: String) -> String {
        let scalars = line.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}
