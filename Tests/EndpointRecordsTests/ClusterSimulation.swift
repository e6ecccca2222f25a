import AWSClient

/// A cluster that things happen to, and that remembers the names of all nodes that it ever had.
struct ClusterSimulation: Sendable {
    struct Node: Sendable, Equatable {
        var id: String
        var isPrimary: Bool
        /// AWS does not tell its role or name just now.
        var isWaiting = false
    }

    enum Trouble: CaseIterable, Sendable {
        case noPrimary, twoPrimaries, noRoles, noShards
    }

    enum Event: CaseIterable, Sendable {
        case failover, add, remove, removeAll, replace, ready, swap, addShard, removeShard, trouble, calm, tls
        case modify, settle
    }

    let hasShards: Bool
    private(set) var tls: Bool
    private(set) var shards: [[Node]]
    private(set) var trouble: Trouble?
    /// While it is not, a node that is not listed may come back.
    private(set) var isAvailable = true
    /// Name → id, of all nodes that ever were, with TLS and without.
    private(set) var everyName: [String: String] = [:]

    init(hasShards: Bool, tls: Bool, using random: inout SeededRandom) {
        (self.hasShards, self.tls) = (hasShards, tls)
        shards = []
        for _ in 0..<(hasShards ? Int.random(in: 1...3, using: &random) : 1) { addShard(using: &random) }
        noteNames()
    }

    var isSettled: Bool { trouble == nil }
    var nodes: [Node] { shards.flatMap(\.self) }
    var replicas: [Node] { nodes.filter { !$0.isPrimary && !$0.isWaiting }.sorted { $0.id < $1.id } }
    /// Of the first shard.
    var primary: Node? { shards.first?.first { $0.isPrimary } }

    func name(_ id: String, tls: Bool? = nil) -> String { Sample.node(id.dropFirst(3), tls: tls ?? self.tls) }

    mutating func happen(_ event: Event, using random: inout SeededRandom) {
        let shard = shards.indices.randomElement(using: &random) ?? 0
        switch event {
        case .failover: failOver(shard, using: &random)
        case .add: for _ in 0..<Int.random(in: 1...3, using: &random) { add(to: shard, using: &random) }
        case .remove: remove(from: shard, using: &random)
        case .removeAll: shards[shard].removeAll { !$0.isPrimary }
        case .swap:
            // A failover, a removal and an addition that are noticed together.
            failOver(shard, using: &random)
            remove(from: shard, using: &random)
            add(to: shard, using: &random)
        case .replace:
            let replicas = shards[shard].indices.filter { !shards[shard][$0].isPrimary }
            if let node = replicas.randomElement(using: &random) { shards[shard][node].isWaiting = true }
        case .ready: for node in shards[shard].indices { shards[shard][node].isWaiting = false }
        case .addShard: if hasShards, shards.count < 5 { addShard(using: &random) }
        case .removeShard: if shards.count > 1 { shards.removeLast() }
        case .trouble: trouble = Trouble.allCases.randomElement(using: &random)
        case .calm: trouble = nil
        case .tls: tls.toggle()
        case .modify: isAvailable = false
        case .settle: isAvailable = true
        }
        noteNames()
    }

    mutating func calmDown() { (trouble, isAvailable) = (nil, true) }

    private mutating func failOver(_ shard: Int, using random: inout SeededRandom) {
        let ready = shards[shard].indices.filter { !shards[shard][$0].isPrimary && !shards[shard][$0].isWaiting }
        guard let next = ready.randomElement(using: &random) else { return }
        for node in shards[shard].indices { shards[shard][node].isPrimary = node == next }
    }

    private mutating func add(to shard: Int, using random: inout SeededRandom) {
        guard shards[shard].count < 6 else { return }
        let used = Set(shards[shard].map(\.id))
        // AWS gives the numbers of nodes that are gone again.
        let free = (1...9).map { id(shard, $0) }.filter { !used.contains($0) }
        guard let id = free.randomElement(using: &random) else { return }
        shards[shard].append(Node(id: id, isPrimary: false, isWaiting: Int.random(in: 0..<4, using: &random) == 0))
        shards[shard].shuffle(using: &random)
    }

    private mutating func remove(from shard: Int, using random: inout SeededRandom) {
        let replicas = shards[shard].indices.filter { !shards[shard][$0].isPrimary }
        if let node = replicas.randomElement(using: &random) { shards[shard].remove(at: node) }
    }

    private mutating func addShard(using random: inout SeededRandom) {
        let shard = shards.count
        let count = Int.random(in: 1...4, using: &random)
        shards.append((1...count).map { Node(id: id(shard, $0), isPrimary: $0 == 1) })
    }

    private func id(_ shard: Int, _ node: Int) -> String { hasShards ? "rg-000\(shard + 1)-00\(node)" : "rg-00\(node)" }

    private mutating func noteNames() {
        for node in nodes { for tls in [true, false] { everyName[name(node.id, tls: tls)] = node.id } }
    }

    /// As AWS tells of it.
    var group: ReplicationGroup {
        var group = ReplicationGroup(
            id: "rg", status: isAvailable ? "available" : "modifying", clusterEnabled: hasShards)
        if hasShards {
            group.configurationEndpoint = .init(address: "clustercfg.rg.\(Sample.hash).\(Sample.region)")
        }
        group.memberClusters = nodes.map(\.id)
        for (index, nodes) in shards.enumerated() where trouble != .noShards {
            // Only one of the shards is in trouble.
            let trouble = index == shards.count - 1 ? trouble : nil
            let endpoint = "\(tls ? "master.rg.\(Sample.hash)" : "rg.\(Sample.hash).ng.0001").\(Sample.region)"
            group.nodeGroups.append(
                .init(
                    id: "000\(index + 1)", primaryEndpoint: hasShards ? nil : .init(address: endpoint),
                    members: nodes.map { member($0, trouble) }))
            if trouble == .twoPrimaries {
                group.nodeGroups[index].members.append(
                    .init(
                        cacheClusterID: "rg-other", currentRole: "primary",
                        readEndpoint: .init(address: "rg-other.\(Sample.region)")))
            }
        }
        return group
    }

    private func member(_ node: Node, _ trouble: Trouble?) -> ReplicationGroup.Member {
        var member = ReplicationGroup.Member(cacheClusterID: node.id)
        member.currentRole = node.isPrimary && trouble != .noPrimary ? "primary" : "replica"
        // Which of the two is missing differs from node to node.
        if trouble == .noRoles || node.isWaiting && node.id.hasSuffix("2") { member.currentRole = nil }
        if !(node.isWaiting && !node.id.hasSuffix("2")) { member.readEndpoint = .init(address: name(node.id)) }
        return member
    }
}
