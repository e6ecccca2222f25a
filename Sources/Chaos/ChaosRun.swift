internal import Foundation
internal import LocalAWS
package import Simulation

/// A run from its begin to its end.
package struct ChaosRun: Sendable {
    private let settings: ChaosSettings
    private let plan: Plan

    package init(_ settings: ChaosSettings) {
        self.settings = settings
        plan = Plan(seed: settings.seed, regions: ChaosSettings.regions, end: settings.length - settings.calm)
    }

    /// For tests.
    init(_ settings: ChaosSettings, plan: Plan) {
        self.settings = settings
        self.plan = plan
    }

    /// - Parameter terms: what the judge holds it to; nil for those of the settings.
    package func play(terms: Judge.Terms? = nil) async throws -> ChaosReport {
        let world = try await ChaosWorld(settings)
        let start = ContinuousClock.now
        let terms = terms ?? settings.terms
        try await withThrowingTaskGroup(of: Void.self) { [settings, plan, terms] group in
            for function in world.functions { group.addTask { try await function.run() } }
            group.addTask {
                try await Self.play(plan, on: world, from: start)
                while ContinuousClock.now < start + settings.length {
                    try await Task.sleep(for: .milliseconds(100))
                    if settings.endsEarly, Judge(terms).violations(atTheEndOf: world).isEmpty { return }
                }
            }
            // The first that ends is the plan, or something that went wrong with the run itself.
            defer { group.cancelAll() }
            try await group.next()
        }
        let judge = Judge(terms)
        let unsettled = judge.violations(atTheEndOf: world)
        await world.end()
        world.readLookups()
        let facts = world.chronicle.facts()
        return ChaosReport(
            settings: settings, plan: plan, facts: facts, strikes: world.strikes,
            violations: judge.violations(in: facts) + unsettled)
    }

    private static func play(_ plan: Plan, on world: ChaosWorld, from start: ContinuousClock.Instant) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for disturbance in plan.disturbances {
                group.addTask {
                    try await Task.sleep(until: start + disturbance.begins, clock: .continuous)
                    let end = try await world.begin(disturbance.kind)
                    try await Task.sleep(until: start + disturbance.ends, clock: .continuous)
                    try await end()
                }
            }
            try await group.waitForAll()
        }
    }
}

extension Judge {
    fileprivate func violations(atTheEndOf world: ChaosWorld) -> [Violation] {
        violations(
            atTheEnd: GroupModel.groups(of: world.aws),
            active: world.aws.activeRegion(of: LocalAWS.Sample.recordName) ?? "", said: world.said,
            at: .seconds(Date().timeIntervalSince(world.chronicle.start)))
    }
}
