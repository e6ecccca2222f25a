import ArgumentParser
import EndpointRecords
import Functions
import JSON

struct Endpoints: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show, or bring up to date, the records of a cluster's replicas and primary.",
        discussion: """
            CNAMEs of a Route 53 zone that follow an ElastiCache replication group: one a replica (RECORD_NAME), one \
            weighted over all replicas (WEIGHTED_RECORD_NAME), and one for the primary (PRIMARY_RECORD_NAME). In Lambda \
            the handler 'endpoints' does the same after each event of the cluster.

            ENVIRONMENT
              HOSTED_ZONE_ID         the zone (--hz)
              REPLICATION_GROUP_ID   the cluster of this region (--replication-group)
              RECORD_NAME            read.example.internal: read1…, read2… (--record-name)
              WEIGHTED_RECORD_NAME   (--weighted-record-name)
              PRIMARY_RECORD_NAME    (--primary-record-name)
              PRIMARY_ENDPOINT       what that points at (the group's own endpoint)
              GLOBAL_DATASTORE_ID    where the role is looked up (the group's own)
              RECORD_TTL_SECONDS     1 to 86400 (10)
              WHEN_NO_REPLICAS       keep, primary or delete (keep)
              WAIT_FOR_SYNC          follow a change to all DNS servers (true)
              DRY_RUN                sync changes nothing (false)

            EXIT CODE
              0   the records were read, and brought up to date if that was asked for
              1   they could not be, or not all of them
              64  wrong usage or configuration
            """,
        subcommands: [Plan.self, Sync.self, Status.self])
}

extension Endpoints {
    struct Plan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what would be changed. Changes nothing.",
            discussion: "With --output json, changeBatch is what 'aws route53 change-resource-record-sets' takes.")

        @OptionGroup var options: EndpointsOptions

        func run() async throws {
            let assembly = try options.assembly()
            try await options.report(isDryRun: true) {
                try await assembly.records.plan(deadline: options.deadline)
            } region: {
                assembly.region
            }
        }
    }

    struct Sync: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring the records up to date.",
            discussion: "Only what differs is changed, in one batch; without a difference nothing is sent.")

        @OptionGroup var options: EndpointsOptions

        @Flag(name: .long, help: "Change nothing; show what would be changed.")
        var dryRun = false

        func run() async throws {
            let assembly = try options.assembly()
            let isDryRun = dryRun || assembly.configuration.dryRun
            let waits = assembly.configuration.waitsForSync
            try await options.report(isDryRun: isDryRun) {
                isDryRun
                    ? try await assembly.records.plan(deadline: options.deadline)
                    : try await assembly.records.sync(
                        comment: "promoter endpoints sync", waitForSync: waits, deadline: options.deadline
                    ) { batch in
                        // It takes half a minute and more.
                        if waits {
                            Terminal.complain([
                                "change \(batch.changeID) is accepted, and on its way to all DNS servers"
                            ])
                        }
                    }
            } region: {
                assembly.region
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what each record points at, and what that is.", discussion: "Changes nothing.")

        @OptionGroup var options: EndpointsOptions

        func run() async throws {
            let assembly = try options.assembly()
            let status = try await options.orFail { try await assembly.records.status(deadline: options.deadline) }
            switch options.output {
            case .json: try Terminal.say(status.json(region: assembly.region))
            case .text: try Terminal.say(status.text)
            }
        }
    }
}

struct EndpointsOptions: ParsableArguments {
    @Option(name: .customLong("hz"), help: ArgumentHelp("Hosted zone of the records.", valueName: "zone-id"))
    var hostedZoneID: String?

    @Option(name: .customLong("replication-group"), help: ArgumentHelp("Cluster of this region.", valueName: "id"))
    var replicationGroupID: String?

    @Option(
        name: .long, help: ArgumentHelp("Of the replicas: a number goes behind its first label.", valueName: "name"))
    var recordName: String?

    @Option(name: .long, help: ArgumentHelp("Of all replicas together.", valueName: "name"))
    var weightedRecordName: String?

    @Option(name: .long, help: ArgumentHelp("Of the primary.", valueName: "name"))
    var primaryRecordName: String?

    @Option(name: .long, help: "Region of the cluster, instead of AWS_REGION.")
    var region: String?

    @Option(name: .long, help: "Profile of the AWS configuration files, instead of AWS_PROFILE.")
    var profile: String?

    @Option(name: .long, help: "Seconds that it may take.")
    var timeout: Double = 120

    @Option(name: [.short, .long], help: "How to print.")
    var output: WatchOptions.OutputFormat = .text

    func validate() throws {
        guard timeout >= 0.1, timeout <= 900 else {
            throw ValidationError("--timeout is \(timeout): give a number of seconds from 0.1 to 900")
        }
    }

    var deadline: ContinuousClock.Instant { .now + .seconds(timeout) }

    func assembly() throws -> EndpointsAssembly {
        var environment = LambdaMain.environment
        let options = [
            "HOSTED_ZONE_ID": hostedZoneID, "REPLICATION_GROUP_ID": replicationGroupID, "RECORD_NAME": recordName,
            "WEIGHTED_RECORD_NAME": weightedRecordName, "PRIMARY_RECORD_NAME": primaryRecordName,
            "AWS_REGION": region, "AWS_PROFILE": profile,
        ]
        for case (let variable, let value?) in options { environment[variable] = value }
        // What is said here comes before the published functions' variable as well.
        if region != nil { environment["aws_region"] = nil }
        do {
            let configuration = try EndpointsConfiguration(environment: environment)
            return try EndpointsAssembly(environment: environment, configuration: configuration)
        } catch let error as ConfigurationError {
            Terminal.complain(error.problems.map(\.description))
            throw ExitCode.validationFailure
        } catch {
            Terminal.complain(["\(error)"])
            throw ExitCode.validationFailure
        }
    }

    func orFail<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch {
            Terminal.complain(["\(error)"])
            throw ExitCode.failure
        }
    }

    func report(
        isDryRun: Bool, _ body: () async throws -> SyncReport, region: () -> String
    ) async throws {
        let report = try await orFail(body)
        switch output {
        case .json: try Terminal.say(report.json(isDryRun: isDryRun, region: region()))
        case .text: try Terminal.say(report.text(isDryRun: isDryRun))
        }
        // What was to be done, and was not.
        if report.isIncomplete { throw ExitCode.failure }
    }
}
