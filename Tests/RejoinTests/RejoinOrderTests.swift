import Functions
import JSON
import LocalAWS
import Promotion
import Testing

@Suite("A rejoin by the handler operator", .serialized)
struct RejoinOrderTests {
    typealias W = RejoinWorld

    private func steps(_ answer: JSONValue) -> [String] {
        guard case .array(let steps)? = answer["steps"] else { return [] }
        return steps.compactMap { step in
            guard case .string(let kind)? = step["kind"], case .string(let state)? = step["state"] else { return nil }
            return "\(kind) \(state)"
        }
    }

    @Test("Without apply the steps are shown, and nothing is done")
    func shows() async throws {
        let world = try await W()
        let answer = try await world.answer(#"{"command":"rejoin","member":"orders-usw2"}"#)
        #expect(answer["command"] == "rejoin")
        #expect(answer["isDone"] == false)
        #expect(answer["next"] == "setAside")
        #expect(
            steps(answer).prefix(4) == ["pause byHand", "awaitRegions done", "setAside next", "create later"])
        #expect(world.changes == [])
        await world.aws.stop()
    }

    @Test("A state machine asks again until it is done")
    func loop() async throws {
        let world = try await W(isSlow: true)
        let event =
            #"{"command":"rejoin","apply":true,"member":"orders-usw2","deleteOldCluster":"orders-use1","confirm":"orders-use1"}"#
        var answers: [JSONValue] = []
        repeat {
            answers.append(try await world.answer(event, lasting: .seconds(35)))
        } while answers.last?["isDone"] != true && answers.count < 30
        #expect(answers.count > 2)
        #expect(answers.dropLast().allSatisfy { $0["isDone"] == false && $0["next"] != .null })
        #expect(answers.last?["isDone"] == true && answers.last?["next"] == .null)
        #expect(world.changes == W.wholeWay + W.deletions)
        #expect(world.state == W.cleanedUp)
        await world.aws.stop()
    }

    @Test(
        "A deletion that is not confirmed by the same id, and what goes with other commands, is refused",
        arguments: [
            #"{"command":"rejoin","apply":true,"deleteOldCluster":"orders-use1"}"#,
            #"{"command":"rejoin","apply":true,"deleteOldCluster":"orders-use1","confirm":"orders-usw2"}"#,
            #"{"command":"rejoin","apply":true,"deleteOldCluster":"orders-use1","confirm":true}"#,
            #"{"command":"rejoin","instances":0}"#, #"{"command":"rejoin","newId":""}"#,
            #"{"command":"rejoin","maximumLagSeconds":1}"#, #"{"command":"status","apply":true}"#,
            #"{"command":"failover","deleteOldCluster":"orders-use1"}"#,
        ])
    func refused(event: String) async throws {
        let world = try await W()
        await #expect(throws: OperatorEventError.self) { try await world.answer(event) }
        #expect(world.aws.requests.isEmpty)
        await world.aws.stop()
    }

    @Test("To show what a deletion would be needs no confirmation")
    func showsDeletion() async throws {
        let world = try await W()
        let answer = try await world.answer(
            #"{"command":"rejoin","member":"orders-usw2","deleteOldCluster":"orders-use1"}"#)
        #expect(steps(answer).contains("deleteCluster later"))
        #expect(world.changes == [])
        await world.aws.stop()
    }

    @Test("All that an event may say arrives")
    func whole() throws {
        let event = """
            {"command":"rejoin","apply":true,"member":"m","newId":"n","secondaryRegion":"us-east-1","secondaryId":"s",
            "subnetGroup":"g","securityGroups":["a","b"],"kmsKey":"k","instanceClass":"c","instances":3,
            "deleteOldCluster":"d","confirm":"d"}
            """
        let order = try OperatorEvent(parsing: Array(event.utf8), ownRegion: W.west).rejoin
        #expect(
            order
                == RejoinOrder(
                    options: .init(
                        member: "m", newID: "n", secondaryRegion: "us-east-1", secondaryID: "s", subnetGroup: "g",
                        securityGroups: ["a", "b"], kmsKey: "k", instanceClass: "c", instances: 3,
                        oldClusterToDelete: "d"), isApplied: true))
    }

    @Test("A dry run shows the steps, and refuses to carry them out")
    func dryRun() async throws {
        let world = try await W()
        let order = #"{"command":"rejoin","member":"orders-usw2","apply":"#
        await #expect(throws: OperatorError.self) {
            try await world.answer(order + "true}", ["DRY_RUN": "true"])
        }
        #expect(try await world.answer(order + "false}", ["DRY_RUN": "true"])["next"] == "setAside")
        #expect(world.changes == [])
        await world.aws.stop()
    }

    @Test("What was detached is known from the history")
    func history() async throws {
        let world = try await W()
        let variables = ["PAUSE_PARAMETER": "/promoter/pause"]
        await #expect(throws: RejoinFailure.self) { try await world.answer(#"{"command":"rejoin","apply":true}"#) }
        let entry: JSONValue = [
            "time": "2026-01-01T00:00:00Z", "watch": "app.example.com", "group": "orders-global",
            "member": .string(W.own.arn), "region": .string(W.west), "outcome": "detached",
        ]
        world.put(parameter: "/promoter/pause-history", JSONValue.array([entry]))
        #expect(try await world.answer(#"{"command":"rejoin"}"#, variables)["next"] == "setAside")
        await world.aws.stop()
    }

    @Test("Without an Aurora cluster there is nothing to carry out")
    func datastore() async throws {
        let world = try await W()
        await #expect(throws: OperatorError.self) {
            try await world.answer(
                #"{"command":"rejoin"}"#,
                ["GLOBAL_CLUSTER_ID": "", "GLOBAL_DATASTORE_ID": LocalAWS.Sample.datastoreID])
        }
        await world.aws.stop()
    }
}
