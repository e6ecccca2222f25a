import Foundation
import LocalAWS
import Testing

@Suite("Notifications")
struct NotificationTests {
    typealias D = Deployment

    /// The kinds of the events that were told, by what machines read of the messages.
    static func told(_ world: Deployment) throws -> [String] {
        struct Event: Decodable {
            var event: String
        }
        return try world.aws.messages(D.topic).map { message in
            try JSONDecoder().decode(Event.self, from: Data((message.attributes["event"] ?? "").utf8)).event
        }
    }

    @Test(
        "What SNS does not take is told later, in its order; it costs a promotion no time, and no invocation its answer",
        arguments: [
            .error(status: 403, code: "AuthorizationError", message: "not you"),
            .error(status: 500, code: "InternalError", message: "x"), .hang, .drop,
            .raw(status: 200, contentType: "text/html", body: "<html>hotel</html>"),
        ] as [Fault.Effect])
    func toldLater(effect: Fault.Effect) async throws {
        let clock = try MovedClock()
        let world = try await D(livingBy: clock, ["NOTIFY_TOPIC_ARN": D.topic])
        #expect(try await world.check(D.west).reason == "standby")
        let fault = world.aws.inject(Fault(effect, operation: "Publish"))
        try world.aws.setHealthy(false, region: D.east)
        let check = try D.Check(await world.invoke(D.west, timeout: OutageTests.timeout))
        #expect(check.decision == "promote")
        // Without what it was told: a check asks AWS twice.
        #expect(check.durationMs < 1500)
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        #expect(world.aws.requests.contains { $0.operation == "Publish" })
        #expect(try Self.told(world) == [])

        world.aws.remove(fault)
        world.finishFailover()
        try clock.pass(seconds: 60)
        #expect(try await world.check(D.west).reason == "inPlace")
        #expect(try Self.told(world) == ["begun", "finished"])
        await world.stop()
    }

    @Test(
        "So it is with an endpoint that is not to be reached, or takes connections and is silent",
        arguments: [false, true])
    func unreachable(isDeaf: Bool) async throws {
        let deaf = try StaticStabilityTests.DeafPort()
        // Port 1 is nobody's.
        let endpoint = isDeaf ? deaf.url : "http://127.0.0.1:1"
        let world = try await Deployment(
            regions: [D.west], variables: ["NOTIFY_TOPIC_ARN": D.topic, "AWS_ENDPOINT_URL_SNS": endpoint])
        try world.aws.setHealthy(false, region: D.east)
        let check = try D.Check(await world.invoke(D.west, timeout: OutageTests.timeout))
        #expect(check.decision == "promote")
        #expect(check.durationMs < 1500)
        world.finishFailover()
        #expect(try await world.check(D.west).reason == "inPlace")
        #expect(isDeaf == (deaf.connections() > 0))
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        await world.stop()
    }
}
