import AWSClient
import EndpointRecords

/// Says what is wrong with what was made of a zone. It knows the rules from the documentation, the cluster from the
/// simulation, and nothing of the plan.
struct RecordJudge {
    let cluster: ClusterSimulation
    let policy: RecordSettings.WhenNoReplicas
    let before: [ResourceRecordSet]
    let after: [ResourceRecordSet]

    private struct Own: Equatable {
        var number: Int
        var node: String
        var set: ResourceRecordSet
    }

    private static func number(_ set: ResourceRecordSet) -> Int? {
        guard set.name.hasPrefix("read"), set.name.hasSuffix(".example.com") else { return nil }
        let digits = set.name.dropFirst(4).dropLast(12)
        return digits.hasPrefix("0") ? nil : Int(digits)
    }

    private func own(_ sets: [ResourceRecordSet]) -> [Own] {
        sets.compactMap { set -> Own? in
            guard let number = Self.number(set), sets.filter({ $0.name == set.name }).count == 1, set.type == "CNAME",
                set.setIdentifier == nil, set.healthCheckID == nil, set.alias == nil, set.values.count == 1,
                let node = cluster.everyName[set.values[0]]
            else { return nil }
            return Own(number: number, node: node, set: set)
        }.sorted { $0.number < $1.number }
    }

    private func ownWeighted(_ sets: [ResourceRecordSet]) -> [String: ResourceRecordSet] {
        var found: [String: ResourceRecordSet] = [:]
        for set in sets where set.name == "all.example.com" {
            guard let id = set.setIdentifier, id.hasPrefix("rg-"), set.values.count == 1, set.healthCheckID == nil,
                cluster.everyName[set.values[0]] != nil
            else { continue }
            found[id] = set
        }
        return found
    }

    /// Whether its record has to stay: AWS does not tell what it is, or does not list it while it changes the group.
    private func isHeld(_ id: String) -> Bool {
        cluster.nodes.first { $0.id == id }.map(\.isWaiting) ?? !cluster.isAvailable
    }

    /// After one event, with nobody else at work.
    ///
    /// - Parameter batches: how many were sent.
    func violations(batches: [[Route53.Change]]) -> [String] {
        var wrong: [String] = []
        if !cluster.isSettled {
            if after != before || !batches.isEmpty { wrong.append("changed what could not be told") }
            return wrong
        }
        wrong += finalViolations
        let fewest = fewestNumbered + fewestWeighted
        let touched = Set(batches.joined().map { "\($0.recordSet.name) \($0.recordSet.setIdentifier ?? "")" })
        if touched.count != fewest { wrong.append("changed \(touched.count) records, and \(fewest) would have done") }
        if batches.count != min(fewest, 1) { wrong.append("sent \(batches.count) batches") }
        wrong += wrongNumbers
        return wrong
    }

    /// What must hold in the end, whoever did what before.
    var finalViolations: [String] {
        var wrong: [String] = []
        let (oldIDs, newIDs) = (own(before), own(after))
        let ownNames = { (own: [Own]) in Set(own.map(\.set.name)) }
        func foreign(_ sets: [ResourceRecordSet], _ names: Set<String>) -> [ResourceRecordSet] {
            let weighted = ownWeighted(sets)
            return sets.filter { !names.contains($0.name) && weighted[$0.setIdentifier ?? ""] != $0 }
        }
        if foreign(before, ownNames(oldIDs)) != foreign(after, ownNames(newIDs)) {
            wrong.append("touched a record of others")
        }
        if cluster.replicas.isEmpty { return wrong + violationsWithoutReplicas }
        for id in cluster.nodes.filter(\.isPrimary).map(\.id) where newIDs.contains(where: { $0.node == id }) {
            wrong.append("a record points at the primary \(id)")
        }
        for own in newIDs where !isHeld(own.node) {
            if own.set != Sample.cname("read\(own.number)", cluster.name(own.node)) {
                wrong.append("read\(own.number) is not as it should be")
            }
        }
        let served = newIDs.filter { !isHeld($0.node) }.map(\.node).sorted()
        if served != cluster.replicas.map(\.id) { wrong.append("served are \(served)") }

        let weighted = ownWeighted(after).filter { !isHeld($0.key) }
        let taken = Set(after.filter { $0.name == "all.example.com" }.compactMap(\.setIdentifier))
            .subtracting(ownWeighted(after).keys)
        let wanted = cluster.replicas.map(\.id).filter { !taken.contains($0) }
        if weighted.keys.sorted() != wanted { wrong.append("weighted are \(weighted.keys.sorted())") }
        for (id, set) in weighted where set != weightedSet(id) {
            wrong.append("the element of \(id) is not as it should be")
        }
        return wrong
    }

