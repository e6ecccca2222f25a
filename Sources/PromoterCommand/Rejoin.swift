import ArgumentParser
import Diagnosis
import Functions
import JSON
import Promotion

struct Rejoin: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print how to rebuild the datastore after its local member was detached.",
        discussion: """
            For AWS_REGION, or --region: where WHEN_FAILOVER_REFUSED=detach took the member out of its Global \
            Datastore. Prints the steps, with the commands of the AWS CLI and the ids of this account. Changes \
            nothing: the data of the other side is given up on the way, and that is for you to decide.
            """)

    @OptionGroup var options: WatchOptions

    @Flag(name: .long, help: "Print the plan: there is nothing else that it does.")
    var plan = false

    @Option(
        name: .long,
        help: ArgumentHelp("The member that was detached, instead of the one in the history.", valueName: "id"))
    var member: String?

    func validate() throws {
        guard plan else {
            throw ValidationError("rejoin only prints the plan, for you to carry out: give --plan")
        }
    }

    func run() async throws {
        let assembly = try options.assembly()
        let planner = RejoinPlanner(assembly: assembly)
        guard assembly.names.count == 1 else {
            throw ValidationError("there are \(assembly.names.count) watches: name one with --watch")
        }
        guard let watch = assembly.watches.first(where: { $0.identity.kind == .datastore }) else {
            throw ValidationError("rejoin is about datastores, and this watch has a global cluster only")
        }
        let (plan, problem) = await planner.plan(for: watch, member: member, deadline: options.deadline)
        if let problem {
            Terminal.complain(["the datastore could not be read, so that ids are left for you to fill in: \(problem)"])
        }
        try options.output == .json ? Terminal.say(plan.json) : Terminal.say(plan.text)
    }
}
