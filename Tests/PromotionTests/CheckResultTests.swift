import AWSClient
import Failover
import JSON
import NameResolution
import Testing

@testable import Promotion

/// The JSON of a result is read by people's alarms and scripts: members and their types are a contract.
@Suite("The JSON of a check")
struct CheckResultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var decision: Decision
        var kind: String
        var reason: String
        var detail: JSONValue
        var needsAttention = false

        var testDescription: String { "\(decision)" }

        init(_ decision: Decision, _ kind: String, _ reason: String, _ detail: JSONValue, attention: Bool = false) {
            self.decision = decision
            self.kind = kind
            self.reason = reason
            self.detail = detail
            needsAttention = attention
        }
    }

    static let promotion: JSONValue = [
        "GlobalReplicationGroupId": "ldgnf-sessions", "PrimaryRegion": "us-west-2",
        "PrimaryReplicationGroupId": "sessions-west",
    ]

    static let cases = [
        Case(.promote(World.promotion), "promote", "activeAndSecondary", promotion),
        Case(.wouldPromote(World.promotion), "wouldPromote", "activeAndSecondary", promotion),
        Case(.hold(.paused), "hold", "paused", [:]),
        Case(.hold(.standby(activeRegion: "us-east-1")), "hold", "standby", [:]),
        Case(.hold(.inPlace), "hold", "inPlace", [:]),
        Case(.hold(.confirming(seen: 1, needed: 3)), "hold", "confirming", ["seen": 1, "needed": 3]),
        Case(
            .hold(.holdingDown(remaining: .milliseconds(1500))), "hold", "holdingDown",
            ["remainingSeconds": .real(1.5)]),
        Case(.hold(.groupStatus("modifying")), "hold", "groupStatus", ["status": "modifying"]),
        Case(
            .hold(.memberStatus("associating")), "hold", "memberStatus", ["status": "associating"], attention: true),
        Case(.hold(.unknownRole("LEADER")), "hold", "unknownRole", ["role": "LEADER"], attention: true),
        Case(.hold(.changeUnderWay), "hold", "changeUnderWay", [:], attention: true),
        Case(
            .hold(.ambiguous(["us-east-1", "us-west-2"])), "hold", "ambiguous",
            ["regions": ["us-east-1", "us-west-2"]], attention: true),
        Case(.hold(.unknown(.noRecords)), "hold", "noRecords", [:], attention: true),
        Case(
            .hold(.unknown(.noRecordMatches(answer: ["10.0.0.1"]))), "hold", "noRecordMatches",
            ["answer": ["10.0.0.1"]], attention: true),
        Case(
            .hold(.unknown(.regionNotReadable(record: "blue", target: "a.cdn.example"))), "hold", "regionNotReadable",
            ["record": "blue", "target": "a.cdn.example"], attention: true),
        Case(.hold(.unknown(.nameNotResolved(.notFound))), "hold", "nameNotFound", [:], attention: true),
        Case(.hold(.unknown(.nameNotResolved(.noAddresses))), "hold", "nameWithoutAddresses", [:], attention: true),
        Case(.hold(.unknown(.nameNotResolved(.temporary))), "hold", "nameServerFailure", [:], attention: true),
        Case(.hold(.unknown(.nameNotResolved(.timedOut))), "hold", "nameServerTimeout", [:], attention: true),
        Case(.hold(.unknown(.nameNotResolved(.failed("x")))), "hold", "nameLookupFailed", [:], attention: true),
        Case(
            .misconfigured(.noLocalMember(groupID: "g", region: "us-west-2", memberRegions: [])), "misconfigured",
            "misconfigured", [:], attention: true),
    ]

    /// A result as a check would have it, whatever its decision.
    static func result(_ decision: Decision, answered: Bool = true, group: Bool = true) -> CheckResult {
        let known = GlobalGroup(
            id: World.groupID, status: "available",
            members: [
                .init(id: "sessions-west", region: "us-west-2", role: .secondary, status: "associated"),
                .init(id: "sessions-east", region: "us-east-1", role: .other("Leader"), status: "associated"),
            ])
        return CheckResult(
            decision: decision,
            observation: Observation(
                ownRegion: "us-west-2", active: answered ? .region("us-west-2") : .unknown(.noRecords),
                group: group ? .fresh(known) : .unread),
            identity: .init(dnsName: World.name, groupID: World.groupID, ownRegion: "us-west-2"),
            answer: answered
                ? ResolvedName(
                    canonicalName: World.name, addresses: ["10.2.0.1", "2001:db8::1"].compactMap { IPAddress($0) })
                : nil,
            calls: [.init(name: "elasticache:DescribeGlobalReplicationGroups", attempts: 2, duration: .seconds(1))],
            duration: .microseconds(1_234_567))
    }

    static let facts: [(String, JSONValue)] = [
        ("dnsName", "app.example.com"), ("globalDatastoreId", "ldgnf-sessions"), ("region", "us-west-2"),
        (
            "calls",
            [["name": "elasticache:DescribeGlobalReplicationGroups", "attempts": 2, "durationMs": .real(1000)]]
        ),
        ("durationMs", .real(1234.567)),
    ]

    static let group: [(String, JSONValue)] = [
        ("status", "available"),
        (
            "members",
            [
                ["id": "sessions-west", "region": "us-west-2", "role": "SECONDARY", "status": "associated"],
                ["id": "sessions-east", "region": "us-east-1", "role": "Leader", "status": "associated"],
            ]
        ),
    ]

    private func keys(_ value: JSONValue) -> [String] {
        if case .object(let members) = value { members.map(\.key) } else { [] }
    }

    @Test("Every decision has its kind, its reason, its own facts and those of the check", arguments: cases)
    func decisions(_ testCase: Case) throws {
        let json = try JSONValue(parsing: Self.result(testCase.decision).json.serialized())
        #expect(json["decision"] == .string(testCase.kind))
        #expect(json["reason"] == .string(testCase.reason))
        #expect(json["detail"] == testCase.detail)
        #expect(json["activeRegion"] == "us-west-2")
        #expect(json["answer"] == ["10.2.0.1", "2001:db8::1"])
        guard case .string(let message) = json["message"] else { throw Broken("message is no string") }
        #expect(!message.isEmpty)
        for (key, value) in Self.facts + Self.group { #expect(json[key] == value, "\(key)") }
        #expect(keys(json).count == 14)
        #expect(testCase.decision.needsAttention == testCase.needsAttention)
    }

    @Test("What is not known is not there, but for the active region, which is null")
    func unknown() throws {
        let result = Self.result(.hold(.unknown(.noRecords)), answered: false, group: false)
        let json = try JSONValue(parsing: result.json.serialized())
        #expect(json["activeRegion"] == .null)
        for key in ["answer", "status", "members"] { #expect(json[key] == nil) }
        for (key, value) in Self.facts { #expect(json[key] == value, "\(key)") }
    }

    @Test("No two reasons have the same word")
    func distinctReasons() {
        let reasons = Self.cases.map(\.decision).filter { $0.kind == "hold" }.map(\.reason)
        #expect(Set(reasons).count == reasons.count)
    }

    static func awsError(_ code: AWSError.Code, _ awsCode: String?) -> AWSError {
        var error = AWSError(code, "it failed")
        error.awsCode = awsCode
        return error
    }

    static let errors: [(any Error, String)] = [
        (awsError(.refused, "AccessDenied"), "AccessDenied"),
        (awsError(.notFound, "GlobalReplicationGroupNotFoundFault"), "GlobalReplicationGroupNotFoundFault"),
        (awsError(.noAnswer, nil), "AWSError"),
        (PromotionError(code: .misconfigured, reason: "r"), "Misconfigured"),
        (PromotionError(code: .aliasLoop, reason: "r"), "AliasLoop"),
        (PromotionError(code: .invariantViolated, reason: "r"), "InvariantViolated"),
        (CancellationError(), "CancellationError"),
        (Broken(), "Broken"),
    ]

    @Test("A failure has the type of its error, and the facts as far as the check got", arguments: errors)
    func failures(_ error: any Error, _ type: String) async throws {
        let world = World()
        world.pointDNS(to: .west)
        world.group.change { $0.failures = [error] }
        let failure = try #require(await world.promoter().failure(in: world))
        #expect(failure.errorType == type)
        #expect(failure.description == "\(error)")
        let json = try JSONValue(parsing: failure.json.serialized())
        #expect(
            json
                == [
                    "decision": "error", "reason": .string(type), "message": .string("\(error)"),
                    "watch": "app.example.com",
                    "dnsName": "app.example.com", "globalDatastoreId": "ldgnf-sessions", "region": "us-west-2",
                    "activeRegion": "us-west-2", "calls": [], "durationMs": .real(0),
                ])
    }
}
