/// Liveness: once all is well again, and the bound is over.
extension RecordJudge {
    /// What has not come right.
    static func violations(atTheEnd world: World) -> [Judge.Violation] {
        guard let terms = RecordTerms(world.script), let records = world.records, !terms.isDryRun else { return [] }
        var wrong: [String] = []
        let zone = records.zone
        for group in world.groups {
            wrong += terms.wrongPrimaryRecords(of: group, active: world.active, in: zone)
        }
        for region in terms.script.endpoints?.regions ?? [] {
            guard let cluster = records.clusters.clusters[region] else { continue }
            wrong += terms.wrongReplicaRecords(of: cluster, in: zone)
        }
        return wrong.map { Judge.Violation(promise: .recordsComeRight, time: world.time.now, what: $0) }
    }
}

extension RecordTerms {
    /// - Parameter active: where DNS leads.
    func wrongPrimaryRecords(of group: GroupModel, active: String, in zone: RecordZone) -> [String] {
        guard group.operation == nil, let region = primaryRegion(group, active) else { return [] }
        return script.primaryRecords(in: region).filter { $0.kind == group.kind }.compactMap { wanted in
            let records = zone.records(named: wanted.name)
            guard records.map(\.values) != [[wanted.endpoint]] || records.first?.ttl != script.ttl else { return nil }
            return "\(wanted.name) should lead to \(wanted.endpoint), and is \(records)"
        }
    }

    /// The region whose endpoint the records are to have; nil where nobody can tell.
    private func primaryRegion(_ group: GroupModel, _ active: String) -> String? {
        // Where two primaries are, that counts which DNS has chosen; the function `endpoints` leaves that to people.
        let isByPromoter = !script.promoterRecords(in: active).filter { $0.kind == group.kind }.isEmpty
        guard group.detached.isEmpty else { return isByPromoter && group.isInPlace(in: active) ? active : nil }
        let isByEndpoints = group.kind == .datastore && script.endpoints?.keepsPrimary == true
        return isByEndpoints || group.primaryRegion == active ? group.primaryRegion : nil
    }

    func wrongReplicaRecords(of cluster: ClusterModel, in zone: RecordZone) -> [String] {
        // AWS does not say who is what, and nothing is known of the replicas.
        guard let endpoints = script.endpoints, cluster.isSettled, cluster.tellsRoles else { return [] }
        let nodes = cluster.replicas.map { cluster.name(of: $0.id) }
        let primary = cluster.shards.first?.primary.map(cluster.name(of:))
        var kinds: [(name: String, isWeighted: Bool)] = []
        if endpoints.hasNumbered { kinds.append(("replicas' records", false)) }
        if endpoints.hasWeighted { kinds.append(("elements of the weighted record", true)) }
        return kinds.compactMap { name, isWeighted in
            let own = zone.records.filter { record in
                script.isReplicaName(record, in: cluster.region) && (record.setIdentifier != nil) == isWeighted
                    && cluster.owns(record)
            }
            let targets = own.flatMap(\.values).sorted()
            let isRight: Bool
            switch (nodes.isEmpty, endpoints.whenNoReplicas) {
            case (false, _): isRight = targets == nodes.sorted()
            case (true, "primary"): isRight = !targets.isEmpty && targets.allSatisfy { $0 == primary }
            case (true, "delete"): isRight = targets.isEmpty
            default: return nil
            }
            guard !isRight || own.contains(where: { $0.ttl != script.ttl }) else { return nil }
            return "the \(name) of \(cluster.id) should lead to \(nodes), and are \(own)"
        }
    }
}

extension ClusterModel {
    /// Whether it leads to a node of this cluster that is there, or ever was.
    func owns(_ record: ZoneRecord) -> Bool {
        shards.contains { shard in
            (1...shard.lastNumber).contains { number in
                record.values == [name(of: Self.nodeID(id, hasShards ? shard.id : nil, number))]
            }
        }
    }
}
