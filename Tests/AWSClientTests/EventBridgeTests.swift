import AWSClient
import HTTPTransport
import Testing

@Suite struct EventBridgeTests {
    private func names(_ executor: FakeExecutor) async throws -> [String] {
        let world = World()
        return try await EventBridge(try world.client(executor), region: "us-west-2").ruleNames(
            byTarget: "arn:f", deadline: world.deadline)
    }

    private func rule(_ executor: FakeExecutor) async throws -> EventRule {
        let world = World()
        return try await EventBridge(try world.client(executor), region: "us-west-2").rule(
            named: "promoter", deadline: world.deadline)
    }

    @Test("The rules of a target are read by pages")
    func listing() async throws {
        let executor = FakeExecutor(
            .xml(200, #"{"RuleNames":["a","b"],"NextToken":"t"}"#), .xml(200, #"{"RuleNames":["c"],"NextToken":null}"#))
        #expect(try await names(executor) == ["a", "b", "c"])
        let request = try #require(executor.requests.first)
        #expect(request.url == "https://events.us-west-2.amazonaws.com/")
        #expect(request.headers["X-Amz-Target"] == "AWSEvents.ListRuleNamesByTarget")
        #expect(request.headers["Content-Type"] == "application/x-amz-json-1.1")
        #expect(request.headers["Authorization"]?.contains("/us-west-2/events/aws4_request") == true)
        #expect(
            executor.requests.map { String(decoding: $0.body, as: UTF8.self) } == [
                #"{"TargetArn":"arn:f","Limit":100}"#, #"{"TargetArn":"arn:f","Limit":100,"NextToken":"t"}"#,
            ])
    }

    @Test("Pages that do not end are an error", arguments: [true, false])
    func loop(sameEachTime: Bool) async throws {
        let executor = FakeExecutor { _, index in
            .xml(200, #"{"RuleNames":[],"NextToken":"\#(sameEachTime ? "t" : "t\(index)")"}"#)
        }
        let error = await awsError { try await names(executor) }
        #expect(error?.code == .unexpectedAnswer)
        #expect(error?.activity == "EventBridge ListRuleNamesByTarget")
        #expect(executor.requests.count == (sameEachTime ? 2 : 100))
    }

    @Test(
        "A rule is read with its schedule, if it has one",
        arguments: [
            (#""ScheduleExpression":"rate(1 minute)","State":"ENABLED""#, "rate(1 minute)", true),
            (#""ScheduleExpression":"rate(1 minute)","State":"DISABLED""#, "rate(1 minute)", false),
            (#""EventPattern":"{}","State":"ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS""#, nil, true),
            (#""ScheduleExpression":null,"State":"ENABLED""#, nil, true),
            (#""ScheduleExpression":"","State":"NEW""#, nil, false),
        ] as [(String, String?, Bool)])
    func reading(members: String, schedule: String?, isEnabled: Bool) async throws {
        let executor = FakeExecutor(.xml(200, #"{"Name":"promoter","Arn":"arn:r",\#(members)}"#))
        #expect(
            try await rule(executor)
                == EventRule(name: "promoter", scheduleExpression: schedule, isEnabled: isEnabled))
        #expect(executor.requests.map { $0.headers["X-Amz-Target"] } == ["AWSEvents.DescribeRule"])
        #expect(executor.requests.map { String(decoding: $0.body, as: UTF8.self) } == [#"{"Name":"promoter"}"#])
    }

    @Test(
        "An answer that is not whole is an error",
        arguments: [
            "", "{}", "[]", #"{"RuleNames":null}"#, #"{"RuleNames":[1]}"#, #"{"RuleNames":[],"NextToken":1}"#,
            #"{"Name":"n"}"#, #"{"State":"ENABLED"}"#, #"{"Name":"n","State":true}"#,
            #"{"Name":"n","State":"ENABLED","ScheduleExpression":1}"#,
        ])
    func notWhole(body: String) async throws {
        let listing = await awsError { try await names(FakeExecutor(.xml(200, body))) }
        #expect(listing?.code == .unexpectedAnswer)
        let reading = await awsError { try await rule(FakeExecutor(.xml(200, body))) }
        #expect(reading?.code == .unexpectedAnswer)
    }

    @Test("What EventBridge refuses comes with its code, and a rule that is not there is not found")
    func refusal() async throws {
        let missing = await awsError {
            try await rule(FakeExecutor(.xml(400, #"{"__type":"ResourceNotFoundException","message":"m"}"#)))
        }
        #expect(missing?.code == .notFound)
        #expect(missing?.remedy != nil)
        let denied = await awsError { try await names(FakeExecutor(.xml(400, #"{"__type":"AccessDeniedException"}"#))) }
        #expect(denied?.remedy?.contains("events:ListRuleNamesByTarget") == true)
    }
}
