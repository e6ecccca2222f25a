internal import AWSClient
package import Failover
package import JSON
package import NameResolution

/// All that can be seen of a watch from where this runs, and what a check would make of it.
package struct Overview: Sendable {
    package var identity: Promoter.Identity
    package var policy: Policy
    package var records: [FailoverRecord]
    /// nil where DNS does not answer.
    package var answer: ResolvedName?
    /// With the group as it is now; what could not be read says so.
    package var observation: Observation
    package var decision: Decision
    /// Why the group could not be read.
    package var groupFailure: String?
    /// Why the records could not be: their service may be what is down.
    package var recordFailure: String?

    package var group: GlobalGroup? { observation.group.group }

    package var activeRegion: String? {
        if case .region(let region) = observation.active { region } else { nil }
    }

    /// What a check would do now, if it is not the first to see it.
    package var verdict: String {
        if let recordFailure { return "the records could not be read: \(recordFailure)" }
        if let groupFailure { return "the \(identity.kind.noun) could not be read: \(groupFailure)" }
        return decision.foreseenWords(policy, identity)
    }
}

extension Decision {
    /// What a check comes to that is not the first to see this, by the rows of every check.
    package static func foreseen(
        _ observation: Observation, policy: Policy, now: ContinuousClock.Instant
    ) -> Decision {
        let step = decide(observation, memory: Memory(confirmations: policy.confirmations), policy: policy, now: now)
        if case .decided(let decision, _) = step { return decision }
        // All that can be needed was asked for, but the group is not to be read.
        return .hold(.groupStatus("unknown"))
    }

    /// What the check would do, in words.
    package func foreseenWords(_ policy: Policy, _ identity: Promoter.Identity) -> String {
        switch self {
        case .promote(let promotion), .wouldPromote(let promotion):
            let checks = policy.confirmations > 1 ? ", when \(policy.confirmations) checks in a row have seen it" : ""
            let dryRun = policy.dryRun ? ", but for the dry run" : ""
            return "would promote \(promotion.memberName) in \(promotion.region)\(checks)\(dryRun)"
        case .hold(let hold): return hold.words(identity)
        case .misconfigured(let why):
            let words = why.words(identity.kind)
            if case .noLocalMember = why { return "\(words). \(identity.kind.mayBeDetached)" }
            return words
        case .detach(let promotion): return "would detach \(promotion.memberName) from \(promotion.groupID)"
        }
    }

    /// - Returns: a sentence; nil where the failure has nothing to do with a member that may be missing.
    package static func detachmentHint(for error: any Error, _ kind: GlobalGroup.Kind) -> String? {
        switch error {
        case let error as AWSError where error.code == .notFound:
            "AWS shows a \(kind.noun) only in the regions of its members. \(kind.mayBeDetached)"
        case let error as PromotionError where error.code == .misconfigured: kind.mayBeDetached
        default: nil
        }
    }
}

extension Promoter {
    /// Asks everybody, and changes nothing.
    ///
    /// What cannot be read is part of it.
    package func overview(deadline: ContinuousClock.Instant) async -> Overview {
        // At the same time, as at the start of the function.
        async let groupRead = groupNow(deadline: deadline)
        var active = ActiveRegion.notAsked
        var recordFailure: String?
        do {
            // What an earlier look has read of the zone may have been edited since.
            try await finder.warmUp(deadline: deadline)
            active = try await finder.find(deadline: deadline)
        } catch { recordFailure = "\(error)" }
        var observation = Observation(
            ownRegion: identity.ownRegion, pause: await guards.pause?.knowledge ?? .none, active: active)
        var groupFailure: String?
        switch await groupRead {
        case .success(let group): observation.group = .fresh(group)
        case .failure(let error):
            groupFailure = "\(error)" + (Decision.detachmentHint(for: error, identity.kind).map { " \($0)" } ?? "")
        }
        if policy.maximumLag != nil, let group = observation.group.group {
            observation.lag = await lag(group, deadline: deadline)
        }
        var decision = verdict(on: observation)
        if case .misconfigured(.noLocalMember) = decision {
            _ = await learnOfDetachment(&observation, deadline: deadline)
            decision = verdict(on: observation)
        }
        _ = calls.take()
        return Overview(
            identity: identity, policy: policy, records: await finder.records ?? [], answer: await finder.lastAnswer,
            observation: observation, decision: decision, groupFailure: groupFailure, recordFailure: recordFailure)
    }

    private func groupNow(deadline: ContinuousClock.Instant) async -> Result<GlobalGroup, any Error> {
        do { return .success(try await readGroup(deadline: deadline)) } catch { return .failure(error) }
    }

    private func verdict(on observation: Observation) -> Decision {
        Decision.foreseen(observation, policy: policy, now: timing.now())
    }
}

extension Overview {
    /// The same, of a group whose turn comes after that of another one.
    ///
    /// - Parameters:
    ///   - first: of the group that comes first by `PROMOTE_ORDER`.
    ///   - now: by the clock of the promoters.
    package func following(_ first: Overview, now: ContinuousClock.Instant) -> Overview {
        let isInPlace = PromotionTurn.isInPlace(first.decision, first.group)
        var overview = self
        overview.observation.predecessor = isInPlace ? .inPlace : .awaited(groupID: first.identity.groupID)
        // What could not be read is no decision.
        if groupFailure == nil, recordFailure == nil {
            overview.decision = Decision.foreseen(overview.observation, policy: policy, now: now)
        }
        return overview
    }
}

extension Overview {
    package var json: JSONValue {
        let recordValues = records.map { record -> JSONValue in
            [
                "setIdentifier": .string(record.label), "failover": record.failover.map { .string($0) } ?? nil,
                "region": record.region.map { .string($0) } ?? nil, "target": .string(record.target.description),
            ]
        }
        var members: [JSONValue.Member] = [
            .init("watch", .string(identity.watch)),
            .init("dnsName", .string(identity.dnsName)),
            .init("answer", .array(answer?.addresses.map { .string($0.description) } ?? [])),
            .init("activeRegion", activeRegion.map { .string($0) } ?? nil),
            .init("region", .string(identity.ownRegion)),
            .init("records", .array(recordValues)),
            .init(identity.kind.idKey, .string(identity.groupID)),
            .init(identity.kind.key, group?.json ?? nil),
            .init(
                "check",
                [
                    "decision": .string(decision.kind), "reason": .string(decision.reason),
                    "message": .string(verdict),
                ]),
        ]
        switch observation.lag {
        case .notAsked: break
        case .known(let lag): members.append(.init("lagSeconds", .real(lag.milliseconds / 1000)))
        case .unknown: members.append(.init("lagSeconds", nil))
        }
        if let failure = recordFailure ?? groupFailure { members.append(.init("error", .string(failure))) }
        return .object(members)
    }
}
