import Foundation
import LocalAWS
import Testing

@Suite("A pause by an operator")
struct PauseTests {
    typealias D = Deployment

    static let effects: [Fault.Effect] = [
        .error(status: 400, code: "AccessDeniedException", message: "not you"), .hang, .drop,
    ]

    struct Paused: Decodable {
        var reason: String
        var detail: Detail

        struct Detail: Decodable {
            var by: String?
            var reason: String?
        }
    }

    @Test(
        "and its end are seen by a function that runs on, within the invocation in which another process ordered them",
        .timeLimit(.minutes(1)))
    func whileRunning() async throws {
        let clock = try MovedClock()
        let world = try await D(livingBy: clock, ["CHECK_INTERVAL_SECONDS": "0.2"])
        let process = try #require(world.processes[D.west])
        /// Each change is logged by the check that sees it.
        func logged(_ reasons: String...) async {
            func isLogged() -> Bool { ContinuousTests.members("reason", of: process.output).starts(with: reasons) }
            while !Task.isCancelled, !isLogged() { await Task.yield() }
            #expect(isLogged())
        }
        let function = try world.function(D.west)
        // Ended by the clock, long before.
        async let invoked = function.invoke(timeout: .seconds(600))
        await logged("standby")

        #expect(try await world.promoter("pause", "--reason", "drill", "--by", "ana").status == 0)
        try clock.pass(seconds: 60)
        await logged("standby", "pausedByOperator")
        try world.aws.setHealthy(false, region: D.east)
        // Meanwhile there are several checks.
        #expect(try await world.promoter("resume").status == 0)
        #expect(world.promotionRequests.isEmpty)

        try clock.pass(seconds: 60)
        await logged("standby", "pausedByOperator", "activeAndSecondary")
        try clock.pass(seconds: 600)
        _ = await invoked
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        await world.stop()
    }

    @Test("holds a function that starts after it, and says whose it is and why; after its end the next start promotes")
    func beforeTheStart() async throws {
        let world = try await Deployment(regions: [D.west], start: false)
        #expect(try await world.promoter("pause", "--reason", "drill", "--by", "ana").status == 0)
        try world.aws.setHealthy(false, region: D.east)
        try await world.restart()
        guard case .response(let body) = try await world.invoke(D.west) else {
            Issue.record("no response")
            return
        }
        let check = try JSONDecoder().decode(Paused.self, from: body)
        #expect(check.reason == "pausedByOperator")
        #expect(check.detail.by == "ana" && check.detail.reason == "drill")
        #expect(world.promotionRequests.isEmpty)

        #expect(try await world.promoter("resume").status == 0)
        try await world.restart()
        #expect(try await world.check(D.west).decision == "promote")
        await world.stop()
    }

    @Test(
        "is as it was last read where the parameter cannot be read any more", arguments: effects, ["paused", "running"])
    func unreadable(effect: Fault.Effect, value: String) async throws {
        let clock = try MovedClock()
        let world = try await D(livingBy: clock) { aws in
            aws.setParameter(D.pauseParameter, to: value, region: D.west)
        }
        #expect(try await world.check(D.west).reason == (value == "paused" ? "pausedByOperator" : "standby"))
        let fault = world.aws.inject(Fault(effect, operation: "GetParameter"))
        world.aws.setParameter(D.pauseParameter, to: value == "paused" ? "running" : "paused", region: D.west)
        world.aws.clearRequests()
        try clock.pass(seconds: 60)
        try world.aws.setHealthy(false, region: D.east)
        let check = try await world.check(D.west)
        #expect(world.aws.requests.contains { $0.operation == "GetParameter" })
        guard value == "paused" else {
            #expect(check.decision == "promote")
            return await world.stop()
        }
        #expect(check.reason == "pausedByOperator")
        #expect(world.promotionRequests.isEmpty)
        world.aws.remove(fault)
        try clock.pass(seconds: 60)
        #expect(try await world.check(D.west).decision == "promote")
        await world.stop()
    }

    @Test("may be there as long as the parameter was never read: nothing is promoted", arguments: effects)
    func neverRead(effect: Fault.Effect) async throws {
        let clock = try MovedClock()
        var fault: FaultID?
        let world = try await D(livingBy: clock) { aws in
            fault = aws.inject(Fault(effect, operation: "GetParameter"))
            try aws.setHealthy(false, region: D.east)
        }
        for _ in 0..<2 {
            #expect(try await world.check(D.west).reason == "pauseUnknown")
            try clock.pass(seconds: 6)
        }
        #expect(world.promotionRequests.isEmpty)
        if let fault { world.aws.remove(fault) }
        #expect(try await world.check(D.west).decision == "promote")
        await world.stop()
    }
}
