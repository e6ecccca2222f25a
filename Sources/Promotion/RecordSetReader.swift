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
        self.hostedZoneID = normalizedZoneID(hostedZoneID)
        self.name = normalizedHostName(name)
        self.regions = regions
    }

    /// - Returns: the records in Route 53's order; none where the name has no address or CNAME record.
    package func read(deadline: ContinuousClock.Instant) async throws -> RecordSet {
        var known: [String: [ResourceRecordSet]] = [:]
        let leaves = try await leaves(of: name, from: Alias(), known: &known, deadline: deadline)
        // An A and an AAAA record of one target count as one.
        var records: [FailoverRecord] = []
        for leaf in leaves where !records.contains(leaf.record) { records.append(leaf.record) }
        return RecordSet(records: records, routingByClient: Self.routingByClient(leaves))
    }

    private struct Leaf {
        var record: FailoverRecord
        var routing: Routing
    }

    private enum Routing {
        /// The same answer for everybody, until health or an operator changes it.
        case steady
        case weighted(Int)
        case byClient(String)

        init(_ set: ResourceRecordSet) {
            if let weight = set.weight {
                self = .weighted(weight)
            } else if set.region != nil {
                self = .byClient("latency")
            } else if set.setIdentifier != nil, set.failover == nil {
                self = .byClient("geolocation or multivalue answer")
            } else {
                self = .steady
            }
        }
    }

    /// The routing policy that sends clients to several regions at the same time; nil where none does.
    private static func routingByClient(_ leaves: [Leaf]) -> String? {
        var weighted: Set<String> = []
        var others: Set<String> = []
        var policy: String?
        for leaf in leaves {
            let place = leaf.record.region ?? leaf.record.target.description
            switch leaf.routing {
            case .steady: break
            case .weighted(let weight): if weight > 0 { weighted.insert(place) }
            case .byClient(let name):
                others.insert(place)
                policy = policy ?? name
            }
        }
        return others.count > 1 ? policy : weighted.count > 1 ? "weighted" : nil
    }

    /// What the records behind an alias have from it.
    private struct Alias {
        var label: String?
        var region: String?
        var failover: String?
        /// An alias stands for records of its own type only; nil for the watched name itself.
        var type: String?
        var routing = Routing.steady
        var depth = 0
    }

    /// - Parameter known: what was read already. Several aliases to one name are usual (A and AAAA), and
    ///   Route 53 allows five requests a second for the whole account.
    private func leaves(
        of name: String, from alias: Alias, known: inout [String: [ResourceRecordSet]],
        deadline: ContinuousClock.Instant
    ) async throws -> [Leaf] {
        guard alias.depth < Self.maximumDepth else {
            throw PromotionError(
                code: .aliasLoop,
                reason: "the aliases of \(self.name) in zone \(hostedZoneID) lead through more than"
                    + " \(Self.maximumDepth) records: do they go round in a circle?")
        }
        let sets: [ResourceRecordSet]
        if let read = known[name] {
            sets = read
        } else {
            sets = try await service.recordSets(named: name, deadline: deadline)
            known[name] = sets
        }

        var found: [Leaf] = []
        for set in sets where ["A", "AAAA", "CNAME"].contains(set.type) && (alias.type ?? set.type) == set.type {
            var routing = Routing(set)
            if case .byClient = alias.routing { routing = alias.routing }
            if case .steady = routing { routing = alias.routing }
            let inherited = Alias(
                label: alias.label ?? set.setIdentifier,
                region: set.setIdentifier.flatMap(region(ofSetIdentifier:)) ?? set.region ?? alias.region,
                failover: alias.failover ?? set.failover?.rawValue, type: set.type, routing: routing,
                depth: alias.depth + 1)
            if let next = set.alias, normalizedZoneID(next.hostedZoneID) == hostedZoneID {
                found += try await leaves(
                    of: normalizedHostName(next.dnsName), from: inherited, known: &known, deadline: deadline)
            } else if let target = Self.target(of: set) {
                var region = inherited.region
                if case .name(let host) = target, let named = NameResolution.region(ofHost: host) { region = named }
                let record = FailoverRecord(
                    label: inherited.label ?? self.name, failover: inherited.failover, target: target, region: region)
                found.append(Leaf(record: record, routing: routing))
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
