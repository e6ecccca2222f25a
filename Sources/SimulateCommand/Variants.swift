import ArgumentParser
import Dispatch
import Simulation
import Synchronization

struct Variants: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "variants",
        abstract: "Make one thing of the decision wrong at a time, and see that the judge notices.",
        discussion: "Exits with 1 where he does not.")

    @Option(help: ArgumentHelp("How many worlds each has at most.", valueName: "number"))
    var seeds = 10_000
    func run() throws {
        let variants = Variant.all
        let found = Mutex<[Int: (seed: UInt64, violation: Judge.Violation)]>([:])
        DispatchQueue.concurrentPerform(iterations: variants.count) { index in
            if let first = first(variants[index]) { found.withLock { $0[index] = first } }
        }
        var missed = 0
        for (index, variant) in variants.enumerated() {
            guard let (seed, violation) = found.withLock({ $0[index] }) else {
                print("not noticed  \(variant.name)")
                missed += 1
                continue
            }
            print("seed \(String(seed).padding(7)) \(variant.name): \(violation.promise.rawValue)")
        }
        print("\(variants.count - missed) of \(variants.count) noticed")
        guard missed == 0 else { throw ExitCode.failure }
    }

    private func first(_ variant: Variant) -> (seed: UInt64, violation: Judge.Violation)? {
        for seed in 0..<UInt64(seeds) {
            let outcome = Simulation(seed: seed).run(variant)
            if let violation = outcome.violations.first(where: { variant.breaks.contains($0.promise) }) {
                return (seed, violation)
            }
        }
        return nil
    }
}

extension String {
    fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
