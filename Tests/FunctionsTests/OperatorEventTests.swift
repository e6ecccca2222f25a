import Functions
import Testing

@Suite("What the operator is asked to do")
struct OperatorEventTests {
    static func read(_ text: String, in region: String = "us-west-2") throws(OperatorEventError) -> OperatorEvent {
        try OperatorEvent(parsing: Array(text.utf8), ownRegion: region)
    }

    @Test(
        "An order is read with all that goes with it",
        arguments: [
            (#"{"command":"status"}"#, OperatorEvent(command: .status)),
            (#"{"command":"status","watch":"a"}"#, OperatorEvent(command: .status, watch: "a")),
            (
                #"{"command":"pause","by":"ops","reason":"maintenance"}"#,
                OperatorEvent(command: .pause, by: "ops", reason: "maintenance")
            ),
            (#"{"command":"resume"}"#, OperatorEvent(command: .resume)),
            (#"{"watch":"a","command":"failover"}"#, OperatorEvent(command: .failover, watch: "a")),
            (#"{"command":"switchover"}"#, OperatorEvent(command: .switchover)),
            (
                #"{"command":"switchover","maximumLagSeconds":0.5}"#,
                OperatorEvent(command: .switchover, maximumLagSeconds: 0.5)
            ),
            (
                #"{"command":"failover","to":"us-west-2","allowDataLoss":true}"#,
                OperatorEvent(command: .failover, allowsDataLoss: true)
            ),
            (#"{"command":"failover","allowDataLoss":false}"#, OperatorEvent(command: .failover)),
            (#"{"command":"switchover","to":"us-west-2"}"#, OperatorEvent(command: .switchover)),
            (#"{"command":"detach","group":"orders"}"#, OperatorEvent(command: .detach, group: "orders")),
            (#"{"command":"history","watch":"a"}"#, OperatorEvent(command: .history, watch: "a")),
        ])
    func orders(_ text: String, _ event: OperatorEvent) throws {
        #expect(try Self.read(text) == event)
    }

    @Test(
        "What is not understood is refused by its member, and nothing is done",
        arguments: [
            ("", nil), ("x", nil), ("[]", nil), ("{}", "command"), ("null", nil), (#""failover""#, nil),
            (#"{"command":"promote"}"#, "command"), (#"{"command":"Failover"}"#, "command"),
            (#"{"command":null}"#, "command"), (#"{"command":7}"#, "command"),
            (#"{"command":"status","what":1}"#, "what"),
            (#"{"command":"failover","dryRun":true}"#, "dryRun"), (#"{"command":"failover","watch":7}"#, "watch"),
            (#"{"command":"failover","watch":null}"#, "watch"), (#"{"command":"pause","by":7}"#, "by"),
            (#"{"command":"pause","reason":[]}"#, "reason"),
            (#"{"command":"switchover","maximumLagSeconds":-1}"#, "maximumLagSeconds"),
            (#"{"command":"switchover","maximumLagSeconds":"1"}"#, "maximumLagSeconds"),
            (#"{"command":"switchover","maximumLagSeconds":86401}"#, "maximumLagSeconds"),
            // A failover has no limit, and who sets one thinks otherwise.
            (#"{"command":"failover","maximumLagSeconds":1}"#, "maximumLagSeconds"),
            // It is for the function in that region, whose member it is about.
            (#"{"command":"failover","to":"us-east-1"}"#, "us-west-2"),
            (#"{"command":"switchover","to":"us-east-1"}"#, "us-east-1"),
            (#"{"command":"failover","to":null}"#, "to"), (#"{"command":"detach","to":"us-west-2"}"#, "to"),
            (#"{"command":"status","to":"us-west-2"}"#, "to"),
            (#"{"command":"failover","allowDataLoss":"true"}"#, "allowDataLoss"),
            (#"{"command":"switchover","allowDataLoss":true}"#, "allowDataLoss"),
            (#"{"command":"detach","allowDataLoss":true}"#, "allowDataLoss"),
            (#"{"command":"status","group":"orders"}"#, "group"), (#"{"command":"detach","group":7}"#, "group"),
            // Who pauses one watch does not want all of them paused.
            (#"{"command":"pause","watch":"a"}"#, "watch"), (#"{"command":"resume","watch":"a"}"#, "watch"),
            (#"{"detail":{"planArn":"arn:aws:other:us-east-1:1:plan/x"}}"#, "detail"),
        ] as [(String, String?)])
    func refused(_ text: String, _ member: String?) {
        let error = #expect(throws: OperatorEventError.self) { try Self.read(text) }
        #expect(error?.lambdaErrorType == "InvalidEvent")
        if let member { #expect(error?.description.contains(member) == true) }
    }

    static let plan = "arn:aws:arc-region-switch::111122223333:plan/failover:abc123"

    /// The shape is not documented: the same facts in several.
    static func shapes(_ members: [(String, String)]) -> [String] {
        let list = members.map { #""\#($0)":"\#($1)""# }.joined(separator: ",")
        let capitals = members.map { #""\#($0.prefix(1).uppercased())\#($0.dropFirst())":"\#($1)""# }
        return [
            "{\(list)}", "{\(capitals.joined(separator: ","))}",
            #"{"source":"aws.arc-region-switch","detail":{\#(list)}}"#,
            #"{"version":"1","execution":{"plan":{\#(list)},"step":{"name":"promote"}}}"#, #"[{"steps":[{\#(list)}]}]"#,
        ]
    }

    @Test(
        "A plan that activates this region is an order to fail over, whatever its event looks like",
        arguments: [
            shapes([("planArn", plan)]), shapes([("planArn", plan), ("action", "activate"), ("mode", "ungraceful")]),
            shapes([("planArn", plan), ("action", "ACTIVATE"), ("targetRegion", "us-west-2")]),
            shapes([("planArn", plan), ("activatingRegion", "us-west-2"), ("deactivatingRegion", "us-east-1")]),
            shapes([("resource", plan), ("regionToActivate", "us-west-2")]),
            shapes([("planArn", plan), ("executionAction", "activate"), ("executionMode", "UNGRACEFUL")]),
        ].flatMap { $0 })
    func failover(text: String) throws {
        let event = try Self.read(text)
        #expect(event.command == .failover && event.allowsDataLoss)
        #expect(event.watch == nil)
        #expect(event.reason == Self.plan)
    }

    @Test(
        "A plan that has time is an order to switch over",
        arguments: shapes([("planArn", plan), ("mode", "graceful"), ("targetRegion", "us-west-2")])
            + shapes([("planArn", plan), ("executionMode", "GRACEFUL")]))
    func switchover(text: String) throws {
        #expect(try Self.read(text).command == .switchover)
    }

    @Test(
        "A plan that activates another region, or deactivates one, is refused",
        arguments: shapes([("planArn", plan), ("action", "activate"), ("targetRegion", "us-east-1")])
            + shapes([("planArn", plan), ("activatingRegion", "us-east-1"), ("deactivatingRegion", "us-west-2")])
            + shapes([("planArn", plan), ("regionToActivate", "eu-west-1")])
            + shapes([("planArn", plan), ("action", "deactivate"), ("targetRegion", "us-west-2")])
            + shapes([("planArn", plan), ("executionAction", "DEACTIVATE")])
            + shapes([("planArn", plan), ("action", "postRecovery")])
            + shapes([("planArn", plan), ("action", "activate"), ("region", "us-east-1")])
            + shapes([("planArn", plan), ("action", "deactivateRegion")])
            // Whether it has time for the checks of a switchover cannot be told.
            + shapes([("planArn", plan), ("mode", "practice")]))
    func otherRegion(text: String) {
        #expect(throws: OperatorEventError.self) { try Self.read(text) }
    }

    @Test("An order of our own goes before what else is in the event")
    func ownOrder() throws {
        #expect(throws: OperatorEventError.self) { try Self.read(#"{"command":"status","planArn":"\#(Self.plan)"}"#) }
    }

    @Test("An event that nests deeply ends nothing but itself")
    func deep() {
        let text = String(repeating: "[", count: 1500) + "\"\(Self.plan)\"" + String(repeating: "]", count: 1500)
        #expect(throws: OperatorEventError.self) { try Self.read(text) }
    }
}
