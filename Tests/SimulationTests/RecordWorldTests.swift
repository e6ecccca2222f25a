import Testing

@testable import Simulation

@Suite("A simulated world with records")
struct RecordWorldTests {
    private static let seeds = Array((UInt64(0)...).lazy.filter { Script(drawnFrom: $0).records != nil }.prefix(30))

    @Test("keeps the promises, whatever goes wrong in it", arguments: 0..<3)
    func promises(part: Int) {
        for seed in Self.seeds[part * 10..<(part + 1) * 10] {
            #expect(Simulation(seed: seed).run().violations == [], "seed \(seed)")
        }
    }

    @Test("has records moved and made, and clusters changed")
    func coverage() {
        let coverage = Coverage()
        for seed in Self.seeds { _ = Simulation(seed: seed).run(coverage: coverage) }
        let expected: Set = [
            "records: the primary's moved", "records: the writer's moved", "records: a replica's made",
            "records: an element of the weighted made", "cluster: local failover", "cluster: a node more",
        ]
        #expect(expected.subtracting(coverage.counted(.record).map(\.name)) == [])
    }
}
