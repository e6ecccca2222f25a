import ArgumentParser

@main
struct LocalAWSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local-aws",
        abstract: "An emulated AWS on this machine, to try a regional failover on.",
        discussion: """
            `local-aws serve` starts a small world: the hosted zone example.com, whose name app.example.com fails \
            over from us-east-1 to us-west-2, the global datastore ldgnf-sessions with a member in each region, and \
            an SNS topic promotions in each; --aurora adds an Aurora global cluster. \(Serve.services) The other \
            commands change it while it runs, \
            over the control API that GET /_local/ describes.
            """,
        subcommands: [
            Serve.self, Demo.self, Run.self, Environment.self, State.self, Fail.self, Heal.self, Failovers.self,
            Lag.self, Cluster.self, Aurora.self, Zone.self, Alarms.self, Health.self, Messages.self, Requests.self,
            Invoke.self,
            Advance.self,
        ],
        defaultSubcommand: Serve.self
    )
}
