import ArgumentParser
import Functions
import HealthProbe
import JSON

struct Probe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Probe a Redis or Valkey endpoint as an application would use it.",
        discussion: """
            Connects, logs in, pings, writes a value that expires, and reads it back. Nothing is published unless \
            --publish says so. What is not given here is taken from the function's variables: REDIS_HOST, REDIS_PORT, \
            REDIS_TLS, REDIS_SECRET_ARN, REDIS_USERNAME, REDIS_PASSWORD, EXPECT_ROLE, PROBES and so on.

            Exit code: 0 all are healthy, 1 one is not, or the metrics could not be published, 64 wrong usage or \
            configuration.
            """)

    @Option(name: .long, help: ArgumentHelp("Host of the endpoint.", valueName: "name"))
    var host: String?

    @Option(name: .long, help: ArgumentHelp("Its port (6379).", valueName: "number"))
    var port: Int?

    @Flag(inversion: .prefixedNo, help: "Speak TLS (--tls).")
    var tls: Bool?

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
        var environment = LambdaMain.environment
        let options = [
            "REDIS_HOST": host, "REDIS_PORT": port.map { "\($0)" }, "REDIS_TLS": tls.map { "\($0)" },
            "EXPECT_ROLE": expectRole, "AWS_REGION": region, "AWS_PROFILE": profile,
        ]
        for case (let variable, let value?) in options { environment[variable] = value }
        // One endpoint is meant, whatever the function probes.
        if host != nil { for variable in ["PROBES", "PROBES_FILE"] { environment[variable] = nil } }
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
