internal import CCrashReport
internal import Glibc
internal import HTTPTransport
internal import LambdaRuntime
internal import Logging
internal import NameResolution
internal import ProgramVersion
internal import Promotion

/// What runs in Lambda: the function that `_HANDLER` names, until Lambda has no more for it.
package enum LambdaMain {
    /// How long the caches may take to fill before the first event is asked for. Lambda allows ten
    /// seconds for the whole start; what has not come by then, the first check asks for again.
    private static let warmUpTime = Duration.seconds(3)

    /// The variables that the process was started with.
    package static let environment = ProcessEnvironment.read()

    package static func run() -> Never {
        guard let address = environment["AWS_LAMBDA_RUNTIME_API"], !address.isEmpty else {
            Logger(label: "promoter") { _ in LambdaLogHandler.terminal(level: .info) }.critical(
                """
                bootstrap is what Lambda runs, and AWS_LAMBDA_RUNTIME_API, which Lambda sets, is not set. \
                On the command line use promoter; to try it all without AWS, make demo.
                """)
            exit(64)
        }
        run(address: address, environment: environment)
    }

    /// Everything runs on the calling thread, but what blocks: name look-ups.
    ///
    /// - Parameter address: host and port of the Runtime API.
    package static func run(address: String, environment: [String: String]) -> Never {
        crash_report_install()
        HTTPClient.run(caBundle: CABundle(environment: environment)) { client in
            await run(address: address, environment: environment, over: client)
        }
    }

    private static func run(address: String, environment: [String: String], over client: HTTPClient) async -> Never {
        let logger = Logger(label: "promoter") { _ in LambdaLogHandler.lambda(environment: environment) }
        let runtime = LambdaRuntime(address: address, executor: client, logger: logger)
        let handler: LambdaRuntime.Handler
        do {
            switch try FunctionName(handler: environment["_HANDLER"]) {
            case .promoter: handler = try await promoter(environment: environment, executor: client, logger: logger)
            case .operator: handler = try operation(environment: environment, executor: client, logger: logger)
            case .probe: handler = try probe(environment: environment, executor: client, logger: logger)
            case .endpoints: handler = try endpoints(environment: environment, executor: client, logger: logger)
            }
        } catch {
            await runtime.reportInitError(error)
            exit(1)
        }
        do {
            try await runtime.run(handler)
        } catch {
            logger.critical("\(error)")
            exit(1)
        }
    }

    private static func promoter(
        environment: [String: String], executor: any HTTPExecutor, logger: Logger
    ) async throws -> LambdaRuntime.Handler {
        let assembly = try assembly(of: .promoter, environment: environment, executor: executor, logger: logger)
        for (watch, problem) in await assembly.warmUp(deadline: .now + warmUpTime) {
            logger.error(
                "not ready to promote: \(problem)",
                metadata: ["reason": "notReady", "watch": "\(watch)", "region": "\(assembly.region)"])
        }
        let metrics = assembly.configuration.metricsAreOn ? MetricsRecorder(write: LambdaLogHandler.writeLine) : nil
        let function = PromoterFunction(assembly: assembly, logger: logger, metrics: metrics)
        return { invocation in try await function.handle(invocation) }
    }

    private static func operation(
        environment: [String: String], executor: any HTTPExecutor, logger: Logger
    ) throws -> LambdaRuntime.Handler {
        let assembly = try assembly(of: .operator, environment: environment, executor: executor, logger: logger)
        let function = OperatorFunction(assembly: assembly, logger: logger)
        return { invocation in try await function.handle(invocation) }
    }

    private static func assembly(
        of function: FunctionName, environment: [String: String], executor: any HTTPExecutor, logger: Logger
    ) throws -> PromoterAssembly {
        let configuration = try PromoterConfiguration(environment: environment)
        let assembly = try PromoterAssembly(
            environment: environment, configuration: configuration, executor: executor, resolver: SystemResolver())
        logger.info(
            "\(function.rawValue) \(promoterBuild) \(configuration.words)", metadata: ["region": "\(assembly.region)"])
        return assembly
    }

    private static func probe(
        environment: [String: String], executor: HTTPClient, logger: Logger
    ) throws -> LambdaRuntime.Handler {
        let configuration = try ProbeConfiguration(environment: environment)
        let assembly = try ProbeAssembly(environment: environment, configuration: configuration, over: executor)
        try assembly.checkCertificates()
        logger.info("probe \(promoterBuild) \(configuration.words)", metadata: ["region": "\(assembly.region ?? "")"])
        let function = ProbeFunction(assembly: assembly, logger: logger)
        return { invocation in try await function.handle(invocation) }
    }

    private static func endpoints(
        environment: [String: String], executor: any HTTPExecutor, logger: Logger
    ) throws -> LambdaRuntime.Handler {
        let configuration = try EndpointsConfiguration(environment: environment)
        let assembly = try EndpointsAssembly(
            environment: environment, configuration: configuration, executor: executor)
        logger.info("endpoints \(promoterBuild) \(configuration.words)", metadata: ["region": "\(assembly.region)"])
        let function = EndpointsFunction(assembly: assembly, logger: logger)
        return { invocation in try await function.handle(invocation) }
    }
}
