import ArgumentParser
import Foundation
import LocalAWS

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Kill a Redis server, let everything fail over by itself, and come back; show the timeline.",
        discussion: """
            Starts two Redis servers, a probe of the one, and a promoter for each region: the functions in Lambda mode, \
            which work continuously, as the Terraform modules set them up. All of it is in real time, but for \
            CloudWatch's minute, and what AWS needs for a failover: a minute or two. The exit code is 0 only if each \
            promotion happened exactly once, and none that should not.
            """
    )

    @Option(help: "The Lambda executable. Default: the one beside this program.")
    var bootstrap: String?

    @Option(help: "Seconds between two checks.")
    var interval: Double = 0.5

    @Option(help: "Seconds that AWS needs for a failover.")
    var failoverSeconds: Double = 3

    @Option(help: "Seconds that CloudWatch's minute takes.")
    var minuteSeconds: Double = 6

    @Flag(help: "Show the functions' own log lines at the end.")
    var showLogs = false

    func validate() throws {
        guard (0.2...5).contains(interval) else {
            throw ValidationError("--interval must be between 0.2 and 5, not \(interval).")
        }
        guard (0.5...120).contains(failoverSeconds) else {
            throw ValidationError("--failover-seconds must be between 0.5 and 120, not \(failoverSeconds).")
        }
        guard (5...60).contains(minuteSeconds) else {
            throw ValidationError("--minute-seconds must be between 5 and 60, not \(minuteSeconds).")
        }
    }

    func run() async throws {
        let path = bootstrap ?? "\(ChildProcess.siblings)/bootstrap"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ValidationError(
                "There is no program \(path): build it with 'make build', or name it with --bootstrap.")
        }
        let story: DemoStory
        do {
            story = try await DemoStory(
                .init(
                    bootstrap: path, interval: interval, failover: .seconds(failoverSeconds), minute: minuteSeconds))
        } catch let failure as RedisPair.Failure { throw ValidationError(failure.description) }
        let passed = try await story.play()
        if showLogs { story.printLogs() }
        await story.end()
        if !passed { throw ExitCode.failure }
    }
}
