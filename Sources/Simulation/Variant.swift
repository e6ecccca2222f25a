internal import Failover
internal import Promotion

/// A promoter with one thing wrong. Each has to be noticed by the judge: what he would not notice he does not guard.
package struct Variant: Sendable {
    package let name: String
    /// One of these is broken by it.
    package let breaks: Set<Promise>
    let flaw: Flaw?
    private let change: @Sendable (_ given: inout Given) -> Void
    private let after: @Sendable (_ given: Given, _ step: Step) -> Step

    /// What is wrong around the decision.
    enum Flaw: Sendable {
        /// Of a change whose answer was lost.
        case repeatsRequests
        /// For an answer of AWS.
        case waitsForEver
        /// Of name servers.
        case remembersAnswers
    }

    /// What the decision is given, to be falsified.
    struct Given {
        var observation: Observation
        var memory: Memory
        var policy: Policy
        var now: ContinuousClock.Instant
        let recollection: Recollection
    }

    /// What a process has ever read of its groups, by their ids.
    final class Recollection: @unchecked Sendable {
        var groups: [String: GlobalGroup] = [:]
    }

    /// - Parameter after: what becomes of the right step.
    init(
        _ name: String, breaks: Promise..., flaw: Flaw? = nil,
        change: @escaping @Sendable (inout Given) -> Void = { _ in },
        after: @escaping @Sendable (_ given: Given, _ step: Step) -> Step = { $1 }
    ) {
        self.name = name
        self.breaks = Set(breaks)
        self.flaw = flaw
        self.change = change
        self.after = after
    }

    /// Of one process. The invariants that watch over the decision in the product are off: the judge has to see it by himself.
    func rules() -> Promoter.Rules {
        let recollection = Recollection()
        let decide: Promoter.Rules.Decide = { [change, after] observation, memory, policy, now in
            var given = Given(
                observation: observation, memory: memory, policy: policy, now: now, recollection: recollection)
            change(&given)
            return after(
                given, Failover.decide(given.observation, memory: given.memory, policy: given.policy, now: now))
        }
        return Promoter.Rules(decide: decide) { _, _, _, _, _ in [] }
    }
}

extension Variant {
    package static let all: [Variant] = guards + rows + memories + surroundings

    /// One guard is missing.
    private static let guards = [
        Variant("a pause is not heeded", breaks: .notWhilePaused) {
            if case .paused = $0.observation.pause { $0.observation.pause = .none }
        },
        Variant("a dry run is a real one", breaks: .notInDryRun) { $0.policy.dryRun = false },
        Variant("one confirmation is enough", breaks: .onlyWhereDNSSaysSo) { $0.policy.confirmations = 1 },
        Variant("there is no hold-down", breaks: .notInHoldDown) { $0.policy.holdDown = .zero },
        Variant("what was read before is good enough", breaks: .onlyWhatWasReadAnew) {
            if case .cached(let group) = $0.observation.group { $0.observation.group = .fresh(group) }
        },
        Variant("the status of the group does not count", breaks: .notWhatIsUnderWay) {
            $0.policy.promoteInStatus.append("modifying")
        },
        Variant("the status of the member does not count", breaks: .notWhatIsApart) {
            $0.falsifyMembers { $0.status = "associated" }
        },
        Variant("any lag will do", breaks: .notWhatLags) { $0.policy.maximumLag = nil },
        Variant("what is under way is not waited for", breaks: .notWhatIsUnderWay, .noStorm, .onlyWhatWasReadAnew) {
            $0.memory.pursuit = nil
            $0.memory.overtakenPromotion = nil
            $0.policy.promoteInStatus += ["modifying", "failing-over"]
        },
        Variant("the second group does not wait for the first", breaks: .inItsOrder) {
            $0.observation.predecessor = .none
        },
        Variant("a member is detached after a minute", breaks: .noDetachmentUnasked) {
            if $0.policy.detachAfter != nil { $0.policy.detachAfter = .seconds(60) }
        },
        Variant("a member is detached though nobody wants it", breaks: .noDetachmentUnasked) {
            $0.policy.detachAfter = .seconds(60)
        },
        Variant("who does not know whether it is paused goes on", breaks: .notWhilePaused) {
            if case .unknown = $0.observation.pause { $0.observation.pause = .none }
        },
    ]

