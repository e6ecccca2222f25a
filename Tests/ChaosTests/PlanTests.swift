import LocalAWS
import Testing

@testable import Chaos

@Suite("What is drawn from a seed")
struct PlanTests {
    private static func plan(_ seed: UInt64, end: Duration = .seconds(500)) -> Plan {
        Plan(seed: seed, regions: ChaosSettings.regions, end: end)
    }

    @Test("The same seed draws the same, another one something else")
    func seeds() {
        #expect(Self.plan(1).disturbances == Self.plan(1).disturbances)
        #expect(Self.plan(1).disturbances != Self.plan(2).disturbances)
    }

    @Test("Nothing outlasts the rough part of a run", arguments: 0..<20 as Range<UInt64>)
    func calm(_ seed: UInt64) {
        let end = Duration.seconds(40)
        for disturbance in Self.plan(seed, end: end).disturbances {
            #expect(.zero <= disturbance.begins && disturbance.begins <= disturbance.ends && disturbance.ends <= end)
        }
    }

    @Test("Ten minutes have something of each kind of fault, in all regions, and a longer pause than the grace")
    func coverage() {
        let plans = (0..<5).map { Self.plan($0).disturbances }.flatMap(\.self)
        let names = Set(plans.compactMap(\.kind.name))
        #expect(names.count == 12 + RegionalResolver.Trouble.allCases.count + 2 + 3)
        for region in ChaosSettings.regions {
            #expect(plans.contains { $0.kind == .killed(region: region) })
            #expect(plans.contains { $0.kind == .nameServer(region: region, .silent) })
        }
        #expect(plans.contains { $0.kind == .paused && $0.ends - $0.begins > .seconds(115) })
    }

    @Test("Who asks whether promotions are paused is answered")
    func pause() {
        let faults = (0..<20).flatMap { Self.plan($0).disturbances }.compactMap { disturbance -> Fault? in
            if case .service(_, let fault) = disturbance.kind { fault } else { nil }
        }
        #expect(!faults.isEmpty && faults.allSatisfy { $0.exceptServices.contains("ssm") })
    }
}
