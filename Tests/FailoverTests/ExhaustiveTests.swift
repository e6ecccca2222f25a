import Failover
import Testing

/// Every combination of what can be seen, remembered and wanted: the rows and the invariants were written apart, and
/// agree.
@Suite("All combinations")
struct ExhaustiveTests {
    typealias Table = DecisionTableTests
    typealias Base = GuardRowTests

    static let actives: [ActiveRegion] = [
        Table.own, .region("us-east-1"), .ambiguous(["us-east-1", "us-west-2"]), .unknown(.noRecords),
    ]
    static let pauses: [PauseKnowledge] = [.none, .paused(Base.pause), .unknown("x")]
    static let lags: [LagKnowledge] = [.notAsked, .known(.seconds(5)), .known(.seconds(6)), .unknown("x")]

    static var groups: [GroupKnowledge] {
        var groups = [GroupKnowledge.unread]
        for role in [GlobalGroup.Role.primary, .secondary] {
            for status in ["available", "modifying"] {
                for memberStatus in ["associated", "associating"] {
                    let group = Table.group(role, status: status, memberStatus: memberStatus)
                    groups += [.cached(group), .fresh(group)]
                }
            }
        }
        return groups
    }

    /// Of the process before the check: one confirmation of two or none, a promotion a second ago or none, one under
    /// way, and an obstacle, since such a time.
    static var memories: [Memory] {
        var memories: [Memory] = []
        for confirmations in 0...1 {
            for promoted in [nil, 1] as [Int?] {
                for pursued in [nil, 10, 100, 1000] as [Int?] {
                    for obstructed in [nil, 100, 400] as [Int?] {
                        memories.append(
                            Base.memory(
                                confirmations: confirmations, promoted: promoted, pursued: pursued,
                                obstructed: obstructed))
                    }
                }
            }
        }
        return memories
    }

    static var policies: [Policy] {
        (0..<8).map { bits in
            Policy(
                confirmations: 2, holdDown: .seconds(300), dryRun: bits & 1 != 0, paused: bits & 2 != 0,
                maximumLag: .seconds(5), whenLagUnknown: bits & 4 != 0 ? .promote : .hold, detachAfter: .seconds(300))
        }
    }

    @Test("None makes the rows break an invariant, and each promotion and detachment is one that was reasoned out")
    func exhaustive() {
        var (promotions, dryRuns, detachments, broken) = (0, 0, 0, 0)
        let (policies, memories) = (Self.policies, Self.memories)
        for group in Self.groups {
            for active in Self.actives {
                for pause in Self.pauses {
                    for lag in Self.lags {
                        let observation = Base.seen(active, group, pause: pause, lag: lag)
                        for policy in policies {
                            for memory in memories {
                                let step = decide(observation, memory: memory, policy: policy, now: Table.now)
                                guard case .decided(let decision, let after) = step else { continue }
                                switch decision {
                                case .promote: promotions += 1
                                case .wouldPromote: dryRuns += 1
                                case .detach: detachments += 1
                                case .hold, .misconfigured: continue
                                }
                                let violated = violations(
                                    of: decision, observation: observation, memory: after, policy: policy,
                                    now: Table.now)
                                if !violated.isEmpty { broken += 1 }
                            }
                        }
                    }
                }
            }
        }
        #expect(broken == 0)
        // All three are of the own region, not paused, seen once before, and of a member that is secondary and
        // associated by a fresh read.
        // A lag that is small, or unknown where that is allowed; no promotion under way, or one that came to nothing
        // or takes too long; none a second ago; and an obstacle that is not there or young, or of any age in a dry run.
        let (lagsAndPolicies, pursuits) = (2 + 1, 3)
        // (One that came to nothing just now has not been refused: an obstacle of before it does not count.)
        #expect(promotions == lagsAndPolicies * (2 + 2 * 3))
        #expect(dryRuns == lagsAndPolicies * pursuits * 3)
        // An old obstacle and no promotion under way, in an available or modifying group; whatever the lag is, what is to
        // be done about it, and the last promotion.
        let refused = 2 * 4 * 2 * 2
        // Or one that was accepted for long, in a group that is still being changed, whatever the obstacle.
        let stalled = 4 * 2 * 3 * 2
        #expect(detachments == refused + stalled)
    }

    @Test("Whatever else is so: who waits for another group is not promoted, by no means, nor detached")
    func waiting() {
        var decided = 0
        for group in Self.groups {
            for memory in Self.memories {
                for policy in Self.policies {
                    for means in Decision.Means.allCases {
                        var observation = Base.seen(Table.own, group, lag: .known(.zero))
                        observation.predecessor = .awaited(groupID: "first")
                        var policy = policy
                        policy.means = means
                        guard
                            case .decided(let decision, _) = decide(
                                observation, memory: memory, policy: policy, now: Table.now)
                        else { continue }
                        decided += 1
                        switch decision {
                        case .hold, .misconfigured: break
                        case .promote, .wouldPromote, .detach: Issue.record("\(decision)")
                        }
                    }
                }
            }
        }
        #expect(decided > 1000)
    }
}
