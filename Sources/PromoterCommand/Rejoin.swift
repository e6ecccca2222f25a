import ArgumentParser
import Diagnosis
import Failover
import Foundation
import Functions
import JSON
import Promotion

struct Rejoin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Rebuild the datastore, or the global cluster, after its local member was detached.",
        discussion: """
            For AWS_REGION, or --region: where the member was taken out of its Global Datastore or its Aurora global \
            cluster. Shows the steps, with the commands of the AWS CLI and the ids of this account, and changes nothing.

            For Aurora, --apply carries them out, one after the other; each is checked before the next. Who is \
            interrupted, or at the end of --timeout (3600), gives the same order again: it goes on from what it sees. Nothing \
            is deleted but with --delete-old-cluster. The steps for a datastore are for you to carry out: the data of the \
            other side is given up on the way.
            """)

    @OptionGroup var options: WatchOptions
    @OptionGroup var cluster: RejoinOfCluster

    @Flag(name: .long, help: "Show the steps: what it does without --apply, too.")
    var plan = false

    @Flag(name: .long, help: "Carry the steps out. For Aurora only.")
    var apply = false

    @Flag(name: .long, help: "Do not ask.")
    var yes = false

    @Option(
        name: .long,
        help: ArgumentHelp("The member that was detached, instead of the one in the history.", valueName: "id"))
    var member: String?

    @Option(
        name: .customLong("of"),
        help: ArgumentHelp("With both in one watch: datastore or cluster.", valueName: "kind"))
    var kind: Kind?

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case datastore
        case cluster
    }

    func validate() throws {
        guard !plan || !apply else { throw ValidationError("give --plan or --apply, not both") }
        guard !apply || kind != .datastore else {
            throw ValidationError("the steps for a datastore are only shown, for you to carry out: leave --apply out")
        }
    }

    func run() async throws {
        let assembly = try options.assembly()
        guard assembly.names.count == 1 else {
            throw ValidationError("there are \(assembly.names.count) watches: name one with --watch")
        }
        let kinds = assembly.watches.map(\.identity.kind)
        let wanted = kind ?? (apply ? .cluster : nil)
        guard kinds.count == 1 || wanted != nil else {
            throw ValidationError(
                "this watch has a datastore and a global cluster: give --of datastore or --of cluster")
        }
        switch wanted ?? (kinds.first == .cluster ? .cluster : .datastore) {
        case .cluster: try await rejoinCluster(assembly)
        case .datastore: try await planDatastore(assembly)
        }
    }

    private func planDatastore(_ assembly: PromoterAssembly) async throws {
        guard let watch = assembly.watches.first(where: { $0.identity.kind == .datastore }) else {
            throw ValidationError("this watch has a global cluster only: leave --of out")
        }
        let (plan, problem) = await RejoinPlanner(assembly: assembly).plan(
            for: watch, member: member, deadline: options.deadline)
        if let problem {
            Terminal.complain(["the datastore could not be read, so that ids are left for you to fill in: \(problem)"])
        }
        try options.output == .json ? Terminal.say(plan.json) : Terminal.say(plan.text)
    }

    private func rejoinCluster(_ assembly: PromoterAssembly) async throws {
        let operation = Operator(assembly: assembly, reporter: Reporter(assembly: assembly, logger: Terminal.logger))
        do {
            let watch = try operation.auroraWatch(of: assembly.watches)
            let order = cluster.options(member: member)
            let deadline = ContinuousClock.now + .seconds(options.timeout ?? (apply ? 3600 : 30))
            guard apply else {
                let plan = try await operation.rejoin(watch, order, deadline: deadline)
                return try options.output == .json ? Terminal.say(plan.json) : Terminal.say(plan.text)
            }
            try agree(to: order, of: watch, in: assembly.region)
            let done = try await operation.carryOutRejoin(watch, order, deadline: deadline) { Terminal.complain([$0]) }
            try options.output == .json ? Terminal.say(done.json) : Terminal.say(done.sentence)
            guard !done.isDone else { return }
            Terminal.complain(["the time is over: give the same order again, and it goes on from there"])
            throw ExitCode.failure
        } catch let error where !(error is ExitCode) && !(error is ValidationError) {
            Terminal.complain(["\(error)"])
            throw ExitCode.failure
        }
    }

    /// A deletion is agreed to by its name, all else by that of the region.
    private func agree(to order: RejoinOptions, of watch: PromoterAssembly.Watch, in region: String) throws {
        guard !yes else { return }
        guard isatty(STDIN_FILENO) != 0 else {
            throw ValidationError("nobody is there to confirm the rejoin: give --yes")
        }
        let word = order.oldClusterToDelete ?? region
        Terminal.ask(
            """
            \(AuroraRejoin.costs)

            rejoin of \(watch.identity.groupID), with the data of \(region)\
            \(order.oldClusterToDelete.map { "; in the end \($0) is deleted" } ?? "").
            Type \(order.oldClusterToDelete == nil ? "the region" : "the id of the cluster to delete") to go on: 
            """)
        guard readLine() == word else {
            Terminal.complain(["not confirmed; nothing was changed"])
            throw ExitCode.failure
        }
    }
}
