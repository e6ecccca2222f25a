import ArgumentParser
import Foundation
import LocalAWS

struct Alarms: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the alarms of CloudWatch, and why they are in their states.",
        discussion: "They are made with AWS's own tools: `local-aws run -- aws cloudwatch put-metric-alarm …`."
    )
    @OptionGroup var control: ControlOptions
    @OptionGroup var form: OutputOptions

    private struct State: Decodable {
        struct Alarm: Codable {
            let name: String
            let region: String
            let state: String
            let reason: String
            let since: String
            let metric: String
        }

        let alarms: [Alarm]
    }

    func run() async throws {
        let answer = try await control.send("GET", "/_local/state")
        let alarms = try JSONDecoder().decode(State.self, from: Data(answer.utf8)).alarms
        guard form.output == .text else { return try Serve.sayJSON(alarms) }
        guard !alarms.isEmpty else { return Serve.say("No alarms.\n") }
        for alarm in alarms {
            let head = "\(alarm.state) since \(alarm.since)  \(alarm.name) in \(alarm.region) (\(alarm.metric))"
            for line in [head, "  \(alarm.reason)"] { Serve.say(Messages.printable(line) + "\n") }
        }
    }
}

struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the health checks of Route 53, or set one of an endpoint.",
        discussion: """
            They are made with AWS's own tools: `local-aws run -- aws route53 create-health-check …`. Nobody here \
            asks the endpoint of a check of HTTP, HTTPS or TCP: it is as healthy as you say. One of a CloudWatch \
            alarm follows the alarm's data, one of other checks follows them.
            """
    )
    @OptionGroup var control: ControlOptions
    @OptionGroup var form: OutputOptions
    @Argument(help: "A health check's id. Default: show all.") var id: String?
    @Argument(help: "What it is from now on: healthy or unhealthy.") var health: Wish?

    enum Wish: String, ExpressibleByArgument, CaseIterable { case healthy, unhealthy }

    private struct State: Decodable {
        struct Check: Codable {
            let id: String
            let type: String
            let about: String
            let healthy: Bool
            let records: [String]
        }

        let healthChecks: [Check]
    }

    private struct Change: Encodable {
        let healthCheck: String
        let healthy: Bool
    }

    func run() async throws {
        let before = try await control.send("GET", "/_local/state")
        var answer = before
        if let id, let health {
            let body = try JSONEncoder().encode(Change(healthCheck: id, healthy: health == .healthy))
            answer = try await control.send("POST", "/_local/health", body: body)
        }
        let all = try JSONDecoder().decode(State.self, from: Data(answer.utf8)).healthChecks
        let checks = all.filter { $0.id == id ?? $0.id }
        if let id, checks.isEmpty { throw LocalAWSError("There is no health check \(id).") }
        guard form.output == .text else { return try Serve.sayJSON(checks) }
        guard !checks.isEmpty else { return Serve.say("No health checks.\n") }
        for check in checks {
            let records = check.records.isEmpty ? "no record" : check.records.joined(separator: ", ")
            Serve.say("\(check.healthy ? "healthy  " : "unhealthy")  \(check.id)  \(check.about): \(records)\n")
        }
        if health != nil { Serve.say("\(try WorldView(answer).moves(since: WorldView(before)))\n") }
    }
}

extension Serve {
    static func sayJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        say(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }
}
