/// What happens to the replication groups of all regions, and who is told of it.
final class ClusterKeeper {
    private let time: VirtualTime
    private let witness: Witness
    private var random: SeededGenerator
    private(set) var clusters: [String: ClusterModel]
    /// Of each region's what it was from when on, for reads that are out of date.
    private var past: [String: [(since: Duration, cluster: ClusterModel)]] = [:]
    /// Gets a message of ElastiCache for a region's topic.
    var onMessage: (_ region: String, _ event: String, _ value: String) -> Void = { _, _, _ in }

    /// A failover in which the node that failed has to be made anew.
    static let longestOperation = Duration.seconds(40 + 60)
    private static let mostNodes = 5

    init(_ clusters: [String: ClusterModel], time: VirtualTime, witness: Witness, random: SeededGenerator) {
        self.clusters = clusters
        self.time = time
        self.witness = witness
        self.random = random
        for region in clusters.keys.sorted() { remember(region) }
    }

    /// - Parameter age: of what is told.
    func cluster(in region: String, age: Duration) -> ClusterModel? {
        past[region]?.last { $0.since <= time.now - age }?.cluster ?? clusters[region]
    }

    private func remember(_ region: String) {
        guard let cluster = clusters[region] else { return }
        past[region, default: []].append((time.now, cluster))
        witness.note(.records(.cluster(cluster)), at: time.now)
    }

    private func change(_ region: String, _ change: (inout ClusterModel) -> Void) {
        guard var cluster = clusters[region] else { return }
        change(&cluster)
        clusters[region] = cluster
        remember(region)
    }

    // MARK: What happens

    /// - Returns: whether it happened: AWS does one thing at a time.
    func happen(_ incident: RecordIncident) -> Bool {
        guard let cluster = clusters[incident.region], cluster.isSettled else { return false }
        let shard = random.index(below: cluster.shards.count)
        switch incident {
        case .localFailover(let region): return failOver(region, cluster, shard)
        case .nodeAdded(let region): return add(region, cluster, shard)
        case .nodeRemoved(let region): return remove(region, cluster, shard)
        default: return false
        }
    }

    private func failOver(_ region: String, _ cluster: ClusterModel, _ index: Int) -> Bool {
        let shard = cluster.shards[index]
        let replicas = shard.nodes.filter { $0.id != shard.primary }
        guard let old = shard.primary, !replicas.isEmpty else { return false }
        let new = replicas[random.index(below: replicas.count)].id
        // Meanwhile AWS goes on telling the old primary, or none; or does not list it until it was made anew.
        let isSilent = random.chance(0.5)
        let isReplaced = random.chance(0.4)
        change(region) { cluster in
            cluster.isChanging = true
            if isSilent || isReplaced { cluster.shards[index].primary = nil }
            if isReplaced { cluster.list(old, false) }
        }
        time.after(random.duration(in: .seconds(5)...(.seconds(40)))) { [self] in
            change(region) { cluster in
                cluster.shards[index].primary = new
                cluster.isChanging = isReplaced
            }
            onMessage(region, "FailoverComplete", new)
            guard isReplaced else { return }
            time.after(random.duration(in: .seconds(20)...(.seconds(60)))) { [self] in
                change(region) { cluster in
                    cluster.list(old, true)
                    cluster.isChanging = false
                }
                onMessage(region, "CacheNodeReplaceComplete", old)
            }
        }
        return true
    }

    private func add(_ region: String, _ cluster: ClusterModel, _ index: Int) -> Bool {
        guard cluster.shards[index].nodes.count < Self.mostNodes else { return false }
        var node = ""
        change(region) { cluster in
            cluster.isChanging = true
            node = cluster.addNode(toShard: index)
        }
        onMessage(region, "ReplicationGroupIncreaseReplicaCountStarted", cluster.id)
        time.after(random.duration(in: .seconds(20)...(.seconds(90)))) { [self, node] in
            change(region) { cluster in
                cluster.list(node, true)
                cluster.isChanging = false
            }
            onMessage(region, "ReplicationGroupIncreaseReplicaCountFinished", cluster.id)
        }
        return true
    }

    private func remove(_ region: String, _ cluster: ClusterModel, _ index: Int) -> Bool {
        let shard = cluster.shards[index]
        let replicas = shard.nodes.filter { $0.id != shard.primary }
        guard !replicas.isEmpty else { return false }
        let node = replicas[random.index(below: replicas.count)].id
        change(region) { $0.isChanging = true }
        time.after(random.duration(in: .seconds(5)...(.seconds(30)))) { [self] in
            change(region) { cluster in
                cluster.shards[index].nodes.removeAll { $0.id == node }
                cluster.isChanging = false
            }
            onMessage(region, "DeleteCacheClusterComplete", node)
        }
        return true
    }
}
