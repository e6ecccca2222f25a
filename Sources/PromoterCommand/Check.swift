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
        do {
            let result = try await assembly.promoter.check(deadline: options.deadline)
            switch options.output {
            case .json: Terminal.print(result.json)
            case .text:
                print(result.sentence)
                for call in result.calls { print("  called \(call.name)") }
            }
        } catch {
            if options.output == .json { Terminal.print(error.json) }
            Terminal.complain(["\(error)"])
            throw ExitCode.failure
        }
    }
}
