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
        let recovery = try await withThrowingTaskGroup(of: Duration?.self) { [settings, plan, terms] group in
            for function in world.functions {
                group.addTask {
                    try await function.run()
                    return nil
                }
            }
            group.addTask {
                try await Self.play(plan, on: world, from: start)
                return try await Self.settle(world, Judge(terms), until: start + settings.length, settings)
            }
            // The first that ends is the plan, or something that went wrong with the run itself.
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        let judge = Judge(terms)
        let unsettled = judge.violations(atTheEndOf: world, said: world.said)
        await world.end()
        world.readLookups()
        let facts = world.chronicle.facts()
        return ChaosReport(
            settings: settings, plan: plan, world: world, facts: facts, recovery: recovery,
            violations: judge.violations(in: facts) + unsettled)
    }

    /// - Returns: how long it took until all was as it should be, and stayed so.
    private static func settle(
        _ world: ChaosWorld, _ judge: Judge, until end: ContinuousClock.Instant, _ settings: ChaosSettings
    ) async throws -> Duration? {
        let start = ContinuousClock.now
        var right: Duration?
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(100))
            let isRight = judge.violations(atTheEndOf: world, said: [:]).isEmpty
            right = isRight ? right ?? ContinuousClock.now - start : nil
            if settings.endsEarly, isRight, judge.violations(atTheEndOf: world, said: world.said).isEmpty { break }
        }
        return right
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
    fileprivate func violations(atTheEndOf world: ChaosWorld, said: [String: [String]]) -> [Violation] {
        violations(
            atTheEnd: GroupModel.groups(of: world.aws),
            active: world.aws.activeRegion(of: LocalAWS.Sample.recordName) ?? "", said: said,
            at: .seconds(Date().timeIntervalSince(world.chronicle.start)))
    }
}
