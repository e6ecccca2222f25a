import ArgumentParser
import Foundation
import LocalAWS

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Play a regional failure and the way back with two real promoters, and show the timeline.",
        discussion: """
            Starts one promoter in Lambda mode for each region, each invoked once a minute, as EventBridge would. \
            Minutes are compressed to seconds. The exit code is 0 only if each promotion happened exactly once.
            """
    )

    @Option(help: "The Lambda executable. Default: the one beside this program.")
    var bootstrap: String?

    @Option(help: "So many seconds of the story pass in one.")
    var timeScale: Double = 60

    @Flag(help: "Show the promoters' own log lines at the end.")
    var showLogs = false

    func validate() throws {
        guard (1...600).contains(timeScale) else {
            throw ValidationError("--time-scale must be between 1 and 600, not \(timeScale).")
        }
    }

    func run() async throws {
        let path = bootstrap ?? "\(ChildProcess.siblings)/bootstrap"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw ValidationError(
                "There is no program \(path): build it with 'make build', or name it with --bootstrap.")
        }
        let story = try await DemoStory(bootstrap: path, timeScale: timeScale)
        let passed = await story.play()
        if showLogs { story.printLogs() }
        await story.end()
        if !passed { throw ExitCode.failure }
    }
}
