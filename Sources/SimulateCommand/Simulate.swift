import ArgumentParser
import Simulation

@main
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Let the promoter fail over in worlds in which everything goes wrong that can.",
        discussion: """
            Each world follows from its seed: regions, name servers, AWS, and what happens to them. The promoter in it is
            the product's own code. Exits with 1 where a promise of the README was broken.
            """,
        subcommands: [Worlds.self, OneWorld.self, Variants.self], defaultSubcommand: Worlds.self)
}
