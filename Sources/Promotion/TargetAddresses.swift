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
        var lastSeen: [IPAddress: ContinuousClock.Instant]
    }

    private var targets: [String: Target] = [:]

    package init() {}

    package mutating func learn(_ name: String, _ answer: ResolvedName, now: ContinuousClock.Instant) {
        var target = targets[name] ?? Target(canonicalName: answer.canonicalName, lastSeen: [:])
        target.canonicalName = answer.canonicalName
        target.lastSeen = target.lastSeen.filter { now - $0.value < Self.retention }
        for address in answer.addresses { target.lastSeen[address] = now }
        targets[name] = target
    }

    /// The active region that an answer for the watched name shows; nil where no record fits it.
    package func activeRegion(of answer: ResolvedName, among records: [FailoverRecord]) -> ActiveRegion? {
        // A CNAME shows in the answer's canonical name, which says more than addresses do.
        let named = records.filter { isNamed($0.target, in: answer) }
        let matching = named.isEmpty ? records.filter { hasAddress($0.target, of: answer) } : named

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

    private func isNamed(_ target: FailoverRecord.Target, in answer: ResolvedName) -> Bool {
        guard case .name(let name) = target else { return false }
        return name == answer.canonicalName || targets[name]?.canonicalName == answer.canonicalName
    }

    private func hasAddress(_ target: FailoverRecord.Target, of answer: ResolvedName) -> Bool {
        switch target {
        case .addresses(let addresses): return answer.addresses.contains { addresses.contains($0) }
        case .name(let name):
            guard let seen = targets[name]?.lastSeen else { return false }
            return answer.addresses.contains { seen[$0] != nil }
        }
    }
}
