import ArgumentParser
import Functions
import NameResolution

/// What every subcommand has to know. The names are the original tool's.
struct WatchOptions: ParsableArguments {
    @Option(name: .customLong("hz"), help: ArgumentHelp("Hosted zone of the record.", valueName: "zone-id"))
    var hostedZoneID: String?

    @Option(
        name: [.customShort("d"), .customLong("dns-name")], help: ArgumentHelp("Record to watch.", valueName: "name"))
    var dnsName: String?

    @Option(
        name: [.customShort("g"), .customLong("global-data-store-id")],
        help: ArgumentHelp("ElastiCache Global Datastore to promote in.", valueName: "id"))
    var globalDatastoreID: String?

    @Option(
        name: .customLong("global-cluster-id"),
        help: ArgumentHelp("Aurora global cluster to promote in, instead or as well.", valueName: "id"))
    var globalClusterID: String?

    @Option(
        name: .customLong("watch"),
        help: ArgumentHelp("Of several watches (WATCHES), only this one.", valueName: "name"))
    var watchName: String?

    @Option(name: .long, help: "Region to act for, instead of AWS_REGION.")
    var region: String?

    @Option(name: .long, help: "Profile of the AWS configuration files, instead of AWS_PROFILE.")
    var profile: String?

    @Option(
        name: .long,
        help: "Seconds that it may take: 30; 600 for failover, switchover and detach, 3600 for rejoin --apply.")
    var timeout: Double?

    @Option(
        name: [.short, .long], help: "How to print."
    )
    var output: OutputFormat = .text

    enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    func validate() throws {
        guard let timeout else { return }
        guard timeout >= 0.1, timeout <= 7200 else {
            throw ValidationError("--timeout is \(timeout): give a number of seconds from 0.1 to 7200")
        }
    }

    /// Acts for the region that an order names.
    func turned(to destination: String?) throws -> WatchOptions {
        guard let destination else { return self }
        if let region, region != destination {
            throw ValidationError(
                "--region is \(region) and --to is \(destination): an order is given in the region that is to become"
                    + " primary; leave --region out")
        }
        if let flaw = flaw(inRegionName: destination) { throw ValidationError("--to: \(flaw)") }
        var options = self
        options.region = destination
        return options
    }

    var deadline: ContinuousClock.Instant { .now + .seconds(timeout ?? 30) }
    var timeoutOfOrders: Double { timeout ?? 600 }

    /// The environment as the options change it.
    func environment() -> [String: String] {
        var environment = LambdaMain.environment
        let options = [
            "HOSTED_ZONE_ID": hostedZoneID, "DNS_NAME": dnsName, "GLOBAL_DATASTORE_ID": globalDatastoreID,
            "GLOBAL_CLUSTER_ID": globalClusterID, "AWS_REGION": region, "AWS_PROFILE": profile,
        ]
        for case (let variable, let value?) in options { environment[variable] = value }
        return environment
    }

    /// Of the watches that are asked for.
    ///
    /// - Parameter change: what the subcommand wants otherwise than the environment says, of each watch.
    func assembly(_ change: (inout WatchConfiguration) -> Void = { _ in }) throws -> PromoterAssembly {
        let environment = environment()
        do {
            var configuration = try PromoterConfiguration(environment: environment)
            if let watchName {
                let known = configuration.watches.map(\.name)
                configuration.watches.removeAll { $0.name != watchName }
                guard !configuration.watches.isEmpty else {
                    throw ValidationError(
                        "there is no watch \(watchName.debugDescription); there are: \(known.joined(separator: ", "))")
                }
            }
            for index in configuration.watches.indices { change(&configuration.watches[index]) }
            return try PromoterAssembly(environment: environment, configuration: configuration)
        } catch let error as ValidationError {
            throw error
        } catch let error as ConfigurationError {
            Terminal.complain(error.problems.map(\.description))
            throw ExitCode.validationFailure
        } catch {
            Terminal.complain(["\(error)"])
            throw ExitCode.validationFailure
        }
    }
}
