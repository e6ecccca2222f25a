import Foundation
import Testing

@testable import LocalAWS

/// What IAM, Lambda and EventBridge tell.
@Suite struct FunctionControlTests {
    private static func lambda(_ name: String, _ what: String, region: String = "us-west-2") -> LocalHTTPRequest {
        let version = what == "concurrency" ? "2019-09-30" : "2015-03-31"
        let name = FormCoding.percentEncode(name.utf8)
        let request = LocalHTTPRequest(method: "GET", path: "/\(version)/functions/\(name)/\(what)")
        return LocalAWS.signed(request, service: "lambda", region: region)
    }

    private func events(_ operation: String, _ form: [String: Any], _ aws: LocalAWS) async throws -> [String: Any] {
        try await aws.askJSON(try LocalAWS.json("AWSEvents.\(operation)", form, service: "events")).body
    }

    @Test func `A function is told of as it was added, and as it is changed`() async throws {
        let aws = try LocalAWS.sample()
        var settings = FunctionSettings()
        settings.environment = ["DNS_NAME": "app.example.com"]
        let function = try await aws.addFunction(name: "promoter", region: "us-west-2", settings: settings)
        for name in ["promoter", function.arn, "111122223333:function:promoter"] {
            let told = try await aws.askJSON(Self.lambda(name, "configuration")).body
            #expect(told["FunctionArn"] as? String == function.arn)
            #expect(told["Timeout"] as? Int == 60)
            #expect(told["MemorySize"] as? Int == 128)
            #expect(told["Role"] as? String == "arn:aws:iam::111122223333:role/promoter-role")
            let environment = try #require(told["Environment"] as? [String: [String: String]])
            #expect(environment["Variables"] == ["DNS_NAME": "app.example.com"])
        }
        #expect(try await aws.askJSON(Self.lambda("promoter", "concurrency")).body.isEmpty)
        function.settings.reservedConcurrency = 1
        function.settings.timeout = 10
        #expect(
            try await aws.askJSON(Self.lambda("promoter", "concurrency")).body["ReservedConcurrentExecutions"] as? Int
                == 1
        )
        #expect(try await aws.askJSON(Self.lambda("promoter", "configuration")).body["Timeout"] as? Int == 10)
        await aws.stop()
    }

    @Test func `A runtime gets the function's variables, memory and handler, and none of AWS's can be lost`()
        async throws
    {
        let aws = try LocalAWS.sample()
        var settings = FunctionSettings()
        settings.environment = ["DNS_NAME": "app.example.com", "AWS_REGION": "mine"]
        (settings.memory, settings.handler) = (256, "probe")
        let function = try await aws.addFunction(name: "probe", region: "us-west-2", settings: settings)
        let environment = aws.environment(for: function)
        #expect(environment["DNS_NAME"] == "app.example.com")
        #expect(environment["AWS_REGION"] == "us-west-2")
        #expect(environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256")
        #expect(environment["_HANDLER"] == "probe")
        #expect(aws.environment(for: function, handler: "operator")["_HANDLER"] == "operator")
        await aws.stop()
    }

    @Test("A function is in its own region only", arguments: ["configuration", "concurrency"])
    func otherRegion(_ what: String) async throws {
        let aws = try LocalAWS.sample()
        try await aws.addFunction(name: "promoter", region: "us-west-2")
        let request = Self.lambda("promoter", what, region: "us-east-1")
        guard case .respond(404, let headers, _) = await aws.handle(request) else { throw Dropped() }
        #expect(headers["x-amzn-ErrorType"] == "ResourceNotFoundException")
        #expect(aws.requests.last?.errorCode == "ResourceNotFoundException")
        await aws.stop()
    }

    @Test func `Each function has a rule of its name that invokes it every minute, unless told otherwise`() async throws
    {
        let aws = try LocalAWS.sample()
        let function = try await aws.addFunction(name: "promoter", region: "us-west-2")
        #expect(
            try await events("ListRuleNamesByTarget", ["TargetArn": function.arn], aws)["RuleNames"] as? [String]
                == ["promoter"]
        )
        let rule = try await events("DescribeRule", ["Name": "promoter"], aws)
        #expect(rule["ScheduleExpression"] as? String == "rate(1 minute)")
        #expect(rule["State"] as? String == "ENABLED")

        function.settings.rule?.name = "every-5"
        function.settings.rule?.schedule = "rate(5 minutes)"
        function.settings.rule?.isEnabled = false
        let changed = try await events("DescribeRule", ["Name": "every-5"], aws)
        #expect(changed["ScheduleExpression"] as? String == "rate(5 minutes)")
        #expect(changed["State"] as? String == "DISABLED")
        #expect(
            try await events("DescribeRule", ["Name": "promoter"], aws)["__type"] as? String
                == "ResourceNotFoundException"
        )
        function.settings.rule = nil
        #expect(
            try await events("ListRuleNamesByTarget", ["TargetArn": function.arn], aws)["RuleNames"] as? [String] == []
        )
        await aws.stop()
    }

    private func simulate(_ parameters: [String: String], _ aws: LocalAWS) async throws -> (status: Int, body: String) {
        try await aws.ask(
            LocalAWS.query(
                "SimulatePrincipalPolicy", parameters, service: "iam", version: "2010-05-08", region: "us-east-1"
            )
        )
    }

    private static let role = "arn:aws:iam::111122223333:role/promoter-role"

    @Test func `All is allowed but what is denied, for each resource`() async throws {
        let aws = try LocalAWS.sample()
        aws.deny(actions: ["elasticache:FailoverGlobalReplicationGroup"])
        let body = try await simulate(
            [
                "PolicySourceArn": Self.role, "ActionNames.member.1": "Elasticache:FailoverGlobalReplicationGroup",
                "ActionNames.member.2": "sns:Publish", "ResourceArns.member.1": "arn:one",
                "ResourceArns.member.2": "arn:two",
            ], aws
        ).body
        let decisions = body.split(separator: "<EvalDecision>").dropFirst().map { String($0.prefix { $0 != "<" }) }
        #expect(decisions == ["implicitDeny", "implicitDeny", "allowed", "allowed"])
        aws.deny(actions: [])
        let again = [
            "PolicySourceArn": Self.role, "ActionNames.member.1": "elasticache:FailoverGlobalReplicationGroup",
        ]
        #expect(try await simulate(again, aws).body.element("EvalDecision") == "allowed")
    }

    @Test(
        "What IAM cannot simulate is refused with its code",
        arguments: [
            (
                ["PolicySourceArn": "arn:aws:sts::111122223333:assumed-role/r/s", "ActionNames.member.1": "a:b"],
                "InvalidInput"
            ),
            (["PolicySourceArn": role, "ActionNames.member.1": "Publish"], "InvalidInput"),
            (["PolicySourceArn": role], "ValidationError"),
        ]
    )
    func refusal(_ parameters: [String: String], _ code: String) async throws {
        let answer = try await simulate(parameters, try LocalAWS.sample())
        #expect(answer.status == 400)
        #expect(answer.body.element("Code") == code)
    }
}
