internal import HTTPTransport
internal import HealthProbe
internal import JSON
package import LambdaRuntime
package import Logging

/// The handler `probe`: probes all endpoints, whatever the event is; once, or again and again until the invocation has
/// to be answered; and publishes what it finds.
package struct ProbeFunction: Sendable {
    private let assembly: ProbeAssembly
    private let publisher: ProbePublisher
    private let log: ProbeLog
    private let states: [ProbeState]

    /// What is left of an invocation to publish the last results.
    private static let publishingTime = Duration.seconds(2)
    /// What a probe takes at least. With less time left there is nothing to wait for.
    private static let shortestProbe = Duration.milliseconds(100)

    package init(assembly: ProbeAssembly, logger: Logger) {
        self.assembly = assembly
        publisher = ProbePublisher(assembly: assembly, logger: logger)
        log = ProbeLog(logger: logger, logsEach: assembly.configuration.interval == nil)
        states = assembly.probes.map { _ in ProbeState() }
    }

    /// - Returns: the last result of each endpoint as JSON. An unhealthy endpoint is a result, and no failure.
    /// - Throws: where a result could not be published: whoever looks at the metric would not see it.
    package func handle(_ invocation: Invocation) async throws -> [UInt8] {
        let now = assembly.now()
        let deadline = PromoterFunction.deadline(of: invocation, now: now)
        let probingEnd = deadline - min(Self.publishingTime, max(.zero, (deadline - now) / 4))
        let summaries = await probeAll(until: probingEnd, deadline: deadline)
        log.summarize(summaries)
        try await publisher.finish(deadline: deadline)
        return Self.answer(summaries).serialized()
    }

    /// Each endpoint by itself: none waits for another.
    private func probeAll(
        until end: ContinuousClock.Instant, deadline: ContinuousClock.Instant
    ) async -> [ProbeSummary] {
        await withTaskGroup(of: (index: Int, summary: ProbeSummary)?.self) { group in
            for (index, probe) in assembly.probes.enumerated() {
                group.addTask { [self] in
                    (index, await loop(probe, states[index], until: end, deadline: deadline))
                }
            }
            group.addTask { [self] in
                await publisher.keepPublishing(deadline: deadline)
                return nil
            }
            var summaries: [(index: Int, summary: ProbeSummary)] = []
            while summaries.count < assembly.probes.count, let next = await group.next() {
                if let next { summaries.append(next) }
            }
            group.cancelAll()
            return summaries.sorted { $0.index < $1.index }.map(\.summary)
        }
    }

    private func loop(
        _ probe: ProbeAssembly.Probe, _ state: ProbeState, until end: ContinuousClock.Instant,
        deadline: ContinuousClock.Instant
    ) async -> ProbeSummary {
        var count = 0
        var failures = 0
        var next = assembly.now()
        var last: ProbeSummary?
        while true {
            let result = await probe.probe.run(probe.settings.target, deadline: end)
            // It was cut short by the end of the invocation, and says nothing: others have said it before.
            if let last, result.failure?.reason == .timeout, assembly.now() >= end { return last }
            count += 1
            if !result.isHealthy { failures += 1 }
            let (isHealthy, hasChanged) = state.note(result, probe.settings.smoothing)
            log.note(result, isHealthy: isHealthy, hasChanged: hasChanged)
            await publisher.note(result, isHealthy: isHealthy, of: probe.settings)
            let summary = ProbeSummary(last: result, isHealthy: isHealthy, probes: count, failures: failures)
            last = summary
            guard let interval = assembly.configuration.interval else { return summary }
            if hasChanged { await publisher.publishSoon(deadline: deadline) }
            // A probe that took longer than the interval is not made up for.
            next = max(next + interval, assembly.now())
            guard next + Self.shortestProbe < end else { return summary }
            do { try await assembly.executor.sleep(until: next) } catch { return summary }
        }
    }

    private static func answer(_ summaries: [ProbeSummary]) -> JSONValue {
        if let only = summaries.first, summaries.count == 1 { return only.json }
        return [
            "healthy": .bool(summaries.allSatisfy(\.isHealthy)), "probes": .array(summaries.map(\.json)),
        ]
    }
}
