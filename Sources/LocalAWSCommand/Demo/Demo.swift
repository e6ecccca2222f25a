import ArgumentParser
import Foundation
import LocalAWS

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a regional failure and the way back with two real promoters, and show the timeline.",
        discussion: """
            Starts one promoter in Lambda mode for each region, which check continuously, as the Terraform module sets \
            them up. All of it is in real time, but for what AWS needs for a failover: a minute or two become seconds. \
            The exit code is 0 only if each promotion happened exactly once, and none that should not.
            """
    )

    @Option(help: "The Lambda executable. Default: the one beside this program.")
    var bootstrap: String?

    @Option(help: "Seconds between two checks.")
    var interval: Double = 0.5

    @Option(help: "Seconds that AWS needs for a failover.")
    var failoverSeconds: Double = 3

    @Flag(help: "Show the promoters' own log lines at the end.")
    var showLogs = false

    func validate() throws {
        guard (0.2...5).contains(interval) else {
            throw ValidationError("--interval must be between 0.2 and 5, not \(interval).")
        }
        guard (0.5...120).contains(failoverSeconds) else {
            throw ValidationError("--failover-seconds must be between 0.5 and 120, not \(failoverSeconds).")
        }
    }

    func run() async throws {
        let path = bootstrap ?? "\(ChildProcess.siblings)/bootstrap"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ValidationError(
                "There is no program \(path): build it with 'make build', or name it with --bootstrap.")
        }
        let story = try await DemoStory(bootstrap: path, interval: interval, failover: .seconds(failoverSeconds))
        let passed = await story.play()
        if showLogs { story.printLogs() }
        await story.end()
        if !passed { throw ExitCode.failure }
    }
}
