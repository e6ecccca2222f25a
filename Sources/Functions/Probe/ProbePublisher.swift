internal import AWSClient
internal import HTTPTransport
package import HealthProbe
internal import LambdaRuntime
package import Logging

/// Publishes what the probes find: at once where health has changed, else gathered into few requests. One request after
/// the other, however many have something to tell.
package actor ProbePublisher {
    private let assembly: ProbeAssembly
    private let logger: Logger
    private var buffer: MetricBuffer
    /// Why the last attempt failed; nil where it did not.
    private var failure: AWSError?
    /// The attempt that is under way.
    private var attempt: Task<Void, Never>?
    private var isWanted = false

    /// While nothing changes, and after a failure. An alarm looks at a minute as a whole.
    private static let interval = Duration.seconds(10)
    /// In seconds: for as long what could not be published is kept.
    private static let longestMemory: Int64 = 900

    package init(assembly: ProbeAssembly, logger: Logger) {
        self.assembly = assembly
        self.logger = logger
        buffer = MetricBuffer(resolution: assembly.configuration.resolution)
    }

    /// - Parameter isHealthy: what the endpoint counts as.
    package func note(_ result: ProbeResult, isHealthy: Bool, of settings: ProbeSettings) {
        buffer.note(result, isHealthy: isHealthy, dimensions: settings.dimensions, at: assembly.wallClock())
    }

    /// While probes go on.
    func keepPublishing(deadline: ContinuousClock.Instant) async {
        while true {
            do { try await assembly.executor.sleep(until: assembly.now() + Self.interval) } catch { return }
            start(deadline: deadline)
        }
    }

    /// What has just been noted is news. After a failure it waits as everything else does.
    func publishSoon(deadline: ContinuousClock.Instant) {
        guard failure == nil else { return }
        if attempt == nil { start(deadline: deadline) } else { isWanted = true }
    }

    /// At the end of an invocation.
    ///
    /// - Throws: where something is left that could not be published.
    package func finish(deadline: ContinuousClock.Instant) async throws {
        if let attempt { await attempt.value }
        if !buffer.isEmpty { await publish(deadline: deadline) }
        if let failure { throw MetricsNotPublished(namespace: assembly.configuration.namespace, reason: failure) }
    }

    /// Beside the probes, of which none shall wait for it, and whose end does not end it.
    private func start(deadline: ContinuousClock.Instant) {
        guard attempt == nil else { return }
        attempt = Task(executorPreference: assembly.executor.taskExecutor) { await self.publishAll(deadline: deadline) }
    }

    private func publishAll(deadline: ContinuousClock.Instant) async {
        repeat {
            isWanted = false
            await publish(deadline: deadline)
        } while isWanted && failure == nil
        attempt = nil
    }

    private func publish(deadline: ContinuousClock.Instant) async {
        guard !buffer.isEmpty else { return }
        guard assembly.now() < deadline else {
            failure = failure ?? AWSError(.deadlineExceeded, "the time of the invocation was over")
            return
        }
        let data = buffer.take()
        let (unpublished, error) = await assembly.cloudWatch.putMetricData(
            data, namespace: assembly.configuration.namespace, deadline: deadline)
        failure = error
        guard let error else { return }
        let oldest = assembly.wallClock().adding(seconds: -Self.longestMemory)
        let givenUp = buffer.restore(Array(unpublished), since: oldest)
        let loss = givenUp > 0 ? " (\(givenUp) data of more than 15 minutes ago are given up)" : ""
        logger.error("the metrics could not be published, which is tried again: \(error)\(loss)")
    }
}

/// The alarm and the health check do not hear of what the probes found.
struct MetricsNotPublished: Error, CustomStringConvertible, LambdaReportable {
    var namespace: String
    var reason: AWSError

    var description: String { "the metrics of \(namespace) could not be published: \(reason)" }
    var lambdaErrorType: String { "MetricsNotPublished" }
}
