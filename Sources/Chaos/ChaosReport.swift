package import Simulation

/// What came of a run.
package struct ChaosReport: Sendable {
    package let violations: [Judge.Violation]
    /// Of each kind, how often it was begun; and of AWS's, how many requests suffered it.
    package let faults: [(name: String, begun: Int, met: Int?)]
    package private(set) var counts = Counts()
    /// How long it took, after the last thing had gone wrong, until the active region was primary; nil where it is not.
    package let recovery: Duration?
    private let settings: ChaosSettings
    private let facts: [(time: Duration, fact: Witness.Fact)]

    package struct Counts: Sendable, Equatable {
        package var flips = 0
        package var pauses = 0
        /// Of the functions: what AWS was asked for, and how much of that it accepted.
        package var asked = 0
        package var accepted = 0
        package var byHand = 0
        package var finished = 0
        package var cameToNothing = 0
        package var answersOfDNS = 0
        package var requests = 0
        package var processes = 0
        package var answered = 0
        /// With an error of their own.
        package var failed = 0
        package var killed = 0
        package var late = 0
    }

    init(
        settings: ChaosSettings, plan: Plan, world: ChaosWorld, facts: [(time: Duration, fact: Witness.Fact)],
        recovery: Duration?, violations: [Judge.Violation]
    ) {
        let strikes = world.strikes
        let killed = world.chronicle.inOrder.count { if case .answered(_, _, true) = $0.what { true } else { false } }
        self.recovery = recovery
        self.settings = settings
        self.violations = violations
        self.facts = facts
        let begun = plan.disturbances.compactMap(\.kind.name).reduce(into: [:]) { $0[$1, default: 0] += 1 }
        faults = begun.sorted { $0.key < $1.key }.map { name, count in
            let ofAWS = name.hasPrefix(Disturbance.Kind.ofService)
            return (name, count, ofAWS ? strikes[name] ?? 0 : nil)
        }
        for (_, fact) in facts { counts.add(fact) }
        counts.killed = killed
        counts.failed -= killed
    }

    // MARK: As text

    package var summary: String {
        let invocations = counts.answered + counts.failed + counts.killed + counts.late
        var lines = [
            "seed \(settings.seed), \(settings.length.components.seconds) s, of which the last \(settings.calm.components.seconds) s calm",
            "\(counts.flips) flips of DNS, \(counts.pauses) pauses",
            "\(counts.asked) promotions asked for, \(counts.accepted) accepted, \(counts.byHand) made by hand; "
                + "\(counts.finished) finished, \(counts.cameToNothing) came to nothing",
            "\(invocations) invocations: \(counts.answered) answered, \(counts.failed) answered with an error, "
                + "\(counts.killed) killed, \(counts.late) late; \(counts.processes) processes",
            "\(counts.answersOfDNS) answers of DNS, \(counts.requests) requests to AWS",
            "\(faults.reduce(0) { $0 + $1.begun }) faults:",
        ]
        lines += faults.map { name, begun, met in
            "  \(begun) × \(name)" + (met.map { ", met by \($0) requests" } ?? "")
        }
        if let recovery { lines.append("after the last fault all was right within \(recovery.inSeconds)") }
        lines.append(violations.isEmpty ? "violations: none" : "\(violations.count) VIOLATIONS:")
        lines += violations.map { "  \($0)" }
        return lines.joined(separator: "\n")
    }

    /// The last facts up to the first violation, of the region where it was.
    package func facts(before violation: Judge.Violation, count: Int) -> [String] {
        let region = ChaosSettings.regions.first { violation.what.contains("by \($0)/") }
        let before = facts.filter { $0.time <= violation.time && $0.fact.concerns(region) }
        return before.suffix(count).map { "\($0.time.inSeconds): \($0.fact.words)" }
    }
}

extension ChaosReport.Counts {
    fileprivate mutating func add(_ fact: Witness.Fact) {
        switch fact {
        case .dnsMoved: flips += 1
        case .told: answersOfDNS += 1
        case .called: requests += 1
        case .requested: asked += 1
        case .accepted(_, _, _, nil): byHand += 1
        case .accepted: accepted += 1
        case .ended(let group, let succeeded) where group.operations > 0:
            if succeeded { finished += 1 } else { cameToNothing += 1 }
        case .paused: pauses += 1
        case .started: processes += 1
        case .answered(_, .response): answered += 1
        case .answered(_, .error): failed += 1
        case .answered(_, .tooLate): late += 1
        default: break
        }
    }
}

extension Witness.Fact {
    /// - Parameter region: nil for any.
    fileprivate func concerns(_ region: String?) -> Bool {
        guard let region else { return true }
        return switch self {
        case .told(_, let source), .called(_, let source), .requested(_, _, _, let source): source.region == region
        case .started(let other), .killed(let other), .invoked(let other), .answered(let other, _): other == region
        default: true
        }
    }
}
