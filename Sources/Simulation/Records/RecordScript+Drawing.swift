extension RecordScript {
    /// Drawn apart from the rest of the script, which is the same with records and without.
    ///
    /// - Returns: nil for two worlds of three.
    static func drawn(
        from seed: UInt64, regions: [String], kinds: [GroupModel.Kind], isCalm: Bool
    ) -> (script: RecordScript, incidents: [Incident])? {
        // Any other seed than that of the rest.
        var random = SeededGenerator(seed: seed ^ 0x7265_636f_7264_7321)
        guard random.chance(1.0 / 3) else { return nil }
        let hasDatastore = kinds.contains(.datastore)
        let hasCluster = kinds.contains(.cluster)
        let leads = (primary: random.chance(0.7), writer: random.chance(0.8), reader: random.chance(0.5))
        var script = RecordScript(
            hasPrimary: hasDatastore && leads.primary, hasWriter: hasCluster && leads.writer,
            hasReader: hasCluster && leads.reader,
            beginning: Beginning.allCases[random.index(below: Beginning.allCases.count)],
            ttl: random.chance(0.5) ? 10 : 60, pageSize: random.chance(0.3) ? 3 : 300,
            clusters: clusters(regions, &random), endpoints: nil)
        let endpoints = Endpoints.drawn(regions, &random)
        if hasDatastore, random.chance(0.7) || !script.hasPrimary { script.endpoints = endpoints }
        var incidents: [Incident] = []
        let count = random.index(below: 7)
        if let regions = script.endpoints?.regions, !isCalm {
            for _ in 0..<count { incidents.append(Self.incident(regions, &random)) }
        }
        return (script, incidents)
    }

    private static func clusters(
        _ regions: [String], _ random: inout SeededGenerator
    ) -> [String: ClusterModel] {
        let isEncrypted = random.chance(0.5)
        let hasShards = random.chance(0.2)
        let tellsRoles = !hasShards || random.chance(0.5)
        var clusters: [String: ClusterModel] = [:]
        for region in regions {
            clusters[region] = ClusterModel(
                id: Script.memberID(.datastore, region), region: region, isEncrypted: isEncrypted, hasShards: hasShards,
                tellsRoles: tellsRoles, shards: hasShards ? 2 : 1, nodes: 1 + random.index(below: 3))
        }
        return clusters
    }

    private static func incident(_ regions: [String], _ random: inout SeededGenerator) -> Incident {
        let region = regions[random.index(below: regions.count)]
        let begins = random.duration(in: .seconds(5)...(.seconds(400)))
        var lasts = Duration.zero
        let kind: RecordIncident
        switch random.index(below: 12) {
        case 0, 1, 2: kind = .localFailover(region: region)
        case 3, 4: kind = .nodeAdded(region: region)
        case 5, 6: kind = .nodeRemoved(region: region)
        case 7, 8, 9:
            let faults = RecordIncident.NoticeFault.allCases
            kind = .notices(
                region: region, faults[random.index(below: faults.count)],
                probability: [0.5, 1][random.index(below: 2)])
            lasts = random.duration(in: .seconds(60)...(.seconds(300)))
        case 10:
            let isCrash = random.chance(0.5)
            kind = isCrash ? .crash(region: region) : .freeze(region: region)
            lasts = isCrash ? .zero : random.duration(in: .seconds(1)...(.seconds(30)))
        default:
            let deeds = RecordIncident.Deed.allCases
            kind = .byHand(region: region, deeds[random.index(below: deeds.count)])
        }
        return Incident(kind: .records(kind), begins: begins, lasts: lasts)
    }
}

extension RecordScript.Endpoints {
    fileprivate static func drawn(_ regions: [String], _ random: inout SeededGenerator) -> Self {
        let keepsPrimary = random.chance(0.4)
        let kinds = [(true, true), (true, false), (false, true)][random.index(below: 3)]
        let only = regions[random.index(below: regions.count)]
        let isEverywhere = random.chance(0.7)
        return RecordScript.Endpoints(
            // What only one of the regions gives away, nobody takes.
            regions: keepsPrimary || isEverywhere ? regions : [only], keepsPrimary: keepsPrimary,
            hasNumbered: kinds.0, hasWeighted: kinds.1, sharesNames: random.chance(0.3),
            namesDatastore: random.chance(0.5),
            whenNoReplicas: ["keep", "primary", "delete"][random.index(below: 3)], waitsForSync: random.chance(0.7),
            interval: .seconds(random.chance(0.5) ? 60 : 300))
    }
}
