package import Failover
package import JSON
internal import NameResolution

extension CheckResult {
    /// The answer of an invocation. Members are added in later versions, never renamed.
    package var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("decision", .string(decision.kind)),
            .init("reason", .string(decision.reason)),
            .init("message", .string(sentence)),
            .init("detail", decision.detail(identity.kind)),
        ]
        members += describe(identity, observation, calls, duration)
        if !events.isEmpty { members.append(.init("events", .array(events.map(\.json)))) }
        if let answer {
            members.append(.init("answer", .array(answer.addresses.map { .string($0.description) })))
        }
        return .object(members)
    }
}

extension CheckFailure {
    /// The same facts for a check that failed, as far as it got.
    package var json: JSONValue {
        let members: [JSONValue.Member] = [
            .init("decision", "error"),
            .init("reason", .string(errorType)),
            .init("message", .string(description)),
        ]
        let told: [JSONValue.Member] = events.isEmpty ? [] : [.init("events", .array(events.map(\.json)))]
        return .object(members + describe(identity, observation, calls, duration) + told)
    }
}

private func describe(
    _ identity: Promoter.Identity, _ observation: Observation, _ calls: [CallLog.Call], _ duration: Duration
) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
        .init("watch", .string(identity.watch)),
        .init("dnsName", .string(identity.dnsName)),
        .init(identity.kind.idKey, .string(identity.groupID)),
        .init("region", .string(identity.ownRegion)),
        .init("activeRegion", observation.active.json),
    ]
    if let group = observation.group.group {
        members.append(.init("status", .string(group.status)))
        members.append(.init("members", .array(group.members.map(\.json))))
    }
    members.append(
        .init(
            "calls",
            .array(
                calls.map { call in
                    [
                        "name": .string(call.name), "attempts": .integer(Int64(call.attempts)),
                        "durationMs": .real(call.duration.milliseconds),
                    ]
                })))
    members.append(.init("durationMs", .real(duration.milliseconds)))
    return members
}

extension ActiveRegion {
    fileprivate var json: JSONValue {
        if case .region(let region) = self { .string(region) } else { .null }
    }
}

extension GlobalGroup {
    package var json: JSONValue {
        ["id": .string(id), "status": .string(status), "members": .array(members.map(\.json))]
    }
}

extension GlobalGroup.Member {
    fileprivate var json: JSONValue {
        ["id": .string(id), "region": .string(region), "role": .string(role.word), "status": .string(status)]
    }
}

extension GlobalGroup.Role {
    /// As AWS spells it.
    package var word: String {
        switch self {
        case .primary: "PRIMARY"
        case .secondary: "SECONDARY"
        case .other(let word): word
        }
    }
}

extension Decision {
    /// The reason's own facts.
    fileprivate func detail(_ kind: GlobalGroup.Kind) -> JSONValue {
        switch self {
        case .promote(let promotion), .wouldPromote(let promotion):
            kind.detail(of: promotion, detaches: promotion.means == .detachment)
        case .detach(let promotion): kind.detail(of: promotion, detaches: true)
        case .hold(.promotionUnderWay(let elapsed)): ["elapsedSeconds": .real(elapsed.milliseconds / 1000)]
        case .hold(.lagging(let lag, let maximum)):
            ["lagSeconds": .real(lag.milliseconds / 1000), "maximumSeconds": .real(maximum.milliseconds / 1000)]
        case .hold(.lagUnknown(let why)), .hold(.pauseUnknown(let why)): ["why": .string(why)]
        case .hold(.pausedByOperator(let pause)):
            [
                "by": pause.by.map { .string($0) } ?? nil, "reason": pause.reason.map { .string($0) } ?? nil,
                "since": pause.since.map { .string($0) } ?? nil,
            ]
        case .hold(.detached(let member)):
            .object([.init(kind.memberKey, member.map { .string($0) } ?? nil)])
        case .hold(.waitsFor(let group)): ["group": .string(group)]
        case .hold(.confirming(let seen, let needed)):
            ["seen": .integer(Int64(seen)), "needed": .integer(Int64(needed))]
        case .hold(.holdingDown(let remaining)): ["remainingSeconds": .real(remaining.milliseconds / 1000)]
        case .hold(.groupStatus(let status)), .hold(.memberStatus(let status)): ["status": .string(status)]
        case .hold(.unknownRole(let role)): ["role": .string(role)]
        case .hold(.ambiguous(let regions)): ["regions": .array(regions.map { .string($0) })]
        case .hold(.unknown(.noRecordMatches(let answer))): ["answer": .array(answer.map { .string($0) })]
        case .hold(.unknown(.routingByClient(let policy))): ["policy": .string(policy)]
        case .hold(.unknown(.regionNotReadable(let record, let target))):
            ["record": .string(record), "target": .string(target)]
        default: [:]
        }
    }
}

extension Duration {
    /// With microseconds as decimals.
    package var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1000 + Double(attoseconds / 1_000_000_000_000) / 1000
    }
}
