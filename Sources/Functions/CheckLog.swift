internal import EndpointRecords
internal import Failover
internal import Logging
internal import Promotion
internal import Synchronization

/// What is logged of the checks: each, where there is one an invocation; else what has changed, and a summary.
final class CheckLog: Sendable {
    private let logger: Logger
    /// There is one check an invocation, and one watch: what fails fails the invocation, and the runtime logs it.
    private let failuresAreLogged: Bool
    private let logsEach: Bool
    private let names: Int
    /// By watch, or group of one: what was last logged of it.
    private let last = Mutex<[String: String]>([:])

    init(logger: Logger, watches: [WatchConfiguration]) {
        self.logger = logger
        logsEach = !watches.contains { $0.checkInterval != nil }
        failuresAreLogged = logsEach && watches.flatMap(\.groups).count == 1
        names = watches.count
    }

    func note(_ outcome: Result<CheckResult, CheckFailure>, of identity: Promoter.Identity) {
        let gist =
            switch outcome {
            case .success(let result): result.gist
            case .failure(let failure): "error \(failure.errorType)"
            }
        let isNew = last.withLock { $0.updateValue(gist, forKey: identity.name) != gist }
        guard logsEach || isNew || !outcome.events.isEmpty else { return }
        switch outcome {
        case .success(let result): result.log(to: logger)
        case .failure(let failure): if !failuresAreLogged { failure.log(to: logger) }
        }
        for event in outcome.events { log(event, of: identity) }
    }

    /// What became of the records that follow the primary.
    func note(
        _ outcome: Result<SyncReport, any Error>, of keeper: PrimaryRecordKeeper, _ watch: WatchConfiguration
    ) {
        var metadata: Logger.Metadata = [
            "record": "\(keeper.settings.names.joined(separator: ", "))", "watch": "\(watch.name)",
        ]
        switch outcome {
        case .success(let report):
            let isNews = report.result(isDryRun: keeper.isDryRun) != "unchanged" || !report.findings.isEmpty
            guard isNews else { return }
            metadata["result"] = "\(report.result(isDryRun: keeper.isDryRun))"
            logger.log(
                level: report.needsAttention ? .warning : .notice, "\(report.sentence(isDryRun: keeper.isDryRun))",
                metadata: metadata)
        case .failure(let error):
            logger.error("the record of the primary could not be brought up to date: \(error)", metadata: metadata)
        }
    }

    private func log(_ event: PromotionEvent, of identity: Promoter.Identity) {
        logger.log(
            level: event.level, "\(event.sentence(identity.kind))",
            metadata: ["event": "\(event.kind)", "watch": "\(identity.watch)"].merging(identity.groupMetadata) { $1 })
    }

    /// At the end of an invocation of many checks.
    func summarize(_ summaries: [CheckLoop.Summary]) {
        guard !logsEach else { return }
        let checks = summaries.map(\.checks).reduce(0, +)
        let failures = summaries.map(\.failures).reduce(0, +)
        var metadata: Logger.Metadata = ["checks": .stringConvertible(checks)]
        if failures > 0 { metadata["failedChecks"] = .stringConvertible(failures) }
        if summaries.count == 1, case .success(let result)? = summaries.first?.last {
            metadata.merge(result.metadata) { old, _ in old }
            logger.log(
                level: result.decision.needsAttention ? .warning : .info,
                "\(checks) checks, at last: \(result.sentence)", metadata: metadata)
            return
        }
        // In the order of the kinds' first watches, which is the same each time.
        var kinds: [(kind: String, count: Int)] = []
        for summary in summaries {
            let kind = if case .success(let result) = summary.last { result.decision.reason } else { "failed" }
            if let index = kinds.firstIndex(where: { $0.kind == kind }) {
                kinds[index].count += 1
            } else {
                kinds.append((kind, 1))
            }
        }
        let words = kinds.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
        metadata["watches"] = .stringConvertible(names)
        // What lasts is said again with each invocation.
        let needsAttention = summaries.contains { summary in
            if case .success(let result) = summary.last { result.decision.needsAttention } else { true }
        }
        logger.log(
            level: needsAttention ? .warning : .info,
            "\(checks) checks of \(summaries.count) \(summaries.count == names ? "watches" : "groups"), at last: \(words)",
            metadata: metadata)
    }
}

extension CheckResult {
    /// What stays the same while nothing happens: the sentence without its numbers.
    fileprivate var gist: String {
        let active = if case .region(let region) = observation.active { region } else { "-" }
        return "\(decision.kind) \(decision.reason) \(active)"
    }

    /// One line that says what and why.
    func log(to logger: Logger) {
        let level: Logger.Level =
            switch decision {
            case .promote, .wouldPromote: .notice
            default: decision.needsAttention ? .warning : .info
            }
        logger.log(level: level, "\(sentence)", metadata: metadata)
    }

    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "decision": "\(decision.kind)", "reason": "\(decision.reason)", "region": "\(identity.ownRegion)",
            "watch": "\(identity.watch)", "dnsName": "\(identity.dnsName)",
            "\(identity.kind.idKey)": "\(identity.groupID)", "calls": .array(calls.map { "\($0.name)" }),
            "durationMs": .stringConvertible(duration.milliseconds),
        ]
        if case .region(let active) = observation.active { metadata["activeRegion"] = "\(active)" }
        return metadata
    }
}

extension CheckFailure {
    fileprivate func log(to logger: Logger) {
        logger.error(
            "the check failed: \(self)",
            metadata: [
                "decision": "error", "reason": "\(errorType)", "region": "\(identity.ownRegion)",
                "watch": "\(identity.watch)", "dnsName": "\(identity.dnsName)",
                "\(identity.kind.idKey)": "\(identity.groupID)",
                "calls": .array(calls.map { "\($0.name)" }), "durationMs": .stringConvertible(duration.milliseconds),
            ])
    }
}

extension Promoter.Identity {
    /// What a line of the log needs besides the watch.
    var groupMetadata: Logger.Metadata { isOneOfTwo ? ["\(kind.idKey)": "\(groupID)"] : [:] }
}
