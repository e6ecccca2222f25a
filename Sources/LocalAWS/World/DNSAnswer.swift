/// What a resolver would say to one name now.
package struct DNSAnswer: Sendable, Equatable {
    package var name: DNSName
    package var addresses: [String]
    /// The record sets that the answer was made of.
    package var setIdentifiers: [String]
    /// The regions of their targets.
    package var regions: Set<String>
    /// For a CNAME, the name it leads to: a resolver shows it. An alias stays invisible.
    package var canonicalName: DNSName?

    package var region: String? { regions.count == 1 ? regions.first : nil }
}

/// What somebody laid down for a name, against its records.
package enum Resolution: Sendable, Equatable {
    case notFound
    case addresses([String])
}

extension WorldState {
    /// By failover routing: the primary if it is healthy, else the secondary if that one is; with both
    /// unhealthy, the primary (Route 53 has no better idea, and says so in its documentation).
    ///
    /// Of weighted records the heaviest healthy one answers, of latency records the first healthy one: a
    /// world that is to be tested in must not throw dice. Multivalue records answer together.
    func activeRecords(named name: DNSName) -> [RecordSet] {
        // The zone that knows best, as delegation would lead there; of two with one name, always the same.
        let zone = zones.values.filter { name.isWithin($0.name) }
            .max { ($0.name.description.count, $0.id) < ($1.name.description.count, $1.id) }
        let candidates = (zone?.records(named: name) ?? []).filter { ["A", "AAAA", "CNAME"].contains($0.type) }
        let failover = candidates.filter { $0.failover != nil }
        guard !failover.isEmpty else {
            let healthy = candidates.filter(isHealthy)
            let choice = healthy.isEmpty ? candidates : healthy
            if let heaviest = choice.compactMap(\.weight).max() {
                return Array(choice.filter { $0.weight == heaviest }.prefix(1))
            }
            return choice.contains { $0.region != nil } ? Array(choice.prefix(1)) : choice
        }
        let primaries = failover.filter { $0.failover == .primary }
        let secondaries = failover.filter { $0.failover == .secondary }
        let healthyPrimaries = primaries.filter(isHealthy)
        if !healthyPrimaries.isEmpty { return healthyPrimaries }
        let healthySecondaries = secondaries.filter(isHealthy)
        if !healthySecondaries.isEmpty { return healthySecondaries }
        return primaries.isEmpty ? secondaries : primaries
    }

    func isHealthy(_ record: RecordSet) -> Bool {
        if let identifier = record.setIdentifier, unhealthySetIdentifiers.contains(identifier) { return false }
        // One that was deleted is no check any more: "the future status can't be predicted", says AWS.
        if let check = record.healthCheckID.flatMap({ healthChecks[$0] }), !isHealthy(check) { return false }
        guard let region = record.targetName.flatMap({ targets[$0]?.region }) else { return true }
        return !unhealthyRegions.contains(region)
    }

    /// nil: there is no such name.
    /// - Parameter depth: of aliases and CNAMEs that led here; a resolver gives up on a long chain too.
    func answer(to name: DNSName, depth: Int = 0) -> DNSAnswer? {
        switch resolutions[name] {
        case .notFound: return nil
        case .addresses(let addresses):
            let regions = targets.values.filter { !Set($0.addresses).isDisjoint(with: addresses) }.map(\.region)
            return DNSAnswer(name: name, addresses: addresses, setIdentifiers: [], regions: Set(regions))
        case nil: break
        }
        if let target = targets[name] {
            return DNSAnswer(name: name, addresses: target.answer, setIdentifiers: [], regions: [target.region])
        }
        if let endpoint = endpoints[name] {
            return DNSAnswer(
                name: name, addresses: endpoint.addresses, setIdentifiers: [], regions: [endpoint.region])
        }
        var answer = DNSAnswer(name: name, addresses: [], setIdentifiers: [], regions: [])
        for record in activeRecords(named: name) {
            if let target = record.targetName {
                guard depth < 8, let end = self.answer(to: target, depth: depth + 1) else { continue }
                answer.addresses += end.addresses
                answer.regions.formUnion(end.regions)
                answer.canonicalName = end.canonicalName ?? (record.type == "CNAME" ? target : nil)
            } else {
                answer.addresses += record.values
            }
            if let identifier = record.setIdentifier { answer.setIdentifiers.append(identifier) }
        }
        return answer.addresses.isEmpty ? nil : answer
    }

    /// The names that are worth a resolver's answer: targets, endpoints, aliases and CNAMEs, and what routing or
    /// somebody's word decides. Plain records are left out: nothing here asks for them, and the table
    /// of names that a process holds is small (see `HostsFile`).
    var namesToAnswer: [DNSName] {
        var names = Set(targets.keys).union(resolutions.keys).union(endpoints.keys)
        for zone in zones.values {
            for record in zone.records where !names.contains(record.name) {
                if record.targetName != nil || record.setIdentifier != nil { names.insert(record.name) }
            }
        }
        return names.sorted()
    }
}
