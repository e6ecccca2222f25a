package import AWSClient
package import HTTPTransport
package import HealthProbe
package import NameResolution
package import PostgresClient
internal import ProgramVersion

/// What the probes are made of, put together from the environment.
package struct ProbeAssembly: Sendable {
    package struct Probe: Sendable {
        package let settings: ProbeSettings
        package let probe: any EndpointProbe
    }

    package let configuration: ProbeConfiguration
    /// In the order of the configuration.
    package let probes: [Probe]
    package let cloudWatch: CloudWatch
    /// nil where none is set; then nothing can be published.
    package let region: String?
    package let executor: any HTTPExecutor
    package let now: @Sendable () -> ContinuousClock.Instant
    package let wallClock: @Sendable () -> Timestamp

    /// With the network of this machine.
    package init(environment: [String: String], configuration: ProbeConfiguration) throws {
        let client = HTTPClient(caBundle: CABundle(environment: environment))
        try self.init(environment: environment, configuration: configuration, over: client)
    }

    /// - Parameter client: for whatever goes over the network.
    package init(
        environment: [String: String], configuration: ProbeConfiguration, over client: HTTPClient
    ) throws {
        let caBundle = CABundle(environment: environment)
        try self.init(
            environment: environment, configuration: configuration, executor: client, resolver: SystemResolver()
        ) { PostgresClient(waiter: client, caBundle: caBundle) }
    }

    /// A file of certificates that is not there would make the endpoint unhealthy, and move a region.
    ///
    /// - Throws: `ConfigurationError`, with all that are wrong.
    package func checkCertificates(readFile: FileReader = FileContents.read) throws(ConfigurationError) {
        var problems: [ConfigurationError.Problem] = []
        for (path, variables) in certificateFiles.sorted(by: { $0.key < $1.key }) {
            let remedy = "set it to the path of a PEM file of certificates that the function can read"
            let why: String
            switch readFile(path) {
            case .bytes(let bytes) where Self.holdsCertificate(bytes): continue
            case .bytes: why = ": this has none"
            case .missing: why = ": there is none"
            case .unreadable(let reason): why = " (\(reason))"
            }
            for variable in variables.sorted() {
                problems.append(.init(variable: variable, value: path, remedy: remedy + why))
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }

    /// By path, the variables that name it.
    private var certificateFiles: [String: Set<String>] {
        var files: [String: Set<String>] = [:]
        for target in probes.map(\.settings.target) {
            guard let path = target.endpoint.tls?.caBundle else { continue }
            files[path, default: []].insert(target.server == .redis ? "REDIS_CA_BUNDLE" : "POSTGRES_CA_BUNDLE")
        }
        return files
    }

    private static func holdsCertificate(_ bytes: [UInt8]) -> Bool {
        let mark = Array("-----BEGIN CERTIFICATE-----".utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: mark) }
    }

    /// Each endpoint once, all at the same time.
    ///
    /// - Returns: in the order of the configuration.
    package func probeAll(deadline: ContinuousClock.Instant) async -> [ProbeResult] {
        await withTaskGroup(of: (index: Int, result: ProbeResult).self) { group in
            for (index, probe) in probes.enumerated() {
                group.addTask { (index, await probe.probe.run(probe.settings.target, deadline: deadline)) }
            }
            var results: [(index: Int, result: ProbeResult)] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.index < $1.index }.map(\.result)
        }
    }

    /// Asks nobody yet.
    ///
    /// - Parameters:
    ///   - now: the clock by which the executor sleeps.
    ///   - postgres: makes what connects to PostgreSQL, where there is such an endpoint.
    /// - Throws: the `AWSError` of a variable of AWS's own that is wrong.
    package init(
        environment: [String: String], configuration: ProbeConfiguration, executor: any HTTPExecutor & StreamConnector,
        resolver: any Resolver, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        wallClock: @escaping @Sendable () -> Timestamp = { .current() }, postgres: () -> any PostgresConnector
    ) throws {
        let aws = try AWSConfiguration(environment: environment, version: promoterBuild)
        region = aws.region
        let sleep: @Sendable (Duration) async throws -> Void = { try await executor.sleep(until: now() + $0) }
        let client = AWSClient(configuration: aws, executor: executor, hooks: AWSHooks(now: now, sleep: sleep)) { _ in }
        let secrets = SecretsManager(client)
        // Look-ups by libcurl would be a thread each.
        let connector = ResolvingConnector(executor, resolver: resolver, now: now)
        let keySuffix = ":\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
        let postgresConnector = configuration.probes.contains { $0.target.server != .redis } ? postgres() : nil
        // A secret that many have is read once.
        var shared: [String: SecretCredentials] = [:]
        probes = configuration.probes.map { settings in
            let source: (any ServerCredentialSource)?
            switch settings.login {
            case .none: source = nil
            case .credentials(let credentials): source = credentials
            case .secret(let id, let username):
                let credentials =
                    shared[id]
                    ?? SecretCredentials(id: id, now: now, taskExecutor: executor.taskExecutor) {
                        try await secrets.secretValue(of: id, deadline: $0)
                    }
                shared[id] = credentials
                source = NamedCredentials(username: username, source: credentials)
            }
            guard settings.target.server != .redis, let postgresConnector else {
                return Probe(
                    settings: settings,
                    probe: RedisProbe(connector: connector, credentials: source, now: now, keySuffix: keySuffix))
            }
            let probe = PostgresProbe(
                connector: postgresConnector, resolver: resolver, credentials: source, now: now)
            return Probe(settings: settings, probe: probe)
        }
        self.configuration = configuration
        cloudWatch = CloudWatch(client)
        self.executor = executor
        self.now = now
        self.wallClock = wallClock
    }
}

/// A secret that is a password alone, of a user that the configuration names.
private struct NamedCredentials: ServerCredentialSource {
    let username: String?
    let source: SecretCredentials

    func credentials(
        after rejected: ServerCredentials?, deadline: ContinuousClock.Instant
    ) async throws -> ServerCredentials {
        var credentials = try await source.credentials(after: rejected, deadline: deadline)
        if credentials.username == nil { credentials.username = username }
        return credentials
    }
}
