internal import AWSClient
internal import NameResolution

/// Reads all records of a name, following aliases to other records of the same zone.
package struct RecordSetReader: Sendable {
    private let service: any RecordService
    private let hostedZoneID: String
    private let name: String
    private let regions: [String: String]

    /// Aliases within a zone can be chained. Route 53 sets no limit; nobody needs as many as this.
    private static let maximumDepth = 8

    /// - Parameter regions: `RECORD_REGIONS`: set identifier → region, where a target's name says none.
    package init(service: any RecordService, hostedZoneID: String, name: String, regions: [String: String] = [:]) {
        self.service = service
        self.hostedZoneID = hostedZoneID
        self.name = normalizedHostName(name)
        self.regions = regions
    }

    /// - Returns: in Route 53's order; empty where the name has no address or CNAME record.
    package func records(deadline: ContinuousClock.Instant) async throws -> [FailoverRecord] {
        var records: [FailoverRecord] = []
        // An A and an AAAA record of one target count as one.
        for record in try await leaves(of: name, label: nil, region: nil, failover: nil, depth: 0, deadline: deadline)
        where !records.contains(record) {
            records.append(record)
        }
        return records
    }

    private func leaves(
        of name: String, label outerLabel: String?, region outerRegion: String?, failover outerFailover: String?,
        depth: Int, deadline: ContinuousClock.Instant
    ) async throws -> [FailoverRecord] {
        guard depth < Self.maximumDepth else {
            throw PromotionError(
                code: .aliasLoop,
                reason: "the aliases of \(self.name) in zone \(hostedZoneID) lead through more than"
                    + " \(Self.maximumDepth) records: do they go round in a circle?")
        }
        var found: [FailoverRecord] = []
        for set in try await service.recordSets(named: name, deadline: deadline) {
            guard ["A", "AAAA", "CNAME"].contains(set.type) else { continue }
            let label = outerLabel ?? set.setIdentifier ?? name
            let failover = outerFailover ?? set.failover?.rawValue
            let ownRegion = set.setIdentifier.flatMap(region(ofSetIdentifier:)) ?? set.region
            if let alias = set.alias, normalizedZoneID(alias.hostedZoneID) == hostedZoneID {
                found += try await leaves(
                    of: normalizedHostName(alias.dnsName), label: label, region: ownRegion ?? outerRegion,
                    failover: failover, depth: depth + 1, deadline: deadline)
            } else if let target = Self.target(of: set) {
                var region = ownRegion ?? outerRegion
                if case .name(let host) = target, let named = NameResolution.region(ofHost: host) { region = named }
                found.append(FailoverRecord(label: label, failover: failover, target: target, region: region))
            }
        }
        return found
    }

    private static func target(of set: ResourceRecordSet) -> FailoverRecord.Target? {
        if let alias = set.alias { return .name(normalizedHostName(alias.dnsName)) }
        if set.type == "CNAME" { return set.values.first.map { .name(normalizedHostName($0)) } }
        let addresses = set.values.compactMap { IPAddress($0) }.sorted()
        return addresses.isEmpty ? nil : .addresses(addresses)
    }

    private func region(ofSetIdentifier identifier: String) -> String? {
        regions[identifier] ?? (isRegionName(identifier) ? identifier : nil)
    }
}

/// A hosted zone's id as users and AWS write it, without the `/hostedzone/` in front.
package func normalizedZoneID(_ id: String) -> String {
    let prefix = "/hostedzone/"
    return id.hasPrefix(prefix) ? String(id.dropFirst(prefix.count)) : id
}
