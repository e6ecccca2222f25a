import Simulation
import Testing

@Suite("A simulated world")
struct SimulationTests {
    @Test("is the same whenever it is run, and another one with another seed", arguments: [3, 44])
    func determinism(seed: UInt64) {
        let first = Simulation(seed: seed).fingerprint()
        #expect(Simulation(seed: seed).fingerprint() == first)
        #expect(Simulation(seed: seed + 1).fingerprint() != first)
    }

    /// The optimized program runs ten thousand in `make test`, and each variant; here with all checks of a debug build.
    @Test("keeps the promises, whatever goes wrong in it", arguments: 0..<10)
    func promises(seed: UInt64) {
        #expect(Simulation(seed: seed).run().violations == [])
    }

    /// As long as the same is drawn from these seeds; what was wrong has tests of its own besides.
    @Test(
        "keeps them where one was broken once",
        arguments: [
            // The records' round was cut off by each answer; the reading of the pause by the end of each invocation; and the
            // second of two groups went by what the first had been five minutes ago.
            32, 211, 6462, 9023, 10272,
        ])
    func regressions(seed: UInt64) {
        #expect(Simulation(seed: seed).run().violations == [])
    }

    @Test("is shrunk to what breaks the promise")
    func shrinking() throws {
        let variant = try #require(Variant.all.first { $0.breaks == [.onlyTheOwnMember] })
        let simulation = try #require(
            (UInt64(0)..<1000).lazy.map(Simulation.init(seed:)).first { simulation in
                simulation.script.lines.count > 4
                    && simulation.run(variant).violations.contains { $0.promise == .onlyTheOwnMember }
            })
        let shrunk = simulation.shrunk(breaking: .onlyTheOwnMember, variant)
        // The settings, and that which moves DNS or the primary.
        #expect(shrunk.script.lines.count == 2)
        #expect(shrunk.run(variant).violations.contains { $0.promise == .onlyTheOwnMember })
    }
}
