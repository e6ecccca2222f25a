package import Failover
internal import Promotion

extension Policy {
    /// What differs from "promote at first sight", for the start-up line and `promoter status`.
    package var words: String {
        var words = ["confirmations \(confirmations)"]
        if holdDown > .zero { words.append("hold-down \(holdDown.inWords)") }
        words.append("promotes when \(promoteInStatus.joined(separator: " or "))")
        if let maximumLag {
            let unknown = whenLagUnknown == .promote ? "promotes" : "holds"
            words.append("lag at most \(maximumLag.inWords) (\(unknown) where unknown)")
        }
        switch means {
        case .failover: break
        case .switchover: words.append("by switchover")
        case .detachment: words.append("by detaching")
        }
        if let detachAfter { words.append("detaches after \(detachAfter.inWords)") }
        if dryRun { words.append("dry run") }
        if paused { words.append("paused") }
        return words.joined(separator: ", ")
    }
}

extension WatchConfiguration {
    /// Of each group, where there are two.
    package var policyWords: String {
        guard groups.count > 1 else { return groups.first?.policy.words ?? "" }
        let order = promoteOrder == .together ? "" : "; \(promoteOrder.rawValue)"
        return groups.map { "\($0.id): \($0.policy.words)" }.joined(separator: "; ") + order
    }
}

extension PromoterConfiguration {
    /// What it watches, and how: for the start-up line.
    var words: String {
        guard let first = watches.first, watches.count == 1 else { return "watches \(watches.count) names" }
        let interval = first.checkInterval.map { "every \($0.inWords)" } ?? "once an invocation"
        return "watches \(first.dnsName) for \(first.groupNames) \(interval): \(first.policyWords)"
    }
}
