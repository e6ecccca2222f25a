import ArgumentParser
import Simulation

struct OneWorld: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "world", abstract: "Tell what happens in one world, and shrink it where a promise is broken.")

    @Argument(help: "The world's seed.")
    var seed: UInt64
    @Flag(help: "Tell all: each call, each look-up, each invocation.")
    var all = false

    func run() throws {
        let simulation = Simulation(seed: seed)
        let outcome = simulation.run()
        guard let violation = outcome.violations.first else {
            Self.explain(simulation, isWhole: all)
            return
        }
        Self.explain(simulation.shrunk(breaking: violation.promise), isWhole: all)
        throw ExitCode.failure
    }

    static func explain(_ simulation: Simulation, isWhole: Bool = false) {
        let outcome = simulation.run()
        for line in simulation.script.lines + ["What happens:"] + outcome.trace(isWhole: isWhole) { print(line) }
        print("Promises broken: \(outcome.violations.isEmpty ? "none" : "")")
        for violation in outcome.violations { print("  \(violation)") }
    }
}
