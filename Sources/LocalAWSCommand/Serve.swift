import ArgumentParser
import Dispatch
import Foundation
import LocalAWS

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start the emulated AWS and print what to export to use it.",
        discussion: """
            Prints export lines for a shell on standard output, what happens on standard error, and keeps running \
            until it is interrupted. \(services) In another terminal:

              local-aws run --region us-west-2 -- promoter check
              local-aws fail us-east-1
              local-aws run --region us-west-2 -- promoter check
              local-aws failovers ldgnf-sessions stall
              local-aws lag ldgnf-sessions 30
              local-aws cluster nodes
              local-aws cluster failover sessions-use1
              local-aws aurora
              local-aws messages
              local-aws alarms
              local-aws health
              local-aws state
            """
    )

    /// What there is, for the help texts.
    static let services = """
        There are Route 53 with its health checks, ElastiCache (global datastores, replication groups and their \
        nodes), RDS (Aurora's global clusters and their clusters), CloudWatch metrics and alarms, SNS (with functions \
        as subscribers), SSM parameters, Secrets Manager, STS, IAM's policy simulator, the Runtime API of Lambda, and \
        what Lambda and EventBridge tell of its functions.
        """

    @Option(help: "Port of 127.0.0.1; 0 takes a free one.")
    var port: UInt16 = 4566

    @Option(help: "How long a failover of a global datastore takes.")
    var failoverSeconds: Double = 90

    @Option(help: "How long it takes to detach a member from a global datastore.")
    var detachSeconds: Double = 20

    @Option(help: "How long a failover inside a replication group takes; half of it there is no primary.")
    var nodeFailoverSeconds: Double = 30

    @Option(help: "How long a node takes to be made, removed or replaced. Default: 300, 60 and 120, as AWS may.")
    var nodeSeconds: Double?

    @Flag(help: "Refuse to fail over while the old primary's region is down, as AWS may.")
    var failoverNeedsOldPrimary = false

    @OptionGroup var aurora: AuroraOptions

    @Option(help: "So many seconds of the emulated world pass in one: 60 makes minutes of seconds.")
    var timeScale: Double?

    @Option(
        help: """
            How long a minute of CloudWatch lasts: its periods, and how often it looks at an alarm. AWS's has 60 \
            seconds; with 2, an alarm of one period of 60 s, and a health check that reads its data, react within 2 s \
            of what AWS takes a minute for.
            """
    )
    var minuteSeconds: Double = 60

    @Flag(help: "Time stands still until `local-aws advance`: for tests.")
    var manualClock = false

    @Option(help: "Where to write the hosts file that stands for DNS. Default: a temporary one.")
    var hostsFile: String?

    @Flag(help: "A third member of the datastore, in eu-west-1.")
    var threeRegions = false

    @Option(
        help: ArgumentHelp(
            """
            A Lambda function, whose Runtime API gets a port of its own (0: a free one), and its handler (promoter). \
            May be repeated.
            """,
            valueName: "name=region:port:handler"
        )
    )
    var function: [FunctionOption] = []

    @Flag(help: "Do not report what happens on standard error.")
    var quiet = false

    func validate() throws {
        guard (0...86_400).contains(failoverSeconds) else {
            throw ValidationError("--failover-seconds must be between 0 and 86400, not \(failoverSeconds).")
        }
        guard (0...86_400).contains(detachSeconds) else {
            throw ValidationError("--detach-seconds must be between 0 and 86400, not \(detachSeconds).")
        }
        guard (0...86_400).contains(nodeFailoverSeconds) else {
            throw ValidationError("--node-failover-seconds must be between 0 and 86400, not \(nodeFailoverSeconds).")
        }
        if let nodeSeconds, !(0...86_400).contains(nodeSeconds) {
            throw ValidationError("--node-seconds must be between 0 and 86400, not \(nodeSeconds).")
        }
        guard (1...60).contains(minuteSeconds) else {
            throw ValidationError("--minute-seconds must be between 1 and 60, not \(minuteSeconds).")
        }
        if let timeScale {
            guard !manualClock else { throw ValidationError("Give one of --time-scale and --manual-clock.") }
            guard (0.001...100_000).contains(timeScale) else {
                throw ValidationError("--time-scale must be between 0.001 and 100000, not \(timeScale).")
            }
        }
    }

    func run() async throws {
        var configuration = LocalAWSConfiguration()
        configuration.port = port
        configuration.failoverDuration = .seconds(failoverSeconds)
        configuration.disassociationDuration = .seconds(detachSeconds)
        configuration.clusterTimes = clusterTimes
        configuration.auroraTimes = aurora.times
        configuration.failoverNeedsOldPrimary = failoverNeedsOldPrimary
        configuration.clock = manualClock ? .manual : timeScale.map { .scaled($0) } ?? .real
        configuration.minuteSeconds = minuteSeconds
        configuration.hostsFile = hostsFile
        let aws = try LocalAWS.sampleWorld(configuration, threeRegions: threeRegions, aurora: aurora.aurora)
        if !quiet { aws.events.observe(Self.report) }
        do {
            try await aws.start()
            for option in function {
                var settings = FunctionSettings()
                settings.handler = option.handler ?? settings.handler
                try await aws.addFunction(
                    name: option.name, region: option.region, port: option.port, settings: settings)
            }
            let interruption = await Self.interruption()
            Self.say(greeting(of: aws))
            for await _ in interruption.stream {}
            for source in interruption.sources { source.cancel() }
        } catch {
            await aws.stop()
            throw error
        }
        await aws.stop()
    }

    private var clusterTimes: ClusterTimes {
        var times = ClusterTimes()
        times.failover = .seconds(nodeFailoverSeconds)
        if let nodeSeconds {
            let time = Duration.seconds(nodeSeconds)
            (times.creation, times.removal, times.replacement) = (time, time, time)
        }
        return times
    }

    /// As a whole an input for `eval`: whatever is no export is a comment.
    private func greeting(of aws: LocalAWS) -> String {
        var text = """
            # local-aws listens on \(aws.endpoint); its control API: \(aws.endpoint)/_local/
            # It runs until you interrupt it. What a process needs to live in it (all of its DNS comes from the
            # hosts file then, so better not export this in a shell that has other work: see `local-aws run`):

            """
        let environment = aws.environment(forRegion: LocalAWS.Sample.primaryRegion)
        let watch = Self.sampleWatch(withAurora: aurora.aurora)
        text += ShellExport.lines(of: environment.merging(watch) { $1 })
        for function in aws.functions {
            text += "# function \(function.name) (\(function.region)): AWS_LAMBDA_RUNTIME_API=\(function.runtimeAPI)\n"
        }
        return text
    }

    /// What promoter must be told of the sample world.
    static let sampleWatch = [
        "HOSTED_ZONE_ID": LocalAWS.Sample.zoneID,
        "DNS_NAME": LocalAWS.Sample.recordName,
        "GLOBAL_DATASTORE_ID": LocalAWS.Sample.datastoreID,
    ]

    static func sampleWatch(withAurora: Bool) -> [String: String] {
        withAurora ? sampleWatch.merging(["GLOBAL_CLUSTER_ID": LocalAWS.Sample.globalClusterID]) { $1 } : sampleWatch
    }

    /// Without a buffer: whoever started this may be waiting for the line that names the port.
    static func say(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    @Sendable private static func report(_ event: LocalEvent) {
        let time = event.time.formatted(.iso8601.time(includingFractionalSeconds: true))
        FileHandle.standardError.write(Data("\(time) \(event)\n".utf8))
    }

    /// Ends with SIGINT or SIGTERM. The signals are caught when this returns: one that came while it was still
    /// being arranged would be lost if it were ignored before, and ends the process as ever if it is not.
    private static func interruption() async -> (stream: AsyncStream<Never>, sources: [any DispatchSourceSignal]) {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        var sources: [any DispatchSourceSignal] = []
        for number in [SIGINT, SIGTERM] {
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.finish() }
            await withCheckedContinuation { registered in
                source.setRegistrationHandler { registered.resume() }
                source.resume()
            }
            sources.append(source)
        }
        return (stream, sources)
    }
}

/// `NAME=REGION:PORT:HANDLER`, where a port that is left out is a free one.
struct FunctionOption: ExpressibleByArgument {
    let name: String
    let region: String
    let port: UInt16
    /// nil: that of `FunctionSettings`.
    let handler: String?

    init?(argument: String) {
        let halves = argument.split(separator: "=", maxSplits: 1)
        guard halves.count == 2 else { return nil }
        let place = halves[1].split(separator: ":")
        guard let region = place.first, place.count <= 3 else { return nil }
        guard let port = place.count > 1 ? UInt16(place[1]) : 0 else { return nil }
        self.name = String(halves[0])
        self.region = String(region)
        self.port = port
        self.handler = place.count == 3 ? String(place[2]) : nil
    }
}
