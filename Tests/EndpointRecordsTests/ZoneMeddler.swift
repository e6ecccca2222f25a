import AWSClient

/// What people and other programs do to a zone meanwhile.
struct ZoneMeddler {
    enum Deed: CaseIterable {
        case foreign, foreign2, unforeign, ttl, delete, duplicate, weighted, weightedForeign
    }

    let cluster: ClusterSimulation

    func meddle(with zone: FakeZone, using random: inout SeededRandom) {
        let sets = zone.sets
        let own = sets.filter { $0.type == "CNAME" && $0.values.first.flatMap { cluster.everyName[$0] } != nil }
        let number = Int.random(in: 1...9, using: &random)
        let isFree = !sets.contains { $0.name == "read\(number).example.com" }
        switch Deed.allCases.randomElement(using: &random) ?? .foreign {
        case .foreign, .foreign2: if isFree { put(foreign(number, using: &random), zone) }
        case .unforeign:
            if let set = sets.filter({ !own.contains($0) }).randomElement(using: &random) { remove(set, zone) }
        case .ttl:
            if var set = own.randomElement(using: &random) {
                set.ttl = 60
                put([set], zone)
            }
        case .delete: if let set = own.randomElement(using: &random) { remove(set, zone) }
        case .duplicate:
            let names = cluster.everyName.keys.sorted()
            if isFree, let name = names.randomElement(using: &random) {
                put([Sample.cname("read\(number)", name)], zone)
            }
        case .weighted:
            if var set = own.filter({ $0.weight != nil }).randomElement(using: &random) {
                set.weight = 9
                put([set], zone)
            }
        case .weightedForeign:
            let id = ["rg-002", "rg-0001-002", "someone"].randomElement(using: &random) ?? ""
            if !sets.contains(where: { $0.setIdentifier == id }) {
                put([Sample.cname("all", "elsewhere.example.net", identifier: id, weight: 1)], zone)
            }
        }
    }

    private func foreign(_ number: Int, using random: inout SeededRandom) -> [ResourceRecordSet] {
        let label = "read\(number)"
        let hash = "\(Sample.hash).0001.\(Sample.region)"
        let node = cluster.name(cluster.nodes[0].id)
        var checked = Sample.cname(label, node)
        checked.healthCheckID = "h"
        let kinds: [[ResourceRecordSet]] = [
            [ResourceRecordSet(name: "\(label).example.com", type: "A", ttl: 1, values: ["192.0.2.1"])],
            [Sample.cname(label, "elsewhere.example.net")], [Sample.cname(label, "rg-2-001.\(hash)")],
            [Sample.cname(label, "rg-ro.\(hash)")], [Sample.cname("read0\(number)", node)], [checked],
            [Sample.cname("x.\(label)", node)], [Sample.cname("other\(number)", node)],
            ["a", "b"].map { Sample.cname(label, node, identifier: $0, weight: 1) },
        ]
        return kinds.randomElement(using: &random) ?? []
    }

    private func put(_ sets: [ResourceRecordSet], _ zone: FakeZone) {
        zone.change { state in for set in sets { state.sets[FakeZone.Key(set)] = set } }
    }

    private func remove(_ set: ResourceRecordSet, _ zone: FakeZone) {
        zone.change { $0.sets[FakeZone.Key(set)] = nil }
    }
}
