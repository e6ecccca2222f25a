internal import HTTPTransport
internal import HealthProbe
internal import Logging
internal import Promotion
internal import Synchronization

/// What is logged of the probes: each, where there is one an invocation; else what has changed, and a summary.
final class ProbeLog: Sendable {
    private let logger: Logger
    private let logsEach: Bool
    /// By probe: why it failed last, or that it did not.
    private let last = Mutex<[String: String]>([:])

    init(logger: Logger, logsEach: Bool) {
        self.logger = logger
        self.logsEach = logsEach
    }

    func note(_ result: ProbeResult, isHealthy: Bool, hasChanged: Bool) {
        let gist = result.failure.map { "\($0.reason.rawValue) \($0.step.rawValue) \($0.code ?? "")" } ?? "healthy"
        let isNew = last.withLock { $0.updateValue(gist, forKey: result.target.name) != gist }
        guard logsEach || isNew || hasChanged else { return }
        var words = result.sentence
        if result.isHealthy != isHealthy {
            words += isHealthy ? "; not often enough to count" : "; not often enough yet to count as healthy"
        }
        logger.log(level: result.isHealthy ? .info : .warning, "\(words)", metadata: result.metadata(isHealthy))
    }

    /// At the end of an invocation of many probes. What lasts is said again with each.
    func summarize(_ summaries: [ProbeSummary]) {
        guard !logsEach else { return }
        let probes = summaries.map(\.probes).reduce(0, +)
        var metadata: Logger.Metadata = ["probes": .stringConvertible(probes)]
        let failures = summaries.map(\.failures).reduce(0, +)
        if failures > 0 { metadata["failedProbes"] = .stringConvertible(failures) }
        let level: Logger.Level = summaries.allSatisfy(\.isHealthy) ? .info : .warning
        if let only = summaries.first, summaries.count == 1 {
            metadata.merge(only.last.metadata(only.isHealthy)) { old, _ in old }
            return logger.log(level: level, "\(probes) probes, at last: \(only.last.sentence)", metadata: metadata)
        }
        let unhealthy = summaries.filter { !$0.isHealthy }
        let names = unhealthy.prefix(5).map(\.last.target.name).joined(separator: ", ")
        let words =
            unhealthy.isEmpty
            ? "all healthy" : "\(unhealthy.count) unhealthy (\(names)\(unhealthy.count > 5 ? ", …" : ""))"
        logger.log(
            level: level, "\(probes) probes of \(summaries.count) endpoints, at last: \(words)", metadata: metadata)
    }
}

extension ProbeResult {
    fileprivate func metadata(_ isHealthy: Bool) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "probe": "\(target.name)", "healthy": .stringConvertible(isHealthy),
            "durationMs": .stringConvertible(duration.milliseconds),
        ]
        if let failure {
            metadata["reason"] = "\(failure.reason.rawValue)"
            metadata["step"] = "\(failure.step.rawValue)"
            if let code = failure.code { metadata["code"] = "\(code)" }
        }
        return metadata
    }
}
