import ArgumentParser
import Diagnosis
import Failover
import Functions
import JSON
import LambdaRuntime
import Promotion

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check again and again, and promote when a check says so.",
        discussion: """
            What the function does in Lambda, in the foreground: a line for each check. A check that fails is \
            reported, and the next one asks anew. Ends with Ctrl-C, or after --count checks; then the exit code \
            is 1 if any of them failed.
            """)

    @OptionGroup var options: WatchOptions

    @Flag(name: .long, help: "Do all but the promotions, and say what would be promoted.")
    var dryRun = false

    @Option(
        name: .long,
        help: "Seconds from the start of one check to the start of the next: CHECK_INTERVAL_SECONDS, or 10.")
    var interval: Double?

    /// Where nobody says how often.
    private static let usualInterval = Duration.seconds(10)

    @Option(name: .long, help: "How many checks to make; without it, until Ctrl-C.")
    var count: Int?

    func validate() throws {
        if let interval, !(0.2...3600).contains(interval) {
            throw ValidationError("--interval is \(interval): give a number of seconds from 0.2 to 3600")
        }
        if let count, count < 1 { throw ValidationError("--count is \(count): give a number of checks, at least 1") }
    }

    func run() async throws {
        let assembly = try options.assembly { if dryRun { $0.policy.dryRun = true } }
        let reporter = Reporter(assembly: assembly, logger: Terminal.logger)
        // One for all watches: the shortest of theirs.
        let interval =
            interval.map { .seconds($0) } ?? assembly.configuration.shortestCheckInterval ?? Self.usualInterval
        var failures = 0
        var made = 0
        var next = ContinuousClock.now
        while true {
            await assembly.pause?.refreshIfDue(deadline: options.deadline)
            for watch in assembly.watches {
                let prefix = assembly.watches.count > 1 ? "\(watch.identity.name): " : ""
                switch await watch.promoter.outcome(deadline: options.deadline) {
                case .success(let result):
                    try report(result.json, prefix + result.sentence)
                    await reporter.add(result.events, of: watch)
                case .failure(let error):
                    failures += 1
                    if options.output == .json { try Terminal.say(error.json) }
                    Terminal.complain(["\(WallClockTime.now().rfc3339)  \(prefix)\(error)"])
                    await reporter.add(error.events, of: watch)
                }
            }
            await reporter.flush(deadline: options.deadline)
            made += 1
            if let count, made >= count { break }
            // A check that took longer than the interval is not made up for.
            next = max(next + interval, .now)
            try await Task.sleep(until: next)
        }
        if failures > 0 { throw ExitCode.failure }
    }

    private func report(_ json: JSONValue, _ sentence: String) throws {
        switch options.output {
        case .json: try Terminal.say(json)
        case .text: try Terminal.say("\(WallClockTime.now().rfc3339)  \(sentence)")
        }
    }
}
