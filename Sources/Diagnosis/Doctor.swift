internal import AWSClient
internal import Failover
internal import Functions
package import HTTPTransport
package import NameResolution
internal import ProgramVersion
internal import Promotion

/// Checks a whole set-up, from where it runs, without changing anything: first it looks at all there is to be seen,
/// then it judges. What cannot be seen costs its own line, not those of others.
package struct Doctor: Sendable {
    private let environment: [String: String]
    private let options: Options
    private let executor: any HTTPExecutor
    private let resolver: any Resolver

    /// What is said on the command line.
    package struct Options: Sendable {
        /// Variables that it sets otherwise than the environment.
        package var variables: [String: String]
        /// The deployed function. Its variables are then checked, and of this environment those of AWS only, and
        /// `WATCHES_FILE`.
        package var function: String?
        /// Of several watches only this one.
        package var watch: String?
        /// How long all of it may take.
        package var timeout: Duration

        package init(
            variables: [String: String] = [:], function: String? = nil, watch: String? = nil,
            timeout: Duration = .seconds(30)
        ) {
            self.variables = variables
            self.function = function
            self.watch = watch
            self.timeout = timeout
        }
    }

    /// No endpoint and no name server gets longer than this.
    private static let longestLook = Duration.seconds(10)

    package init(
        environment: [String: String], options: Options, executor: any HTTPExecutor, resolver: any Resolver
    ) {
        self.environment = environment
        self.options = options
        self.executor = executor
        self.resolver = resolver
    }

    /// With the network and the resolver of this machine.
    package init(environment: [String: String], options: Options) {
        self.init(
            environment: environment, options: options,
            executor: HTTPClient(caBundle: CABundle(environment: environment)), resolver: SystemResolver())
    }

    package func examine() async -> DoctorReport {
        let end = ContinuousClock.now + options.timeout
        let deadline: @Sendable () -> ContinuousClock.Instant = { min(end, .now + Self.longestLook) }
        let here = environment.merging(options.variables) { $1 }
        let aws: AWSConfiguration
        let region: String
        do throws(AWSError) {
            aws = try AWSConfiguration(environment: here, version: promoterBuild)
            region = try aws.requireRegion()
        } catch { return withoutAWS(error, environment: here) }

        let client = AWSClient(configuration: aws, executor: executor)
        var function: FunctionReading?
        if let name = options.function {
            function = await FunctionReading.take(name, client: client, region: region, deadline: deadline())
        }
        let variables = Self.variables(of: function, here: here, options: options.variables)
        let salvaged = SalvagedConfiguration(environment: variables)
        var findings = salvaged.problems.map(Finding.wrongValue)
        var configuration = salvaged.configuration
        if let name = options.watch, var chosen = configuration {
            let known = chosen.watches.map(\.name)
            chosen.watches.removeAll { $0.name != name }
            if chosen.watches.isEmpty { findings.append(.noSuchWatch(name, known: known)) }
            configuration = chosen.watches.isEmpty ? nil : chosen
        }
        if let function {
            let differences = Self.differences(function, options: options.variables)
            findings += FunctionChecks.findings(function, checked: salvaged.configuration, differences: differences)
        }
        guard let configuration,
            let assembly = try? PromoterAssembly(
                environment: here, configuration: configuration, executor: executor, resolver: resolver)
        else {
            let identity = await Look.identity(client, region, deadline())
            return DoctorReport(findings: findings + [.credentials(identity)], watches: 0, region: region)
        }
        if salvaged.unknown.isEmpty {
            findings += ConfigurationChecks.findings(
                of: configuration, wrong: salvaged.problems.map(\.variable), period: function?.period)
        }
        let look = Look(assembly: assembly, unknown: salvaged.unknown, role: function?.role, deadline: deadline)
        findings += await look.findings()
        return DoctorReport(findings: findings, watches: configuration.watches.count, region: region)
    }

    /// Nothing can be asked of AWS; what is wrong besides is said all the same.
    private func withoutAWS(_ error: AWSError, environment: [String: String]) -> DoctorReport {
        let problems = options.function == nil ? SalvagedConfiguration(environment: environment).problems : []
        return DoctorReport(
            findings: problems.map(Finding.wrongValue) + [.wrongAWSConfiguration(error)], watches: 0, region: nil)
    }

    /// The environment to be checked: the function's own variables where there is a function that gives them, so that
    /// nothing is checked that is not deployed; what the command line says comes first in any case.
    private static func variables(
        of function: FunctionReading?, here: [String: String], options: [String: String]
    ) -> [String: String] {
        guard case .success(let deployed)? = function?.configuration, deployed.environmentProblem == nil else {
            return here
        }
        var variables = deployed.environment.merging(options) { $1 }
        // The function's file is in its zip, and not here; whoever has a copy says where.
        if variables["WATCHES_FILE"] != nil, let copy = here["WATCHES_FILE"] { variables["WATCHES_FILE"] = copy }
        return variables
    }

    private static func differences(_ function: FunctionReading, options: [String: String]) -> [String] {
        guard case .success(let deployed) = function.configuration, deployed.environmentProblem == nil else {
            return []
        }
        return options.filter { variable, value in
            EntrySchema.watch.variables.contains(variable) && deployed.environment[variable] != value
        }.map(\.key).sorted()
    }
}
