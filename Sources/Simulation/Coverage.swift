internal import Failover
internal import Promotion

/// How often each thing was met in worlds, so that what the simulator never came to is seen.
///
/// Of one thread, as the worlds are whose processes count in it.
package final class Coverage: @unchecked Sendable {
    package enum Kind: Int, Sendable, CaseIterable {
        /// What an incident did to somebody.
        case fault
        /// A row of the decision.
        case decision
        /// From one decision of a process to the next of the same group, where they differ.
        case transition
        /// What became of a group.
        case group
        /// What became of records and of clusters.
        case record
    }

    private(set) var counts = [[String: Int]](repeating: [:], count: Kind.allCases.count)

    package init() {}

    func count(_ kind: Kind, _ name: String) { counts[kind.rawValue][name, default: 0] += 1 }

    package func add(_ other: Coverage) {
        for (index, counted) in other.counts.enumerated() { counts[index].merge(counted) { $0 + $1 } }
    }

    /// The most frequent first.
    package func counted(_ kind: Kind) -> [(name: String, count: Int)] {
        counts[kind.rawValue].sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    /// What could have been met of a kind, and was not.
    package func missing(_ kind: Kind) -> [String] {
        let all: [String] =
            switch kind {
            case .fault: Incident.Kind.names
            case .decision: Self.reasons
            case .transition, .group, .record: []
            }
        return all.filter { counts[kind.rawValue][$0] == nil }
    }

    /// As the results of checks have them; but for those that come of a request, and those of set-ups that no world has.
    private static let reasons = [
        "pausedByOperator", "pauseUnknown", "nameNotFound", "nameWithoutAddresses", "nameServerFailure",
        "nameServerTimeout", "noRecordMatches", "ambiguous", "standby", "inPlace", "confirming", "holdingDown",
        "groupStatus", "memberStatus", "refusedJustNow", "promotionUnderWay", "lagging", "lagUnknown", "detached",
        "waitsFor", "misconfigured", "activeAndSecondary", "promotionObstructed",
    ]
}

extension Coverage {
    /// The same rules, of one process, each decision of which is counted.
    func counting(_ rules: Promoter.Rules) -> Promoter.Rules {
        let last = LastDecisions()
        var counting = rules
        counting.decide = { [self] observation, memory, policy, now in
            let step = rules.decide(observation, memory, policy, now)
            guard case .decided(let decision, _) = step else { return step }
            let reason = decision.reason
            count(.decision, reason)
            // Which group it is is not known before it was read; the two of a watch have policies of their own.
            let key = observation.group.group?.id ?? ""
            if let before = last.reasons.updateValue(reason, forKey: key), before != reason {
                count(.transition, "\(before) → \(reason)")
            }
            return step
        }
        return counting
    }

    /// What became of groups.
    func count(_ facts: [(time: Duration, fact: Witness.Fact)]) {
        for (_, fact) in facts {
            switch fact {
            case .accepted(.promotion, _, _, let source):
                count(.group, source == nil ? "promoted by hand" : "promotion accepted")
            case .accepted(.detachment, _, _, _): count(.group, "member detached")
            case .refused: count(.group, "request refused")
            case .ended(_, let succeeded) where succeeded: count(.group, "promotion finished")
            case .ended: count(.group, "change came to nothing, or was another")
            case .dnsMoved: count(.group, "DNS moved")
            case .killed: count(.fault, "process: killed")
            case .answered(_, .tooLate): count(.fault, "process: killed at its deadline")
            default: break
            }
        }
    }
}

/// Of one process, whose jobs run one after the other.
private final class LastDecisions: @unchecked Sendable {
    var reasons: [String: String] = [:]
}
