import ArgumentParser
import Functions
import JSON
import Promotion

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show record set, DNS answer, members, and what a check would decide.",
        discussion: "Reads only: nothing is ever promoted by it.")

    @OptionGroup var options: WatchOptions

    func run() async throws {
        let assembly = try options.assembly()
        let operation = Operator(assembly: assembly, reporter: Reporter(assembly: assembly, logger: Terminal.logger))
        let overviews = await operation.overviews(of: assembly.watches, deadline: options.deadline)
        var hasFailed = false
        for (index, (watch, overview)) in zip(assembly.watches, overviews).enumerated() {
            switch options.output {
            case .json:
                let zone = watch.configuration.hostedZoneID.map { JSONValue.string($0) } ?? nil
                try Terminal.say(overview.json.adding([.init("hostedZoneId", zone)]))
            case .text: try Terminal.say((index > 0 ? "\n" : "") + overview.text(of: watch.configuration))
            }
            guard let failure = overview.recordFailure ?? overview.groupFailure else { continue }
            hasFailed = true
            Terminal.complain([assembly.watches.count > 1 ? "\(watch.identity.name): \(failure)" : failure])
        }
        if hasFailed { throw ExitCode.failure }
    }
}
