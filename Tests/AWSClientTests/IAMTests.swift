import AWSClient
import HTTPTransport
import Testing

@Suite struct IAMTests {
    static func answer(_ members: String, _ rest: String = "<IsTruncated>false</IsTruncated>") -> FakeExecutor.Outcome {
        .xml(
            200,
            "<SimulatePrincipalPolicyResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">"
                + "<SimulatePrincipalPolicyResult><EvaluationResults>\(members)</EvaluationResults>\(rest)"
                + "</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>")
    }

    static func result(_ action: String, _ resource: String, _ decision: String, _ rest: String = "") -> String {
        "<member><EvalActionName>\(action)</EvalActionName><EvalResourceName>\(resource)</EvalResourceName>"
            + "<EvalDecision>\(decision)</EvalDecision><MatchedStatements/><MissingContextValues/>\(rest)</member>"
    }

    static func specific(_ results: [(String, String)]) -> String {
        let members = results.map { resource, decision in
            "<member><EvalResourceName>\(resource)</EvalResourceName>"
                + "<EvalResourceDecision>\(decision)</EvalResourceDecision></member>"
        }
        return "<ResourceSpecificResults>\(members.joined())</ResourceSpecificResults>"
    }

    private func simulate(
        _ executor: FakeExecutor, resources: [String] = ["arn:a", "arn:b"],
        _ environment: [String: String] = World.keys
    ) async throws -> [IAM.Simulation] {
        let world = World()
        return try await IAM(try world.client(executor, environment)).simulatePrincipalPolicy(
            principalARN: "arn:aws:iam::1:role/r", actions: ["sns:Publish", "ssm:GetParameter"], resources: resources,
            deadline: world.deadline)
    }

    @Test("The request goes to the one endpoint of the partition")
    func request() async throws {
        let executor = FakeExecutor(Self.answer(""))
        #expect(try await simulate(executor) == [])
        #expect(try await simulate(executor, resources: []) == [])
        let request = try #require(executor.requests.first)
        #expect(request.url == "https://iam.amazonaws.com/")
        #expect(request.headers["Authorization"]?.contains("/us-east-1/iam/aws4_request") == true)
        let form =
            "Action=SimulatePrincipalPolicy&Version=2010-05-08&PolicySourceArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"
            + "&ActionNames.member.1=sns%3APublish&ActionNames.member.2=ssm%3AGetParameter"
        #expect(
            executor.requests.map { String(decoding: $0.body, as: UTF8.self) } == [
                "\(form)&ResourceArns.member.1=arn%3Aa&ResourceArns.member.2=arn%3Ab", form,
            ])
        _ = try await simulate(executor, World.keys.merging(["AWS_REGION": "cn-northwest-1"]) { $1 })
        let chinese = try #require(executor.requests.last)
        #expect(chinese.url == "https://iam.cn-north-1.amazonaws.com.cn/")
        #expect(chinese.headers["Authorization"]?.contains("/cn-north-1/iam/aws4_request") == true)
    }

    @Test("What policies ask of the request goes with it")
    func context() async throws {
        let (executor, world) = (FakeExecutor(Self.answer("")), World())
        _ = try await IAM(try world.client(executor, World.keys)).simulatePrincipalPolicy(
            principalARN: "r", actions: ["a:B"], resources: [],
            context: [.init(key: "a:Names", values: ["x", "y"]), .init(key: "a:Types", values: ["z"])],
            deadline: world.deadline)
        let form = try #require(executor.requests.first.map { String(decoding: $0.body, as: UTF8.self) })
        let entries = form.split(separator: "&").filter { $0.hasPrefix("ContextEntries") }.map {
            String($0.dropFirst("ContextEntries.member.".count))
        }
        #expect(
            entries == [
                "1.ContextKeyName=a%3ANames", "1.ContextKeyType=stringList", "1.ContextKeyValues.member.1=x",
                "1.ContextKeyValues.member.2=y", "2.ContextKeyName=a%3ATypes", "2.ContextKeyType=stringList",
                "2.ContextKeyValues.member.1=z",
            ])
    }

    @Test("Decisions are those of the single resources, where AWS gives them")
    func reading() async throws {
        let executor = FakeExecutor(
            Self.answer(
                Self.result(
                    "sns:Publish", "arn:${Partition}:sns:${Region}:${Account}:${TopicName}", "implicitDeny",
                    Self.specific([("arn:a", "allowed"), ("arn:b", "implicitDeny")]))
                    + Self.result("ssm:GetParameter", "*", "explicitDeny")
                    + Self.result("ssm:PutParameter", "", "perhaps", Self.specific([]))))
        #expect(
            try await simulate(executor) == [
                .init(action: "sns:Publish", resource: "arn:a", decision: .allowed),
                .init(action: "sns:Publish", resource: "arn:b", decision: .implicitDeny),
                .init(action: "ssm:GetParameter", resource: "*", decision: .explicitDeny),
                .init(action: "ssm:PutParameter", resource: "*", decision: .other("perhaps")),
            ])
    }

    @Test("Pages are followed to their end")
    func paging() async throws {
        let executor = FakeExecutor(
            Self.answer(Self.result("a:B", "*", "allowed"), "<IsTruncated>true</IsTruncated><Marker>m=</Marker>"),
            Self.answer(Self.result("a:C", "*", "allowed"), "<Marker>left over</Marker>"))
        #expect(try await simulate(executor).map(\.action) == ["a:B", "a:C"])
        #expect(
            executor.requests.map { String(decoding: $0.body, as: UTF8.self).hasSuffix("&Marker=m%3D") }
                == [false, true])
    }

    @Test("Pages that do not end are an error", arguments: [true, false])
    func loop(sameEachTime: Bool) async throws {
        let executor = FakeExecutor { _, index in
            Self.answer("", "<IsTruncated>true</IsTruncated><Marker>\(sameEachTime ? "m" : "m\(index)")</Marker>")
        }
        let error = await awsError { try await simulate(executor) }
        #expect(error?.code == .unexpectedAnswer)
        #expect(error?.activity == "IAM SimulatePrincipalPolicy")
        #expect(executor.requests.count == (sameEachTime ? 2 : 100))
    }

    @Test(
        "A result that is not whole makes the whole answer an error",
        arguments: [
            answer(result("", "*", "allowed")), answer(result("a:B", "*", "")),
            answer(result("a:B", "*", "allowed", specific([("", "allowed")]))),
            answer(result("a:B", "*", "allowed", specific([("arn:a", "")]))),
            answer("", "<IsTruncated>true</IsTruncated>"), answer("", "<IsTruncated>perhaps</IsTruncated>"),
            .xml(200, "<SimulatePrincipalPolicyResponse/>"), .xml(200, "{}"),
        ])
    func notWhole(outcome: FakeExecutor.Outcome) async throws {
        let error = await awsError { try await simulate(FakeExecutor(outcome)) }
        #expect(error?.code == .unexpectedAnswer)
    }

    @Test("What IAM refuses comes with its code, and a principal that is not there is not found")
    func refusal() async throws {
        let missing = await awsError { try await simulate(FakeExecutor(.error(404, "NoSuchEntity"))) }
        #expect(missing?.code == .notFound)
        #expect(missing?.remedy != nil)
        let denied = await awsError { try await simulate(FakeExecutor(.error(403, "AccessDenied"))) }
        #expect(denied?.code == .refused)
        #expect(denied?.remedy?.contains("iam:SimulatePrincipalPolicy") == true)
    }
}
