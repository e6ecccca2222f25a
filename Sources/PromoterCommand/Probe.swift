import ArgumentParser
import Functions
import HealthProbe
import JSON

struct Probe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Probe a Redis or Valkey endpoint, or a PostgreSQL server, as an application would use it.",
        discussion: """
            Connects, logs in, pings, writes a value that expires, and reads it back; with PostgreSQL it logs in, \
            updates a table of one row, and reads it back. Nothing is published unless --publish says so. What is not \
            given here is taken from the function's variables: REDIS_HOST, REDIS_PORT, REDIS_TLS, REDIS_SECRET_ARN, \
            REDIS_USERNAME, REDIS_PASSWORD, or POSTGRES_… in the place of REDIS_…, EXPECT_ROLE, PROBES and so on. There \
            is no option for a password, which others of the machine would see.

            Exit code: 0 all are healthy, 1 one is not, or the metrics could not be published, 64 wrong usage or \
            configuration.
            """)

    @OptionGroup
    var endpoint: ProbeOptions

    @Option(name: .long, help: "What it has to be: primary or replica.")
    var expectRole: String?

    @Option(name: .long, help: ArgumentHelp("Probe again and again, so many seconds apart.", valueName: "seconds"))
    var interval: Double?

    @Flag(
        name: .long,
        help: "Publish HealthCheckStatus and HealthCheckLatency, into the metric of the function: an alarm goes by it.")
    var publish = false

    @Option(name: .long, help: "Region, instead of AWS_REGION.")
    var region: String?

    @Option(name: .long, help: "Profile of the AWS configuration files, instead of AWS_PROFILE.")
    var profile: String?

    @Option(name: [.short, .long], help: "How to print.")
    var output: WatchOptions.OutputFormat = .text

    func validate() throws {
        guard let interval else { return }
        guard interval >= 0.1, interval <= 3600 else {
            throw ValidationError("--interval is \(interval): give a number of seconds from 0.1 to 3600")
        }
    }

    func run() async throws {
        let assembly = try assembly()
        let publisher = ProbePublisher(assembly: assembly, logger: Terminal.logger)
        while true {
            let start = ContinuousClock.now
            let deadline = start + .seconds(60)
            let results = await assembly.probeAll(deadline: deadline)
            var isGood = results.allSatisfy(\.isHealthy)
            for result in results {
                switch output {
                case .json: try Terminal.say(result.json)
                case .text: try Terminal.say(result.sentence)
                }
            }
            if publish {
                for (probe, result) in zip(assembly.probes, results) {
                    // Each by itself: there is no history that smoothing could go by.
                    await publisher.note(result, isHealthy: result.isHealthy, of: probe.settings)
                }
                do { try await publisher.finish(deadline: deadline) } catch {
                    isGood = false
                    Terminal.complain(["\(error)"])
                }
            }
            guard let interval else {
                if !isGood { throw ExitCode.failure }
                return
            }
            try await Task.sleep(until: start + .seconds(interval), clock: .continuous)
        }
    }

    private func assembly() throws -> ProbeAssembly {
        var environment = endpoint.environment(LambdaMain.environment)
        let options = ["EXPECT_ROLE": expectRole, "AWS_REGION": region, "AWS_PROFILE": profile]
        for case (let variable, let value?) in options { environment[variable] = value }
        do {
            let configuration = try ProbeConfiguration(environment: environment)
            return try ProbeAssembly(environment: environment, configuration: configuration)
        } catch let error as ConfigurationError {
            Terminal.complain(error.problems.map(\.description))
            throw ExitCode.validationFailure
        } catch {
            Terminal.complain(["\(error)"])
            throw ExitCode.validationFailure
        }
    }
}
