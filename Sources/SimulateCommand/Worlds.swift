import ArgumentParser
import Dispatch
import Glibc
import Simulation
import Synchronization

struct Worlds: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worlds", abstract: "Run many worlds, and say what was met in them (the default).")

    @Option(help: ArgumentHelp("How many worlds.", valueName: "number"))
    var seeds = 10_000
    @Option(help: ArgumentHelp("The seed of the first; the others follow it.", valueName: "seed"))
    var first: UInt64 = 0
    @Option(help: ArgumentHelp("How many at the same time.", valueName: "number"))
    var jobs = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    @Flag(help: "Show all transitions from one decision to another.")
    var transitions = false

    func validate() throws {
        guard seeds > 0, jobs > 0 else { throw ValidationError("--seeds and --jobs have to be at least 1.") }
    }

    func run() throws {
        let clock = ContinuousClock()
        let begin = clock.now
        let tally = Tally()
        let next = Atomic(0)
        // Each world is one thread from its begin to its end.
        DispatchQueue.concurrentPerform(iterations: jobs) { _ in
            let own = Tally()
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < seeds else { break }
                let simulation = Simulation(seed: first &+ UInt64(index))
                own.add(simulation.run(coverage: own.coverage), of: simulation)
            }
            tally.add(own)
        }
        tally.print(worlds: seeds, took: clock.now - begin, transitions: transitions)
        for (seed, violation) in tally.violations.prefix(3) { try explain(seed, violation) }
        guard tally.violations.isEmpty else { throw ExitCode.failure }
    }

    private func explain(_ seed: UInt64, _ violation: Judge.Violation) throws {
        print("\nSeed \(seed), with what it takes to break the promise (SEED=\(seed) make simulate shows it again):")
        OneWorld.explain(Simulation(seed: seed).shrunk(breaking: violation.promise))
    }
}

/// What came of many worlds.
private final class Tally: @unchecked Sendable {
    let coverage = Coverage()
    private(set) var violations: [(seed: UInt64, violation: Judge.Violation)] = []
    private var length = Duration.zero
    private var promotions = 0
    private var recoveries: [Duration] = []
    private var bound = Duration.zero
    private let lock = Mutex(())

    func add(_ outcome: Simulation.Outcome, of simulation: Simulation) {
        length += outcome.length
        violations += outcome.violations.prefix(1).map { (simulation.script.seed, $0) }
        if let recovery = outcome.recovery { recoveries.append(recovery) }
        bound = max(bound, simulation.script.bound)
    }

    func add(_ other: Tally) {
        lock.withLock { _ in
            coverage.add(other.coverage)
            violations = (violations + other.violations).sorted { $0.seed < $1.seed }
            length += other.length
            recoveries += other.recoveries
            bound = max(bound, other.bound)
        }
    }

    func print(worlds: Int, took: Duration, transitions: Bool) {
        let seconds = took / .seconds(1)
        let sorted = recoveries.sorted()
        Swift.print(
            """
            \(worlds) worlds in \(Int(seconds.rounded())) s, \(Int(Double(worlds) / seconds)) a second; \
            \(Int(length / .seconds(86400))) days of their time
            all right again after the last thing went wrong: median \(percentile(sorted, 0.5)), 99 of 100 within \
            \(percentile(sorted, 0.99)), longest \(percentile(sorted, 1)); promised by each world's own bound, \
            \(Int(bound / .seconds(1))) s at most
            """)
        let titles: [(Coverage.Kind, String)] = [
            (.group, "What became of groups"), (.record, "What became of records and clusters"), (.fault, "Faults met"),
            (.decision, "Decisions"),
        ]
        for (kind, title) in titles { table(title, kind) }
        if transitions {
            table("Transitions", .transition)
        } else {
            Swift.print(
                "\nTransitions from one decision to another: \(coverage.counted(.transition).count) of them met")
        }
        Swift.print("\nPromises broken: \(violations.isEmpty ? "none" : String(violations.count))")
        for (seed, violation) in violations.prefix(20) { Swift.print("  seed \(seed), \(violation)") }
    }

    private func percentile(_ sorted: [Duration], _ part: Double) -> String {
        guard !sorted.isEmpty else { return "-" }
        return "\(Int(sorted[Int(Double(sorted.count - 1) * part)] / .seconds(1))) s"
    }

    private func table(_ title: String, _ kind: Coverage.Kind) {
        Swift.print("\n\(title)")
        for (name, count) in coverage.counted(kind) {
            let digits = String(count)
            Swift.print("  \(String(repeating: " ", count: max(0, 12 - digits.count)))\(digits)  \(name)")
        }
        let missing = coverage.missing(kind)
        if !missing.isEmpty { Swift.print("       never    \(missing.joined(separator: ", "))") }
    }
}
