import ArgumentParser
import Foundation
import LocalAWS

/// Where the running emulator is; shared by all commands that talk to it.
struct ControlOptions: ParsableArguments {
    @Option(help: "Where local-aws listens.")
    var endpoint = "http://127.0.0.1:4566"

    func send(
        _ method: String, _ path: String, query: [(String, String)] = [], body: Data = Data()
    ) async throws -> String {
        guard let url = URL(string: endpoint), url.host == "127.0.0.1" || url.host == "localhost",
            let port = url.port.flatMap(UInt16.init(exactly:))
        else {
            throw ValidationError("--endpoint must be like http://127.0.0.1:4566, not '\(endpoint)'.")
        }
        let answer = try await LocalHTTPClient.send(method, path, query: query, body: body, toPort: port)
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.status == 200 else { throw LocalAWSError("local-aws refuses (\(answer.status)): \(text)") }
        return text
    }
}

/// Where a process is to live.
struct PlaceOptions: ParsableArguments {
    @OptionGroup var control: ControlOptions
    @Option(help: "The region that the process is in.") var region = LocalAWS.Sample.primaryRegion
    @Option(help: "A function whose runtime the process is, in place of the region.") var function: String?

    /// - Returns: with what is left out here where it is set already.
    func environment() async throws -> (all: [String: String], watch: [String: String]) {
        let query = function.map { [("function", $0)] } ?? [("region", region)]
        let text = try await control.send("GET", "/_local/environment", query: query)
        let variables = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        let state = try Aurora.View(try await control.send("GET", "/_local/state"))
        let watch = Serve.sampleWatch(
            withAurora: state.globalClusters.contains { $0.id == LocalAWS.Sample.globalClusterID })
        return (variables.merging(watch) { $1 }, watch)
    }
}

struct Environment: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print export lines for a process in a region, or for a function's runtime."
    )
    @OptionGroup var place: PlaceOptions

    func run() async throws { Serve.say(ShellExport.lines(of: try await place.environment().all)) }
}

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a program in the emulated world: its AWS, its DNS, the sample watch.",
        discussion: "Variables that are set already stay as they are, but for those of AWS and of DNS."
    )
    @OptionGroup var place: PlaceOptions
    @Argument(parsing: .captureForPassthrough, help: "The program and its arguments.") var command: [String] = []

    func run() async throws {
        // A `--` in front of the program comes along as an argument.
        let command = command.first == "--" ? Array(command.dropFirst()) : command
        guard let program = command.first else { throw ValidationError("Say which program to run.") }
        if ["-h", "--help"].contains(program) { throw CleanExit.helpRequest(self) }
        let (environment, watch) = try await place.environment()
        for name in LocalAWS.variablesToUnset { unsetenv(name) }
        for (name, value) in environment {
            setenv(name, value, watch[name] == nil ? 1 : 0)
        }
        // Replaces this process, so that signals and the exit status are the program's.
        var arguments = command.map { strdup($0) } + [nil]
        execvp(program, &arguments)
        throw LocalAWSError("Cannot run \(program): \(String(cString: strerror(errno))).")
    }
}

struct State: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show the world as JSON.")
    @OptionGroup var control: ControlOptions

    func run() async throws { Serve.say(try await control.send("GET", "/_local/state")) }
}

struct Fail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a region fail: its health checks go red, and DNS leads elsewhere."
    )
    @OptionGroup var control: ControlOptions
    @OptionGroup var form: OutputOptions
    @Argument(help: "Such as us-east-1.") var region: String
    @Flag(help: "Its AWS services are silent too. (Route 53's control plane is in us-east-1.)") var services = false

    func run() async throws {
        let before = try WorldView(try await control.send("GET", "/_local/state"))
        let health = try JSONEncoder().encode(HealthChange(region: region, healthy: false))
        var state = try await control.send("POST", "/_local/health", body: health)
        if services { state = try await control.send("POST", "/_local/regions/\(region)/down") }
        guard form.output == .text else { return Serve.say(state) }
        let silence = services ? ", its AWS services silent" : ""
        Serve.say(
            "\(region) fails: its health checks are red\(silence). \(try WorldView(state).moves(since: before))\n")
    }
}

struct Heal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Undo `fail`.")
    @OptionGroup var control: ControlOptions
    @OptionGroup var form: OutputOptions
    @Argument(help: "Such as us-east-1.") var region: String

    func run() async throws {
        let before = try WorldView(try await control.send("GET", "/_local/state"))
        _ = try await control.send("POST", "/_local/regions/\(region)/up")
        let health = try JSONEncoder().encode(HealthChange(region: region, healthy: true))
        let state = try await control.send("POST", "/_local/health", body: health)
        guard form.output == .text else { return Serve.say(state) }
        Serve.say("\(region) is healthy, its AWS services answer. \(try WorldView(state).moves(since: before))\n")
    }
}

private struct HealthChange: Encodable {
    let region: String
    let healthy: Bool
}

struct Requests: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show what AWS services were asked, as JSON.")
    @OptionGroup var control: ControlOptions
    @Flag(help: "Forget them.") var clear = false

    func run() async throws { Serve.say(try await control.send(clear ? "DELETE" : "GET", "/_local/requests")) }
}

struct Invoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Invoke a function that some process serves, and wait for the outcome."
    )
    @OptionGroup var control: ControlOptions
    @Argument(help: "As given to --function.") var name: String
    @Argument(help: "The event.") var event = "{}"
    @Option(help: "In seconds.") var timeout: Double = 30

    func run() async throws {
        let path = "/_local/functions/\(name)/invocations"
        let query = [("timeout", String(timeout))]
        Serve.say(try await control.send("POST", path, query: query, body: Data(event.utf8)))
    }
}

struct Advance: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Move the clock of a `serve --manual-clock`.")
    @OptionGroup var control: ControlOptions
    @Argument(help: "Of the emulated world.") var seconds: Double

    func run() async throws {
        let form = try JSONEncoder().encode(["seconds": seconds])
        Serve.say(try await control.send("POST", "/_local/clock/advance", body: form))
    }
}
