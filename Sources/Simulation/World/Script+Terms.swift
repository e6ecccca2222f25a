// What follows from a script for those who judge its world.

extension Script {
    package var terms: Judge.Terms {
        var terms = Judge.Terms()
        terms.confirmations = confirmations
        terms.holdDown = .seconds(holdDown)
        terms.cacheMaxAge = cacheMaxAge > 0 ? .seconds(cacheMaxAge) : nil
        terms.isDryRun = dryRun
        terms.detachAfter = detachAfter.map { .seconds($0) }
        terms.maximumLag = maximumLag.map { .seconds($0) }
        if kinds.count > 1, promoteOrder != "together" {
            terms.first = Self.groupID(promoteOrder == "cluster-first" ? .cluster : .datastore)
        }
        terms.readsPause = true
        terms.isTroubled = incidents.contains { $0.kind.movesDNS || $0.kind.isPromotionByHand }
        terms.oldestRead = oldestRead
        // It is read every minute where checks go on, and at the begin of each invocation.
        terms.pauseNotice = disturbsParameters ? nil : .seconds(60) + terms.longestCheck + longestFreeze
        terms.excusesLateness = { [self] region, time in freezes(region, around: time) }
        return terms
    }

    /// When all that goes wrong is over, but for what stays so.
    var end: Duration { incidents.map { $0.begins + ($0.isForEver ? .zero : $0.lasts) }.max() ?? .seconds(120) }

    /// By when, after that, all has to have come right: what the product needs at the longest.
    package var bound: Duration {
        // DNS moves, all resolvers hear of it, and the groups are read anew where they were cached.
        healthDelay + ttl + .seconds(cacheMaxAge)
            // The next invocation is the one after the next where one was lost, and knows whether it is paused.
            + .seconds(2 * 60) + .seconds(95)
            // What was under way comes to its end, is seen to have come to nothing, and is not promoted again too soon.
            + longestOperation + .seconds(60) + .seconds(holdDown)
            // Each group is promoted, the second perhaps after the first.
            + (longestOperation + .seconds(interval ?? 60) * confirmations + .seconds(90)) * kinds.count
            // The last invocation that began before has answered, and one that began after it.
            + .seconds(2 * 60)
    }

    private var longestOperation: Duration {
        incidents.contains { $0.kind == .slowFailovers } ? World.slowOperation.upperBound : World.operation.upperBound
    }

    /// Of what is told of groups.
    private var oldestRead: Duration {
        incidents.map { if case .staleReads(_, let age) = $0.kind { age } else { .zero } }.max() ?? .zero
    }

    private var longestFreeze: Duration {
        incidents.map { if case .freeze = $0.kind { $0.lasts } else { .zero } }.max() ?? .zero
    }

    /// Then who is paused cannot know it.
    private var disturbsParameters: Bool {
        incidents.contains { incident in
            switch incident.kind {
            case .passage(_, let service, _, _): service == nil || service == "ssm"
            case .refusal(let service, _, _): service == "ssm"
            case .wallClock: true
            default: false
            }
        }
    }

    var isChangedByHand: Bool { incidents.contains { $0.kind.isPromotionByHand } }

    private func freezes(_ region: String, around time: Duration) -> Bool {
        incidents.contains { incident in
            incident.kind == .freeze(region: region) && incident.begins <= time
                && time <= incident.begins + incident.lasts + .seconds(timeout)
        }
    }
}

extension Incident.Kind {
    var movesDNS: Bool {
        switch self {
        case .outage, .flapping: true
        default: false
        }
    }

    var isPromotionByHand: Bool { if case .promotedByHand = self { true } else { false } }
}
