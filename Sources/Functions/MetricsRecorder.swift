internal import Failover
internal import JSON
package import LambdaRuntime
package import Promotion
internal import Synchronization

/// Counts what the checks come to, and writes it to the log in CloudWatch's embedded metric format once an invocation:
/// CloudWatch makes metrics of it, and no call is made.
///
/// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
package final class MetricsRecorder: Sendable {
    private struct Counts {
        var identity: Promoter.Identity
        /// By name, such as `Standby`. What did not happen is not sent, and costs nothing.
        var counts: [String: Int] = [:]
        /// Milliseconds.
        var checkTimes: [Double] = []
        /// Seconds.
        var timesToPromote: [Double] = []
        var promotionTimes: [Double] = []
    }

    private let counts = Mutex<[String: Counts]>([:])
    private let wallClock: @Sendable () -> WallClockTime
    private let write: @Sendable ([UInt8]) -> Void

    /// The format allows no more values of a metric.
    private static let maximumValues = 100

    package init(
        wallClock: @escaping @Sendable () -> WallClockTime = WallClockTime.now,
        write: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.wallClock = wallClock
        self.write = write
    }

    package func note(_ outcome: Result<CheckResult, CheckFailure>, of identity: Promoter.Identity) {
        counts.withLock { all in
            var own = all[identity.name] ?? Counts(identity: identity)
            own.counts["Checks", default: 0] += 1
            let duration: Duration
            switch outcome {
            case .success(let result):
                own.counts[result.decision.metric, default: 0] += 1
                duration = result.duration
            case .failure(let failure):
                own.counts["FailedChecks", default: 0] += 1
                duration = failure.duration
            }
            own.checkTimes.append(duration.milliseconds)
            for event in outcome.events {
                switch event {
                // Also where the answer to the request was lost, and what came of it seen later.
                case .begun(_, let delay):
                    own.counts["Promotions", default: 0] += 1
                    if let delay { own.timesToPromote.append(delay.milliseconds / 1000) }
                case .finished(_, let duration): own.promotionTimes.append(duration.milliseconds / 1000)
                case .failed, .cameToNothing, .gaveUp, .detachmentFailed:
                    own.counts["FailedPromotions", default: 0] += 1
                case .detached: own.counts["Detachments", default: 0] += 1
                case .overtaken, .stuck, .noLongerWanted: break
                }
            }
            all[identity.name] = own
        }
    }

    /// Writes what was noted since the last time: a line for each watch, or each of its groups.
    package func emit() {
        let all = counts.withLock { counts in
            defer { counts = [:] }
            return counts
        }
        let time = wallClock().millisecondsSince1970
        for (_, own) in all.sorted(by: { $0.key < $1.key }) {
            write(Self.line(own, time: time) + [UInt8(ascii: "\n")])
        }
    }

    private static func line(_ own: Counts, time: Int64) -> [UInt8] {
        var metrics: [(name: String, unit: String, value: JSONValue)] = own.counts.sorted { $0.key < $1.key }.map {
            ($0.key, "Count", .integer(Int64($0.value)))
        }
        func add(_ name: String, _ unit: String, _ values: [Double]) {
            if !values.isEmpty { metrics.append((name, unit, .array(sample(values).map { .real($0) }))) }
        }
        add("CheckTime", "Milliseconds", own.checkTimes)
        add("TimeToPromote", "Seconds", own.timesToPromote)
        add("PromotionTime", "Seconds", own.promotionTimes)
        let definitions = metrics.map { metric -> JSONValue in
            ["Name": .string(metric.name), "Unit": .string(metric.unit)]
        }
        let identity = own.identity
        var dimensions: [JSONValue.Member] = [
            .init("Watch", .string(identity.watch)), .init("Region", .string(identity.ownRegion)),
        ]
        // The sum of both for alarms, which know of no groups, and each by itself.
        var sets: [JSONValue] = [["Watch", "Region"]]
        if identity.isOneOfTwo {
            dimensions.append(.init("Group", .string(identity.groupID)))
            sets.append(["Watch", "Region", "Group"])
        }
        let head: JSONValue = [
            "Timestamp": .integer(time),
            "CloudWatchMetrics": [
                ["Namespace": "Promoter", "Dimensions": .array(sets), "Metrics": .array(definitions)]
            ],
        ]
        let members: [JSONValue.Member] =
            [.init("_aws", head)] + dimensions + metrics.map { .init($0.name, $0.value) }
        return JSONValue.object(members).serialized()
    }

    /// Evenly over the time, with the longest among them.
    private static func sample(_ values: [Double]) -> [Double] {
        guard values.count > maximumValues, let longest = values.max() else { return values }
        let others = maximumValues - 1
        return [longest] + (0..<others).map { values[$0 * values.count / others] }
    }
}

extension Decision {
    fileprivate var metric: String {
        switch self {
        case .hold(.standby): "Standby"
        case .hold(.inPlace): "InPlace"
        case .hold(.unknown), .hold(.ambiguous): "Unknown"
        case .hold(.paused), .hold(.pausedByOperator): "Paused"
        case .hold, .misconfigured: "Held"
        case .promote: "Promote"
        case .wouldPromote: "WouldPromote"
        case .detach: "Detach"
        }
    }
}
