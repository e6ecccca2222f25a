import Failover
import Functions
import JSON
import NameResolution
import Promotion

/// All that can be seen from where the command runs.
struct Overview {
    let assembly: PromoterAssembly
    /// As the user has set it.
    let policy: Policy
    let records: [FailoverRecord]
    let answer: ResolvedName?
    let active: ActiveRegion
    let group: GlobalGroup
    let check: CheckResult

    init(of assembly: PromoterAssembly, policy: Policy, deadline: ContinuousClock.Instant) async throws {
        self.assembly = assembly
        self.policy = policy
        // At the same time, as the function does it at its start.
        async let groupNow = assembly.service.group(deadline: deadline)
        try await assembly.finder.warmUp(deadline: deadline)
        active = try await assembly.finder.find(deadline: deadline)
        answer = await assembly.finder.lastAnswer
        records = await assembly.finder.records ?? []
        group = try await groupNow
        check = try await assembly.promoter.check(deadline: deadline)
    }

    private var activeRegion: String? {
        if case .region(let region) = active { region } else { nil }
    }

    /// A check says "would promote" of a dry run; the user asked what a real one would do.
    private var verdict: String {
        if case .wouldPromote(let promotion) = check.decision {
            return "would promote \(promotion.memberID) in \(promotion.region)"
        }
        return check.sentence
    }

    var text: String {
        var facts = [
            ["Record", "\(check.identity.dnsName) in zone \(assembly.configuration.hostedZoneID)"],
            ["DNS answers", answer.map { $0.addresses.map(\.description).joined(separator: ", ") } ?? "nothing"],
            ["Active region", activeRegion ?? "not known"],
            ["This region", check.identity.ownRegion],
            ["Policy", policy.words],
            ["A check now", verdict],
        ]
        if let problem = misconfiguration(of: group, in: check.identity.ownRegion) {
            facts.append(["Problem", problem.words])
        }
        if activeRegion == nil, case .unknown(let why) = active {
            facts[2][1] += ": \(why.words(check.identity.dnsName))"
        } else if case .ambiguous(let regions) = active {
            facts[2][1] += ": the answer fits \(regions.joined(separator: " and "))"
        }
        let recordRows = records.map { record in
            [
                record.label, record.failover ?? "-", record.region ?? "?", record.target.description,
                activeRegion != nil && record.region == activeRegion ? "<- active" : "",
            ]
        }
        let memberRows = group.members.map { member in
            [
                member.id, member.region, member.role.word, member.status,
                member.region == check.identity.ownRegion ? "<- this region" : "",
            ]
        }
        return [
            Terminal.table(facts),
            records.isEmpty
                ? "No record of this name in the zone"
                : Terminal.table([["RECORD", "FAILOVER", "REGION", "TARGET", ""]] + recordRows),
            "Global Datastore \(group.id) is \(group.status)",
            Terminal.table([["MEMBER", "REGION", "ROLE", "STATUS", ""]] + memberRows),
        ].joined(separator: "\n\n")
    }

    var json: JSONValue {
        let recordValues = records.map { record -> JSONValue in
            [
                "setIdentifier": .string(record.label), "failover": record.failover.map { .string($0) } ?? nil,
                "region": record.region.map { .string($0) } ?? nil, "target": .string(record.target.description),
            ]
        }
        return [
            "dnsName": .string(check.identity.dnsName),
            "hostedZoneId": .string(assembly.configuration.hostedZoneID),
            "answer": .array(answer?.addresses.map { .string($0.description) } ?? []),
            "activeRegion": activeRegion.map { .string($0) } ?? nil,
            "region": .string(check.identity.ownRegion),
            "records": .array(recordValues),
            "globalDatastore": group.json,
            "check": check.json,
        ]
    }
}
