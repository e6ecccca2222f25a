import ArgumentParser
import Failover
import Functions
import JSON
import Promotion

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show record set, DNS answer, members, and what a check would decide.",
        discussion: "Reads only: nothing is ever promoted by it.")

    @OptionGroup var options: WatchOptions

    func run() async throws {
        // A dry run decides everything and changes nothing.
        var stated = Policy()
        let assembly = try options.assembly { configuration in
            stated = configuration.policy
            configuration.policy.dryRun = true
        }
        let overview: Overview
        do {
            overview = try await Overview(of: assembly, policy: stated, deadline: options.deadline)
        } catch {
            Terminal.complain(["\(error)"])
            throw ExitCode.failure
        }
        switch options.output {
        case .json: try Terminal.say(overview.json)
        case .text: try Terminal.say(overview.text)
        }
    }
}