    /// A row is wrong, or stands where it must not.
    private static let rows = [
        Variant("who knows nothing promotes", breaks: .onlyWhereDNSSaysSo, .notWhereNothingIsWrong) {
            if case .unknown = $0.observation.active { $0.observation.active = .region($0.observation.ownRegion) }
        },
        Variant("one of several regions is active", breaks: .onlyWhereDNSSaysSo, .notWhereNothingIsWrong) {
            guard case .ambiguous(let regions) = $0.observation.active, regions.contains($0.observation.ownRegion)
            else {
                return
            }
            $0.observation.active = .region($0.observation.ownRegion)
        },
        Variant("every region is active", breaks: .onlyWhereDNSSaysSo) {
            if case .region = $0.observation.active { $0.observation.active = .region($0.observation.ownRegion) }
        },
        Variant("the primary is promoted, too", breaks: .notWhatIsInPlace, .notWhereNothingIsWrong) {
            $0.falsifyMembers { $0.role = .secondary }
        },
        Variant(
            "another region's member is promoted", breaks: .onlyTheOwnMember,
            after: { given, step in
                guard case .decided(.promote(var promotion), let memory) = step,
                    let other = given.observation.group.group?.members.first(where: { $0.id != promotion.memberID })
                else { return step }
                promotion.memberID = other.id
                return .decided(.promote(promotion), memory)
            }),
        Variant(
            "nothing is ever promoted", breaks: .comesRight,
            after: { _, step in
                guard case .decided(.promote, let memory) = step else { return step }
                return .decided(.hold(.changeUnderWay), memory)
            }),
        Variant(
            "the group is read by each check", breaks: .quietWhereNothingChanges,
            after: { given, step in
                guard case .decided(.hold(.inPlace), _) = step, case .cached = given.observation.group else {
                    return step
                }
                return .need(.freshGroup)
            }),
        Variant(
            "who stands by reads the group", breaks: .quietWhereNothingChanges,
            after: { given, step in
                guard case .decided(.hold(.standby), _) = step, case .unread = given.observation.group else {
                    return step
                }
                return .need(.group)
            }),
    ]

    /// What a check leaves to the next one is wrong.
    private static let memories = [
        Variant(
            "what interrupts a row of confirmations does not end it", breaks: .onlyWhereDNSSaysSo,
            after: { given, step in
                guard case .decided(.hold(let hold), var memory) = step else { return step }
                switch hold {
                case .unknown, .ambiguous, .standby: memory.confirmations = given.memory.confirmations
                default: break
                }
                return .decided(.hold(hold), memory)
            }),
        Variant(
            "a promotion that came to nothing is waited for without end", breaks: .comesRight,
            after: { given, step in
                guard let pursuit = given.memory.pursuit, case .decided(.promote, var memory) = step else {
                    return step
                }
                memory.pursuit = pursuit
                return .decided(.hold(.promotionUnderWay(elapsed: .zero)), memory)
            }),
        Variant(
            "a promotion that came to nothing is the last", breaks: .comesRight,
            after: { given, step in
                guard given.memory.lastPromotion != nil, case .decided(.promote, let memory) = step else { return step }
                return .decided(.hold(.holdingDown(remaining: .zero)), memory)
            }),
        Variant("what was once read of a group is never forgotten", breaks: .comesRight, .agrees, .notWhatIsInPlace) {
            $0.recallMembers()
        },
    ]

    /// The shell is wrong.
    private static let surroundings = [
        Variant("a change whose answer was lost is sent again", breaks: .onlyWhatWasReadAnew, flaw: .repeatsRequests),
        Variant("AWS is waited for without end", breaks: .answersInTime, flaw: .waitsForEver),
        Variant("DNS is asked once", breaks: .comesRight, .onlyWhereDNSSaysSo, flaw: .remembersAnswers),
    ]
}

extension Variant.Given {
    /// - Parameter change: of each member of the group, as far as it is known.
    mutating func falsifyMembers(_ change: (inout GlobalGroup.Member) -> Void) {
        func falsified(_ group: GlobalGroup) -> GlobalGroup {
            var group = group
            for index in group.members.indices { change(&group.members[index]) }
            return group
        }
        switch observation.group {
        case .unread: break
        case .cached(let group): observation.group = .cached(falsified(group))
        case .fresh(let group): observation.group = .fresh(falsified(group))
        }
    }

    mutating func recallMembers() {
        guard let group = observation.group.group else { return }
        let recalled = recollection.groups[group.id, default: group]
        recollection.groups[group.id] = recalled
        if case .cached = observation.group {
            observation.group = .cached(recalled)
        } else {
            observation.group = .fresh(recalled)
        }
    }
}
