internal import AWSClient

/// The records of replicas: which of those that are there are ours, and what has to become of them.
struct ReplicaRecords {
    /// What the records are to point at.
    enum Targets {
        /// At one of these nodes each.
        case each([ClusterView.Node])
        /// At this one node, all of them.
        case all(ClusterView.Node)
    }

    private let cluster: ClusterView
    private let settings: RecordSettings

    private struct Numbered {
        var number: Int
        var set: ResourceRecordSet
        /// The id of the node that it points at.
        var node: String
    }

    private var numbered: [Numbered] = []
    private var weighted: [ResourceRecordSet] = []
    private var takenNumbers: Set<Int> = []
    private var takenIdentifiers: Set<String> = []
    private(set) var foreign: [ResourceRecordSet] = []

    init(cluster: ClusterView, settings: RecordSettings) {
        self.cluster = cluster
        self.settings = settings
    }

    /// Tells ours from those of others.
    mutating func sort(_ records: ZoneRecords) {
        if let name = settings.replicaName {
            let numbers = NumberedNames(after: name)
            let names = Dictionary(grouping: records.numbered, by: \.name)
            for set in records.numbered {
                let number = numbers.number(of: set.name)
                if let number, names[set.name]?.count == 1, set.isPlainCNAME, let target = set.target,
                    let node = cluster.node(behind: target)
                {
                    numbered.append(Numbered(number: number, set: set, node: node))
                } else {
                    foreign.append(set)
                }
                if let number { takenNumbers.insert(number) }
            }
            numbered.sort { $0.number < $1.number }
        }
        for set in settings.weightedName == nil ? [] : records.weighted {
            guard let identifier = set.setIdentifier else { continue }
            takenIdentifiers.insert(identifier)
            if set.isPlainWeightedCNAME, isOurs(identifier), set.target.flatMap(cluster.node(behind:)) != nil {
                weighted.append(set)
            } else {
                foreign.append(set)
            }
        }
    }

    private func isOurs(_ identifier: String) -> Bool {
        identifier.hasPrefix("\(cluster.groupID)-") || cluster.role(ofNode: identifier) != .gone
    }

    /// - Returns: in the order of the numbers; those that are new come last.
    func numberedChanges(to targets: Targets) -> [RecordChange] {
        guard let name = settings.replicaName.map(NumberedNames.init) else { return [] }
        func record(_ number: Int, _ node: ClusterView.Node) -> ResourceRecordSet {
            ResourceRecordSet(name: name.name(number), type: "CNAME", ttl: settings.ttl, values: [node.name])
        }
        var wanted: [(record: Numbered, node: ClusterView.Node?)] = []
        var new: [ClusterView.Node] = []
        switch targets {
        case .all(let node):
            for record in numbered where !isHeld(record.node) { wanted.append((record, node)) }
            if numbered.isEmpty { new = [node] }
        case .each(let nodes):
            // What a replica has, it keeps; the first, where it has several.
            var waiting = Dictionary(nodes.map { ($0.id, $0) }) { first, _ in first }
            for record in numbered where !isHeld(record.node) {
                wanted.append((record, waiting.removeValue(forKey: record.node)))
            }
            // To point an old record elsewhere is one change; to delete it and make a new one would be two.
            new = nodes.filter { waiting[$0.id] != nil }
            for index in wanted.indices where wanted[index].node == nil && !new.isEmpty {
                wanted[index].node = new.removeFirst()
            }
        }
        var changes: [RecordChange] = []
        for (old, node) in wanted {
            guard let node else {
                changes.append(RecordChange(from: old.set, to: nil))
                continue
            }
            let next = record(old.number, node)
            if !old.set.isSame(as: next) { changes.append(RecordChange(from: old.set, to: next)) }
        }
        var number = 1
        for node in new {
            while takenNumbers.contains(number) { number += 1 }
            changes.append(RecordChange(from: nil, to: record(number, node)))
            number += 1
        }
        return changes
    }

    /// - Returns: the changes, and the nodes whose set identifiers others have.
    func weightedChanges(to targets: Targets) -> (changes: [RecordChange], taken: [String]) {
        guard let name = settings.weightedName else { return ([], []) }
        let nodes =
            switch targets {
            case .each(let nodes): nodes
            case .all(let node): [node]
            }
        var waiting = Dictionary(nodes.map { ($0.id, $0) }) { first, _ in first }
        func record(_ node: ClusterView.Node) -> ResourceRecordSet {
            ResourceRecordSet(
                name: name, type: "CNAME", setIdentifier: node.id, weight: 1, ttl: settings.ttl, values: [node.name])
        }
        var changes: [RecordChange] = []
        for old in weighted {
            let identifier = old.setIdentifier ?? ""
            if let node = waiting.removeValue(forKey: identifier) {
                let next = record(node)
                if !old.isSame(as: next) { changes.append(RecordChange(from: old, to: next)) }
            } else if !isHeld(identifier) {
                changes.append(RecordChange(from: old, to: nil))
            }
        }
        let new = nodes.filter { waiting[$0.id] != nil }
        for node in new where !takenIdentifiers.contains(node.id) {
            changes.append(RecordChange(from: nil, to: record(node)))
        }
        return (changes, new.map(\.id).filter(takenIdentifiers.contains))
    }

    /// The nodes that records point at, and that are not listed while AWS changes the group.
    var unlisted: [String] {
        let nodes = numbered.map(\.node) + weighted.compactMap { $0.target.flatMap(cluster.node(behind:)) }
        return Set(nodes.filter(isUnlisted)).sorted()
    }

    /// Of a node that is there, and of which AWS does not say enough, or that may come back: missing information takes
    /// nobody's record. (Clients would remember for as long as the zone's SOA says that the name is not there.)
    private func isHeld(_ node: String) -> Bool { cluster.role(ofNode: node) == .unknown || isUnlisted(node) }

    private func isUnlisted(_ node: String) -> Bool { !cluster.isAvailable && cluster.role(ofNode: node) == .gone }
}
