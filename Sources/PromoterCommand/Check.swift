import ArgumentParser
import Failover
import Functions
import JSON
import Promotion

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make one check, and promote if it says so.",
        discussion: """
            One check is one confirmation: with CONFIRMATIONS above 1 a single check never promotes. \
            Use 'promoter watch' for that, or set CONFIRMATIONS=1 for this call.
            """)

    @OptionGroup var options: WatchOptions

    @Flag(name: .long, help: "Do all but the promotion, and say what would be promoted.")
    var dryRun = false

    func run() async throws {
        let assembly = try options.assembly { if dryRun { $0.policy.dryRun = true } }
        let deadline = options.deadline
        await assembly.pause?.refreshIfDue(deadline: deadline)
        let reporter = Reporter(assembly: assembly, logger: Terminal.logger)
        var hasFailed = false
        for watch in assembly.watches {
            let prefix = assembly.watches.count > 1 ? "\(watch.identity.name): " : ""
            switch await watch.promoter.outcome(deadline: deadline) {
            case .success(let result):
                try report(result, prefix)
                await reporter.add(result.events, of: watch)
            case .failure(let failure):
                hasFailed = true
                await reporter.add(failure.events, of: watch)
                if options.output == .json { try Terminal.say(failure.json) }
                Terminal.complain(["\(prefix)\(failure)"])
            }
        }
        await reporter.flush(deadline: .now + .seconds(5))
        if hasFailed { throw ExitCode.failure }
    }

    private func report(_ result: CheckResult, _ prefix: String) throws {
        switch options.output {
        case .json: try Terminal.say(result.json)
        case .text:
            try Terminal.say(prefix + result.sentence)
            for call in result.calls { try Terminal.say("  called \(call.name)") }
        }
    }
}

extension Promoter {
    /// A check whose failure is a value: what is printed of it may fail in its own way.
    func outcome(deadline: ContinuousClock.Instant) async -> Result<CheckResult, CheckFailure> {
        do throws(CheckFailure) {
            return .success(try await check(deadline: deadline))
        } catch { return .failure(error) }
    }
}
