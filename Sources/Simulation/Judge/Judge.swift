/// Holds what happened in a world against what the README promises. It knows nothing of how the product decides: only what
/// the name servers told, what AWS was asked, and what is true.
package struct Judge {
    package struct Violation: Sendable, Hashable, CustomStringConvertible {
        package var promise: Promise
        package var time: Duration
        package var what: String

        package var description: String { "at \(time.inSeconds): \(promise.rawValue): \(what)" }
    }

    package let terms: Terms

    package init(_ terms: Terms) {
        self.terms = terms
    }

    /// Safety, from the facts in their order.
    package func violations(in facts: [(time: Duration, fact: Witness.Fact)]) -> [Violation] {
        var hearing = Hearing(terms)
        for (time, fact) in facts { hearing.hear(fact, at: time) }
        return hearing.violations
    }

    /// Liveness: what has not come right yet.
    ///
    /// - Parameters:
    ///   - groups: as they are.
    ///   - active: where DNS leads.
    ///   - said: by region, what the last invocation answered of each group; empty where none has answered since all is
    ///     well.
    package func violations(
        atTheEnd groups: [GroupModel], active: String, said: [String: [String]], at time: Duration
    ) -> [Violation] {
        guard !terms.isDryRun else { return [] }
        var violations: [Violation] = []
        // Who is detached stays so until people bring it back.
        for group in groups
        where group.detached.isEmpty && (group.primaryRegion != active || group.status != "available") {
            violations.append(
                Violation(
                    promise: .comesRight, time: time,
                    what: "\(active) is active, and the primary of \(group.id), \(group.status), is in"
                        + " \(group.primaryRegion ?? "no region")"))
        }
        for (region, reasons) in said.sorted(by: { $0.key < $1.key }) {
            let expected = region == active ? "inPlace" : "standby"
            for (index, group) in groups.enumerated() where group.detached.isEmpty {
                let reason = index < reasons.count ? reasons[index] : "nothing"
                guard reason != expected else { continue }
                violations.append(
                    Violation(
                        promise: .agrees, time: time,
                        what: "of \(group.id) the function in \(region) says \(reason), not \(expected)"))
            }
        }
        return violations
    }
}

extension Duration {
    /// As in `12.345 s`.
    package var inSeconds: String {
        let milliseconds = Int64((self / .milliseconds(1)).rounded())
        let rest = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest) s"
    }
}