    private func weightedSet(_ id: String) -> ResourceRecordSet {
        Sample.cname("all", cluster.name(id), identifier: id, weight: 1)
    }

    private var violationsWithoutReplicas: [String] {
        let free = own(after).filter { !isHeld($0.node) }
        let weighted = ownWeighted(after).filter { !isHeld($0.key) }
        switch policy {
        case .keep: return before == after ? [] : ["changed what was to be kept"]
        case .delete: return free.isEmpty && weighted.isEmpty ? [] : ["left what was to be deleted"]
        case .primary:
            let primary = cluster.primary?.id ?? ""
            let isRight = free.allSatisfy { $0.set == Sample.cname("read\($0.number)", cluster.name(primary)) }
            let taken = after.contains { $0.name == "all.example.com" && $0.setIdentifier == primary }
            let isWeightedRight = weighted == [primary: weightedSet(primary)] || weighted.isEmpty && taken
            return isRight && isWeightedRight && !own(after).isEmpty ? [] : ["something else than the primary"]
        }
    }

    /// Counted, not planned: each replica that has a record costs nothing, if it is right; of what is left of replicas
    /// and of records, a change serves one of each.
    private var fewestNumbered: Int {
        let own = own(before).filter { !isHeld($0.node) }
        if cluster.replicas.isEmpty {
            switch policy {
            case .keep: return 0
            case .delete: return own.count
            case .primary:
                let name = cluster.name(cluster.primary?.id ?? "")
                let wrong = own.filter { $0.set.values != [name] || $0.set.ttl != 10 }.count
                return self.own(before).isEmpty ? 1 : wrong
            }
        }
        let kept = firsts(of: own)
        let unserved = cluster.replicas.count - kept.count
        let wrong = kept.filter { $0.set.ttl != 10 || $0.set.values != [cluster.name($0.node)] }.count
        return wrong + max(unserved, own.count - kept.count)
    }

    private func firsts(of own: [Own]) -> [Own] {
        cluster.replicas.compactMap { replica in own.first { $0.node == replica.id } }
    }

    private var fewestWeighted: Int {
        let old = ownWeighted(before).filter { !isHeld($0.key) }
        let taken = Set(before.filter { $0.name == "all.example.com" }.compactMap(\.setIdentifier))
            .subtracting(ownWeighted(before).keys)
        var wanted = cluster.replicas.map(\.id)
        if wanted.isEmpty {
            switch policy {
            case .keep: return 0
            case .delete: wanted = []
            case .primary: wanted = [cluster.primary?.id].compactMap(\.self)
            }
        }
        let changed = wanted.filter { !taken.contains($0) && old[$0] != weightedSet($0) }.count
        return changed + old.keys.filter { !wanted.contains($0) }.count
    }

    /// Whether each replica kept its number, and the others have the lowest.
    private var wrongNumbers: [String] {
        guard !cluster.replicas.isEmpty else { return [] }
        let (old, new) = (own(before).filter { !isHeld($0.node) }, own(after).filter { !isHeld($0.node) })
        let kept = firsts(of: old)
        var wrong: [String] = []
        for own in kept where !new.contains(where: { $0.node == own.node && $0.number == own.number }) {
            wrong.append("\(own.node) lost number \(own.number)")
        }
        let newcomers = new.filter { own in !kept.contains { $0.node == own.node } }
        if newcomers.map(\.node) != newcomers.map(\.node).sorted(), !isMixed(newcomers, old) {
            wrong.append("newcomers are not in order")
        }
        let freed = Set(old.map(\.number)).subtracting(kept.map(\.number))
        let reused = freed.intersection(newcomers.map(\.number))
        if let dropped = freed.subtracting(reused).min(), let last = reused.max(), dropped < last {
            wrong.append("number \(dropped) was given up, and \(last) used")
        }
        let added = newcomers.map(\.number).filter { !freed.contains($0) }
        if !added.isEmpty, reused != freed { wrong.append("a number was added while one was free") }
        let taken = Set(before.compactMap(Self.number))
        let lowest = (1...).lazy.filter { !taken.contains($0) }.prefix(added.count)
        if added != Array(lowest) { wrong.append("numbers \(added) were added") }
        return wrong
    }

    /// Old records come first, whatever numbers are free below them.
    private func isMixed(_ newcomers: [Own], _ old: [Own]) -> Bool {
        let numbers = Set(old.map(\.number))
        let inOrder =
            newcomers.filter { numbers.contains($0.number) } + newcomers.filter { !numbers.contains($0.number) }
        return inOrder.map(\.node) == inOrder.map(\.node).sorted()
    }
}
