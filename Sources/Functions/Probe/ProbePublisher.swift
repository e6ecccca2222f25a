internal import AWSClient
internal import HTTPTransport
package import HealthProbe
internal import LambdaRuntime
package import Logging

/// Publishes what the probes find: at once where health has changed, else gathered into few requests.
package actor ProbePublisher {
    private let assembly: ProbeAssembly
    private let logger: Logger
    private var buffer: MetricBuffer
    /// What was sent, and not accepted. It is sent again: CloudWatch goes by the time of each datum.
    private var unpublished: [CloudWatch.Datum] = []
    private var failure: AWSError?
    private var isPublishing = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// While nothing changes. An alarm looks at a minute as a whole.
    private static let interval = Duration.seconds(10)
    /// Hours of failing must not fill the memory, and data of hours ago help nobody.
    private static let mostUnpublished = 5000

    package init(assembly: ProbeAssembly, logger: Logger) {
        self.assembly = assembly
        self.logger = logger
        buffer = MetricBuffer(resolution: assembly.configuration.resolution)
    }

    /// - Parameter isHealthy: what the endpoint counts as.
    package func note(_ result: ProbeResult, isHealthy: Bool, of settings: ProbeSettings) {
        buffer.note(result, isHealthy: isHealthy, dimensions: settings.dimensions, at: assembly.wallClock())
    }

    /// Beside the probes, of which none shall wait for it.
    func publishSoon(deadline: ContinuousClock.Instant) {
        Task(executorPreference: assembly.executor.taskExecutor) { await self.publish(deadline: deadline) }
    }

    /// While probes go on.
    func keepPublishing(deadline: ContinuousClock.Instant) async {
        while true {
            do { try await assembly.executor.sleep(until: assembly.now() + Self.interval) } catch { return }
            // Not here, where it would be cut off at the end of the probes.
            publishSoon(deadline: deadline)
        }
    }

    /// At the end of an invocation.
    ///
    /// - Throws: where something is left that could not be published.
    package func finish(deadline: ContinuousClock.Instant) async throws {
        await publish(deadline: deadline)
        if let failure { throw MetricsNotPublished(namespace: assembly.configuration.namespace, reason: failure) }
    }

    private func publish(deadline: ContinuousClock.Instant) async {
        // One after the other: what one has failed to publish, the next one tries again.
        while isPublishing { await withCheckedContinuation { self.waiting.append($0) } }
        let data = unpublished + buffer.take()
        guard !data.isEmpty else { return }
        isPublishing = true
        unpublished = []
        do {
            try await assembly.cloudWatch.putMetricData(
                data, namespace: assembly.configuration.namespace, deadline: deadline)
            failure = nil
        } catch {
            unpublished = data.suffix(Self.mostUnpublished)
            failure = error
            logger.error("the metrics could not be published, which is tried again: \(error)")
        }
        isPublishing = false
        let others = waiting
        waiting = []
        for continuation in others { continuation.resume() }
    }
}

/// The alarm and the health check do not hear of what the probes found.
struct MetricsNotPublished: Error, CustomStringConvertible, LambdaReportable {
    var namespace: String
    var reason: AWSError

    var description: String { "the metrics of \(namespace) could not be published: \(reason)" }
    var lambdaErrorType: String { "MetricsNotPublished" }
}
