import ArgumentParser
import Functions

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

    @Option(name: .long, help: "Region to act for, instead of AWS_REGION.")
    var region: String?

    @Option(name: .long, help: "Profile of the AWS configuration files, instead of AWS_PROFILE.")
    var profile: String?

    @Option(name: .long, help: "Seconds that one check may take.")
    var timeout: Double = 30

    @Option(
        name: [.short, .long], help: "How to print."
    )
    var output: OutputFormat = .text

    enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    func validate() throws {
        guard timeout >= 0.1, timeout <= 900 else {
            throw ValidationError("--timeout is \(timeout): give a number of seconds from 0.1 to 900")
        }
    }

    var deadline: ContinuousClock.Instant { .now + .seconds(timeout) }

    /// The environment as the options change it.
    func environment() -> [String: String] {
        var environment = LambdaMain.environment
        let options = [
            "HOSTED_ZONE_ID": hostedZoneID, "DNS_NAME": dnsName, "GLOBAL_DATASTORE_ID": globalDatastoreID,
            "AWS_REGION": region, "AWS_PROFILE": profile,
        ]
        for case (let variable, let value?) in options { environment[variable] = value }
        return environment
    }

    /// - Parameter change: what the subcommand wants otherwise than the environment says.
    func assembly(_ change: (inout PromoterConfiguration) -> Void = { _ in }) throws -> PromoterAssembly {
        let environment = environment()
        do {
            var configuration = try PromoterConfiguration(environment: environment)
            change(&configuration)
            return try PromoterAssembly(environment: environment, configuration: configuration)
        } catch let error as ConfigurationError {
            Terminal.complain(error.problems.map(\.description))
            throw ExitCode.validationFailure
        } catch {
            Terminal.complain(["\(error)"])
            throw ExitCode.validationFailure
        }
    }
}
