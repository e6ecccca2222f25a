import ArgumentParser
import Chaos
import Dispatch
import Foundation

@main
struct ChaosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chaos",
        abstract: "Run the packaged functions of three regions on the local AWS under random faults, and judge them.",
        discussion: """
            Processes are stopped and killed, name servers lie or are silent, AWS's answers are lost, late, wrong or out \
            of date, failovers come to nothing, people pause and promote; all at random, drawn from a seed. What the \
            functions do is held against what the README promises, by the judge of `simulate`, from what the local AWS \
            has seen, never from what they say of themselves. With the same seed the same is done at the same times; \
            what state it finds the processes in is the machine's matter. In the end nothing goes wrong for a while, and \
            all has to come right. The exit code is 0 only without violations.
            """
    )

    @Option(help: "The Lambda executable.")
    var bootstrap: String

    @Option(help: "How long it goes on.")
    var seconds: Int = 600

    @Option(help: "The last part of it, in which nothing goes wrong. Default: 90, and half of it at most.")
    var calmSeconds: Int?

    @Option(help: "Default: another one each time.")
    var seed: UInt64?

    @Option(help: "The folder for what the functions write, in one of its own for each run.")
    var logs: String = ".build/chaos"

    func validate() throws {
        guard (20...86_400).contains(seconds) else {
            throw ValidationError("--seconds must be between 20 and 86400, not \(seconds).")
        }
        guard calmSeconds.map({ (10..<seconds).contains($0) }) ?? true else {
            throw ValidationError("--calm-seconds must be at least 10, and less than --seconds.")
        }
        guard FileManager.default.isExecutableFile(atPath: bootstrap) else {
            throw ValidationError("There is no program \(bootstrap): 'make package' makes it.")
        }
    }

    func run() async throws {
        let seed = seed ?? UInt64.random(in: 0...999_999)
        let folder = URL(fileURLWithPath: logs).appendingPathComponent("\(seed)")
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        print("chaos: seed \(seed), for \(seconds) s; logs are in \(folder.path)")
        fflush(nil)
        let calm = calmSeconds ?? min(90, seconds / 2)
        let settings = ChaosSettings(
            bootstrap: URL(fileURLWithPath: bootstrap).path, seed: seed, length: .seconds(seconds),
            calm: .seconds(calm), logs: folder.path)
        let report = try await Self.interruptible { try await ChaosRun(settings).play() }
        print(report.summary)
        guard let first = report.violations.first else { return }
        print("\nthe last of what happened before the first one:")
        for line in report.facts(before: first, count: 50) { print("  \(line)") }
        print("logs: \(folder.path)")
        throw ExitCode.failure
    }

    /// What was started ends with the run: nobody else would end it.
    private static func interruptible<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let task = Task(operation: work)
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { task.cancel() }
            source.resume()
            return source
        }
        defer { for source in sources { source.cancel() } }
        return try await task.value
    }
}
