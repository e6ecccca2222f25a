import Foundation
import LocalAWS
import Testing

@Suite("The handler operator")
struct OperatorTests {
    typealias D = Deployment

    struct Answer: Decodable {
        var watches: [Watch]

        struct Watch: Decodable {
            var watch: String
            struct Check: Decodable {
                var decision: String
            }
            var check: Check?
            var outcome: String?
        }
    }

    /// A function of the handler in the west, while DNS leads to the east.
    static func world(_ variables: [String: String?] = [:]) async throws -> Deployment {
        try await Deployment(regions: [D.west], variables: ["_HANDLER": "operator"].merging(variables) { $1 })
    }

    static func answer(_ outcome: InvocationOutcome) throws -> Answer.Watch {
        guard case .response(let body) = outcome else { throw D.Unexpected(outcome: outcome) }
        let watches = try JSONDecoder().decode(Answer.self, from: body).watches
        return try #require(watches.count == 1 ? watches.first : nil)
    }

    @Test("Status is what the function sees, and changes nothing")
    func status() async throws {
        let world = try await Self.world()
        let watch = try Self.answer(try await world.invoke(D.west, Data(#"{"command":"status"}"#.utf8)))
        #expect(watch.watch == LocalAWS.Sample.recordName)
        #expect(watch.check?.decision == "hold")
        #expect(world.promotionRequests.isEmpty)
        await world.stop()
    }

    @Test(
        "An order is followed to its end: of a person, or of a plan",
        arguments: [
            #"{"command":"failover"}"#,
            #"{"planArn":"arn:aws:arc-region-switch::111122223333:plan/all:abc","action":"activate"}"#,
        ])
    func failover(order: String) async throws {
        let world = try await Self.world()
        let happenings = world.aws.events.stream()
        let function = try world.function(D.west)
        async let invoked = function.invoke(Data(order.utf8))
        loop: for await event in happenings {
            switch event.kind {
            // Answered: by then it is settled when it will be over.
            case .requestServed(let request) where request.operation == "FailoverGlobalReplicationGroup":
                world.finishFailover()
            case .invocationEnded: break loop
            default: break
            }
        }
        #expect(try Self.answer(await invoked).outcome == "promoted")
        #expect(world.primaryRegion == D.west)
        #expect(world.promotionRequests == [D.promotion(of: D.west)])
        await world.stop()
    }

    @Test(
        "What is not carried out fails the invocation, and so the plan",
        arguments: [
            (#"{"command":"promote"}"#, "Function.InvalidEvent"),
            (
                #"{"planArn":"arn:aws:arc-region-switch::111122223333:plan/all:abc","targetRegion":"us-east-1"}"#,
                "Function.InvalidEvent"
            ),
            (#"{"command":"failover","watch":"nobody"}"#, "Function.OperatorError"),
            // The lag is 0.2 s here.
            (#"{"command":"switchover","maximumLagSeconds":0.1}"#, "Function.OrderNotCarriedOut"),
        ])
    func refused(order: String, type: String) async throws {
        let world = try await Self.world()
        guard case .error(let reported, _) = try await world.invoke(D.west, Data(order.utf8)) else {
            Issue.record("no error")
            return
        }
        #expect(reported == type)
        #expect(world.promotionRequests.isEmpty)
        await world.stop()
    }
}
