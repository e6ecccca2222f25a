import ArgumentParser
import Failover
import Foundation
import Functions
import JSON
import Promotion

/// Who does it, and why: for the history, and for those who read "paused".
struct Signature: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Who you are, for the history.", valueName: "name"))
    var by: String?

    var name: String {
        let user = ProcessInfo.processInfo.environment["USER"] ?? ProcessInfo.processInfo.environment["LOGNAME"]
        return by ?? user ?? "an operator"
    }
}

/// Which of a watch's groups an order is for, and where.
struct OrderTarget: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Region whose member is promoted, instead of --region or AWS_REGION.", valueName: "region"))
    var to: String?

    @OptionGroup var choice: GroupChoice
}

struct GroupChoice: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Of a watch with two groups, only this one.", valueName: "id"))
    var group: String?
}

struct Failover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Promote a region's member now, whatever DNS says.",
        discussion: """
            For AWS_REGION, or --to. The datastore or global cluster is read anew first; a change that is under way is \
            waited for. What had not been replicated is lost: for a global cluster, which could be switched over, that \
            takes --allow-data-loss. Pause, confirmations and hold-down do not count: they guard against promotions \
            that nobody ordered. DRY_RUN does. Ends when the member is primary and the group available, or at --timeout.
            """)

    @OptionGroup var options: WatchOptions
    @OptionGroup var target: OrderTarget
    @OptionGroup var signature: Signature
    @OptionGroup var consent: Consent

    @Flag(name: .long, help: "Lose what has not been replicated: for a global cluster it has to be said.")
    var allowDataLoss = false

    func run() async throws {
        try await OrderRun(
            order: .failover(allowsDataLoss: allowDataLoss), group: target.choice.group, signature: signature,
            consent: consent
        ).run(try options.turned(to: target.to))
    }
}

struct Switchover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Promote a region's member in a planned way, or not at all.",
        discussion: """
            Like failover, but it refuses unless the group is available, the member takes part in the replication, and \
            its lag is known and at most --maximum-lag: then next to nothing of a datastore is lost, and nothing of a \
            global cluster. Move the DNS record as well, or the function of the other region takes it back.
            """)

    @OptionGroup var options: WatchOptions
    @OptionGroup var target: OrderTarget
    @OptionGroup var signature: Signature
    @OptionGroup var consent: Consent

    @Option(name: .long, help: ArgumentHelp("Seconds that the member may be behind.", valueName: "seconds"))
    var maximumLag: Double = 1

    func validate() throws {
        guard maximumLag >= 0, maximumLag <= 86_400 else {
            throw ValidationError("--maximum-lag is \(maximumLag): give a number of seconds from 0 to 86400")
        }
    }

    func run() async throws {
        try await OrderRun(
            order: .switchover(maximumLag: .seconds(maximumLag)), group: target.choice.group, signature: signature,
            consent: consent
        ).run(try options.turned(to: target.to))
    }
}

struct Detach: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take this region's member out of its group, when it cannot be promoted.",
        discussion: """
            For AWS_REGION, or --region. The member becomes a primary of its own, whatever the group is in the middle \
            of: for times when a failover cannot be had. What had not been replicated is lost, there is no replication any \
            more, and the group has to be rebuilt: see 'promoter rejoin'. Refused for the primary. Ends when the group \
            has no member here any more, or at --timeout; a member that was detached before is done.
            """)

    @OptionGroup var options: WatchOptions
    @OptionGroup var choice: GroupChoice
    @OptionGroup var signature: Signature
    @OptionGroup var consent: Consent

    func run() async throws {
        try await OrderRun(order: .detach, group: choice.group, signature: signature, consent: consent).run(options)
    }
}

struct Consent: ParsableArguments {
    @Flag(name: .long, help: "Do not ask.")
    var yes = false

    @Flag(name: .long, help: "For all watches, where there are several.")
    var all = false

    /// - Throws: where nobody has agreed.
    func ask(_ order: Order, for watches: [PromoterAssembly.Watch], in region: String) throws {
        let count = Set(watches.map(\.identity.watch)).count
        guard count == 1 || all else {
            throw ValidationError("there are \(count) watches: name one with --watch, or give --all")
        }
        guard !yes else { return }
        let names = watches.prefix(10).map { "\($0.identity.groupID) (\($0.configuration.name))" }
        guard isatty(STDIN_FILENO) != 0 else {
            throw ValidationError("nobody is there to confirm the \(order.name): give --yes")
        }
        let direction = order == .detach ? "in" : "to"
        Terminal.ask(
            """
            \(order.name) of \(names.joined(separator: ", "))\(watches.count > 10 ? ", …" : "") \(direction) \(region).
            \(Self.consequence(of: order, Set(watches.map(\.identity.kind)))) Type the region to go on: 
            """)
        guard readLine() == region else {
            Terminal.complain(["not confirmed; nothing was changed"])
            throw ExitCode.failure
        }
    }

    private static func consequence(of order: Order, _ kinds: Set<GlobalGroup.Kind>) -> String {
        let nouns = GlobalGroup.Kind.allCases.filter(kinds.contains).map(\.noun)
        let groups = nouns.joined(separator: " and the ")
        guard order == .detach else {
            let loss = if case .failover = order { " What has not been replicated is lost." } else { "" }
            return "The \(groups) \(nouns.count == 1 ? "takes" : "take") no writes for one to two minutes.\(loss)"
        }
        return
            "The member is out of the \(groups) for good: what has not been replicated is lost, nothing is replicated"
            + " any more, and the way back is to rebuild (see 'promoter rejoin')."
    }
}
