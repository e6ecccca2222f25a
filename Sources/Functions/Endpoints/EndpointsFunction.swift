internal import AWSClient
package import EndpointRecords
internal import HTTPTransport
internal import JSON
package import LambdaRuntime
package import Logging

/// The handler `endpoints`: brings the records of a cluster up to date, whatever event it hears of; a message about
/// another cluster it leaves alone, without a call to AWS.
package struct EndpointsFunction: Sendable {
    private let assembly: EndpointsAssembly
    private let logger: Logger

    /// How long after an event AWS is asked again where it does not tell yet what the event says. A schedule mends what
    /// takes longer.
    private static let longestWait = Duration.seconds(30)
    private static let pause = Duration.seconds(2)
    /// What a round takes, and following its change to all DNS servers takes longest.
    private static let shortestRound = Duration.seconds(5)

    package init(assembly: EndpointsAssembly, logger: Logger) {
        self.assembly = assembly
        self.logger = logger
    }

    /// - Returns: what was changed, or would be, as JSON.
    /// - Throws: where the records could not be brought up to date, or a part of them, and time alone will not mend it.
    package func handle(_ invocation: Invocation) async throws -> [UInt8] {
        let deadline = PromoterFunction.deadline(of: invocation, now: assembly.now())
        let notice = ClusterNotice(event: invocation.payload)
        let report: SyncReport
        let settings = assembly.configuration.settings
        switch notice.response(for: settings.replicationGroupID, datastoreID: settings.globalDatastoreID) {
        case .ignore(let reasons):
            let words = reasons.map(\.words).joined(separator: "; ")
            logger.info("ignored: \(words)", metadata: ["result": "ignored"])
            let answer: JSONValue = ["result": "ignored", "message": .string(words)]
            return answer.serialized()
        case .reconcile:
            report = try await bringUpToDate(after: notice, deadline: deadline)
        }
        log(report)
        // Loudly: nobody looks at the answer.
        if let failure = report.lastingFinding { throw RecordsLeftUndone(finding: failure, report: report) }
        return report.json(isDryRun: assembly.configuration.dryRun, region: assembly.region).serialized()
    }

    private func bringUpToDate(
        after notice: ClusterNotice, deadline: ContinuousClock.Instant
    ) async throws -> SyncReport {
        let end = min(deadline, assembly.now() + Self.longestWait)
        while true {
            let report = try await round(after: notice, deadline: deadline)
            guard notice.isAhead(of: report), assembly.now() + Self.pause + Self.shortestRound < end else {
                return report
            }
            // What it has changed by then is not lost, and said now.
            if !report.changes.isEmpty { log(report) }
            try await assembly.executor.sleep(until: assembly.now() + Self.pause)
        }
    }

    private func round(after notice: ClusterNotice, deadline: ContinuousClock.Instant) async throws -> SyncReport {
        guard !assembly.configuration.dryRun else { return try await assembly.records.plan(deadline: deadline) }
        return try await assembly.records.sync(
            comment: "promoter endpoints, \(notice.occasion)", waitForSync: assembly.configuration.waitsForSync,
            deadline: deadline)
    }

    private func log(_ report: SyncReport) {
        let isDryRun = assembly.configuration.dryRun
        logger.log(
            level: report.needsAttention ? .warning : .info, "\(report.sentence(isDryRun: isDryRun))",
            metadata: [
                "result": "\(report.result(isDryRun: isDryRun))",
                "changes": .stringConvertible(isDryRun ? report.planned.count : report.changes.count),
            ])
    }
}

extension ClusterNotice {
    /// - Parameter payload: of an invocation; none at all is a direct one.
    fileprivate init(event payload: [UInt8]) {
        guard !payload.isEmpty else {
            self = .direct
            return
        }
        do throws(JSONError) {
            self.init(event: try JSONValue(parsing: payload))
        } catch { self = .unreadable(reason: .notJSON("\(error)")) }
    }

    /// Whether it says something of the cluster that AWS does not tell yet, as far as a look at it shows.
    fileprivate func isAhead(of report: SyncReport) -> Bool {
        guard case .messages(let messages) = self else { return false }
        let isPromoted = messages.contains {
            if case .event(let event) = $0 { event.name == "ReplicationGroupPromotedAsPrimary" } else { false }
        }
        return report.findings.contains { finding in
            switch finding {
            // What AWS calls available will not become clearer by waiting.
            case .unsettled: !report.clusterIsAvailable
            case .notPrimary(.standby), .notPrimary(.unclear): isPromoted
            default: false
            }
        }
    }

    /// For the history of the zone.
    fileprivate var occasion: String {
        switch self {
        case .messages(let messages):
            messages.lazy.compactMap { message -> String? in
                if case .event(let event) = message { "after \(event.name)" } else { nil }
            }.first ?? "after a message"
        case .bridged(let type, _): "after \(type)"
        case .schedule: "on schedule"
        case .direct, .otherSource, .unreadable: "by request"
        }
    }
}

/// Something of the records is not as it is to be, and was left so.
package struct RecordsLeftUndone: Error, CustomStringConvertible, LambdaReportable {
    package var finding: Finding
    package var report: SyncReport

    package var description: String { report.sentence(isDryRun: false) }
    /// As in `NotMember`.
    package var lambdaErrorType: String { finding.reason.prefix(1).uppercased() + finding.reason.dropFirst() }
}

extension EndpointRecordsError: LambdaReportable {
    package var lambdaErrorType: String { errorType }
}
