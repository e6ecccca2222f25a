package import Failover
package import NameResolution

/// What the targets of the records resolve to, now and of late, and so which record a DNS answer is from.
///
/// A value: it asks nobody. Large load balancers answer each query with another few of their addresses,
/// so an address counts for a while after it was last seen.
package struct TargetAddresses: Sendable {
    /// How long an address counts for a target whose answers no longer have it. Load balancers take
    /// addresses out of DNS well before they give them up, and they give them up within their region.
    static let retention = Duration.seconds(3600)

    private struct Target: Sendable {
        var canonicalName: String
        var lastAnswered: ContinuousClock.Instant
        var lastSeen: [IPAddress: ContinuousClock.Instant]
    }

    /// Which of a target's addresses count.
    package enum Scope: Sendable {
        /// All that were seen within the retention.
        case recent
        /// Those of its last answer.
        case latest
    }

    private var targets: [String: Target] = [:]

    package init() {}

    package mutating func learn(_ name: String, _ answer: ResolvedName, now: ContinuousClock.Instant) {
        var seen = targets[name]?.lastSeen.filter { now - $0.value < Self.retention } ?? [:]
        for address in answer.addresses { seen[address] = now }
        targets[name] = Target(canonicalName: answer.canonicalName, lastAnswered: now, lastSeen: seen)
    }

    /// The active region that an answer for the watched name shows; nil where no record fits it.
    package func activeRegion(
        of answer: ResolvedName, among records: [FailoverRecord], _ scope: Scope = .recent,
        now: ContinuousClock.Instant
    ) -> ActiveRegion? {
        let matching = matches(of: answer, among: records, scope, now: now)
        // In the order of the records, each region once.
        var regions: [String] = []
        for record in matching {
            guard let region = record.region else {
                return .unknown(.regionNotReadable(record: record.label, target: record.target.description))
            }
            if !regions.contains(region) { regions.append(region) }
        }
        guard let region = regions.first else { return nil }
        return regions.count == 1 ? .region(region) : .ambiguous(regions.sorted())
    }

    /// The records that the answer can be from.
    package func matches(
        of answer: ResolvedName, among records: [FailoverRecord], _ scope: Scope = .recent,
        now: ContinuousClock.Instant
    ) -> [FailoverRecord] {
        // A CNAME shows in the answer's canonical name, which says more than addresses do.
        let named = records.filter { isNamed($0.target, in: answer, now: now) }
        return named.isEmpty ? records.filter { hasAddress($0.target, of: answer, scope, now: now) } : named
    }

    private func isNamed(_ target: FailoverRecord.Target, in answer: ResolvedName, now: ContinuousClock.Instant) -> Bool
    {
        guard case .name(let name) = target else { return false }
        if name == answer.canonicalName { return true }
        guard let target = targets[name], now - target.lastAnswered < Self.retention else { return false }
        return target.canonicalName == answer.canonicalName
    }

    private func hasAddress(
        _ target: FailoverRecord.Target, of answer: ResolvedName, _ scope: Scope, now: ContinuousClock.Instant
    ) -> Bool {
        switch target {
        case .addresses(let addresses): return answer.addresses.contains { addresses.contains($0) }
        case .name(let name):
            guard let target = targets[name] else { return false }
            return answer.addresses.contains { address in
                guard let seen = target.lastSeen[address] else { return false }
                return scope == .latest ? seen == target.lastAnswered : now - seen < Self.retention
            }
        }
    }
}
