internal import NameResolution

/// The watched name as each region's resolver tells it: from its cache, for as long as the record's TTL.
final class NameServers {
    struct Answer: Sendable, Equatable {
        /// Where it leads: more than one where servers contradict each other.
        var regions: [String]
        var result: Result<ResolvedName, ResolutionError>
    }

    private let names: [String: String]
    let ttl: Duration
    private var cached: [String: (region: String, until: Duration)] = [:]
    private var last: [String: String] = [:]

    /// - Parameters:
    ///   - names: by region, the target of its record.
    ///   - ttl: of the record.
    init(names: [String: String], ttl: Duration) {
        self.names = names
        self.ttl = ttl
    }

    /// - Parameters:
    ///   - active: where the authoritative servers lead now.
    ///   - origin: the region whose resolver is asked.
    func answer(_ active: String, to origin: String, _ fault: Incident.NameServerFault?, at now: Duration) -> Answer? {
        switch fault {
        case .fails: return failure(.temporary)
        case .silent: return nil
        case .doesNotExist: return failure(.notFound)
        case .hasNoAddresses: return failure(.noData)
        case .answersBoth: return success(names.keys.sorted())
        case .answersElse:
            return Answer(
                regions: [],
                result: .success(ResolvedName(canonicalName: "elsewhere.example.net", addresses: addresses(99))))
        case .answersOld: return success([last[origin] ?? active])
        case nil: break
        }
        if let entry = cached[origin], now < entry.until { return success([entry.region]) }
        last[origin] = cached[origin]?.region
        cached[origin] = (active, now + ttl)
        return success([active])
    }

    /// What one of the targets has, whoever is active.
    func target(_ name: String, in region: String) -> Answer {
        let network = names.keys.sorted().firstIndex(of: region) ?? 0
        return Answer(
            regions: [], result: .success(ResolvedName(canonicalName: name, addresses: addresses(network))))
    }

    private func success(_ regions: [String]) -> Answer {
        let order = names.keys.sorted()
        let addresses = regions.compactMap { order.firstIndex(of: $0) }.flatMap { self.addresses($0) }
        let name = regions.count == 1 ? names[regions[0]] : nil
        return Answer(
            regions: regions,
            result: .success(ResolvedName(canonicalName: name ?? "app.example.com", addresses: addresses)))
    }

    private func failure(_ code: ResolutionError.Code) -> Answer {
        Answer(regions: [], result: .failure(ResolutionError(code, name: "app.example.com", reason: "simulated")))
    }

    /// - Parameter network: by which the regions differ.
    private func addresses(_ network: Int) -> [IPAddress] {
        (10...11).compactMap { IPAddress("10.1.\(network).\($0)") }
    }
}
