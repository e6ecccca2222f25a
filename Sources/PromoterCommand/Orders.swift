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

struct Failover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Promote this region's member now, whatever DNS says.",
        discussion: """
            For AWS_REGION, or --region. The datastore is read anew first; a change that is under way is waited for. \
            What had not been replicated is lost. Pause, confirmations and hold-down do not count: they guard \
            against promotions that nobody ordered. DRY_RUN does. Ends when the member is PRIMARY and the datastore \
            available, or at --timeout.
            """)

    @OptionGroup var options: WatchOptions
    @OptionGroup var signature: Signature
    @OptionGroup var consent: Consent

    func run() async throws {
        try await carryOut(.failover, options, signature, consent)
    }
}

struct Switchover: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Promote this region's member in a planned way, or not at all.",
        discussion: """
            Like failover, but it refuses unless the datastore is available, the member associated, and its replication \
            lag known and at most --maximum-lag: then next to nothing is lost. Move the DNS record as well, or the \
            function of the other region takes it back.
            """)

    @OptionGroup var options: WatchOptions
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
        try await carryOut(.switchover(maximumLag: .seconds(maximumLag)), options, signature, consent)
    }
}

struct Consent: ParsableArguments {
    @Flag(name: .long, help: "Do not ask.")
    var yes = false

    @Flag(name: .long, help: "For all watches, where there are several.")
    var all = false

    /// - Throws: where nobody has agreed.
    func ask(_ order: Order, for watches: [PromoterAssembly.Watch], in region: String) throws {
        let count = watches.filter(\.isFirst).count
        guard count == 1 || all else {
            throw ValidationError("there are \(count) watches: name one with --watch, or give --all")
        }
        guard !yes else { return }
        let names = watches.prefix(10).map { "\($0.identity.groupID) (\($0.configuration.name))" }
        let kinds = Set(watches.map(\.identity.kind))
        let noun = GlobalGroup.Kind.allCases.filter(kinds.contains).map(\.noun).joined(separator: " and the ")
        guard isatty(STDIN_FILENO) != 0 else {
            throw ValidationError("nobody is there to confirm the \(order.name): give --yes")
        }
        Terminal.ask(
            """
            \(order.name) of \(names.joined(separator: ", "))\(watches.count > 10 ? ", …" : "") to \(region).
            The \(noun) \(kinds.count == 1 ? "takes" : "take") no writes for one to two minutes. Type the region to go on: 
            """)
        guard readLine() == region else {
            Terminal.complain(["not confirmed; nothing was changed"])
            throw ExitCode.failure
        }
    }
}

/// The function of the region that DNS points to will not leave it at that.
private func warnOfOtherRegions(_ assembly: PromoterAssembly) async {
    for watch in assembly.names.prefix(10) {
        let active = try? await watch.finder.find(deadline: .now + .seconds(3))
        guard case .region(let region)? = active, region != assembly.region else { continue }
        Terminal.complain([
            "\(watch.configuration.dnsName) still points to \(region): move the record as well, or pause the function in"
                + " \(region); it would promote its own member again"
        ])
    }
}

private func carryOut(
    _ order: Order, _ options: WatchOptions, _ signature: Signature, _ consent: Consent
) async throws {
    let assembly = try options.assembly()
    await warnOfOtherRegions(assembly)
    try consent.ask(order, for: assembly.watches, in: assembly.region)
    let operation = Operator(assembly: assembly, reporter: Reporter(assembly: assembly, logger: Terminal.logger))
    let deadline = ContinuousClock.now + .seconds(options.timeoutOfOrders)
    var hasFailed = false
    let results = await operation.carryOut(
        order, on: assembly.watches, by: signature.name, deadline: deadline
    ) { Terminal.complain([$0]) }
    for result in results {
        switch result {
        case .success(let done):
            if case .wouldPromote = done.outcome { hasFailed = true }
            try options.output == .json ? Terminal.say(done.json) : Terminal.say(done.sentence)
        case .failure(let failure):
            hasFailed = true
            Terminal.complain([assembly.watches.count > 1 ? "\(failure.identity.name): \(failure)" : "\(failure)"])
            if let hint = Decision.detachmentHint(for: failure.underlying, failure.identity.kind) {
                Terminal.complain([hint])
            }
        }
    }
    if hasFailed { throw ExitCode.failure }
}
