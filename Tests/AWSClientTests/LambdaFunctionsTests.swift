import AWSClient
import HTTPTransport
import Testing

@Suite struct LambdaFunctionsTests {
    /// The configuration of a function, with some members changed; nil leaves one out.
    static func body(_ changes: [String: String?] = [:]) -> String {
        let members: [(String, String)] = [
            ("FunctionName", #""promoter""#), ("FunctionArn", #""arn:aws:lambda:us-west-2:1:function:promoter""#),
            ("Runtime", #""provided.al2023""#), ("Role", #""arn:aws:iam::1:role/r""#), ("Handler", #""promoter""#),
            ("Timeout", "60"), ("MemorySize", "128"), ("Environment", #"{"Variables":{"DNS_NAME":"hush","B":""}}"#),
            ("Architectures", #"["arm64"]"#), ("VpcConfig", "null"), ("LoggingConfig", #"{"LogFormat":"JSON"}"#),
        ]
        let changed = members.compactMap { name, value -> String? in
            let value: String? = changes[name] ?? value
            return value.map { "\"\(name)\":\($0)" }
        }
        return "{\(changed.joined(separator: ","))}"
    }

    private func configuration(
        _ executor: FakeExecutor, of name: String = "promoter"
    ) async throws -> LambdaFunctionConfiguration {
        let world = World()
        return try await LambdaFunctions(try world.client(executor), region: "us-west-2").configuration(
            of: name, deadline: world.deadline)
    }

    private func concurrency(_ executor: FakeExecutor) async throws -> Int? {
        let world = World()
        return try await LambdaFunctions(try world.client(executor), region: "us-west-2").reservedConcurrency(
            of: "promoter", deadline: world.deadline)
    }

    @Test("A configuration is read with its environment")
    func reading() async throws {
        let executor = FakeExecutor(.xml(200, Self.body()))
        #expect(
            try await configuration(executor)
                == LambdaFunctionConfiguration(
                    arn: "arn:aws:lambda:us-west-2:1:function:promoter", timeoutSeconds: 60, memoryMB: 128,
                    roleARN: "arn:aws:iam::1:role/r", handler: "promoter",
                    environment: ["DNS_NAME": "hush", "B": ""], architectures: ["arm64"]))
        let request = try #require(executor.requests.first)
        #expect(request.method == "GET")
        #expect(
            request.url == "https://lambda.us-west-2.amazonaws.com/2015-03-31/functions/promoter/configuration")
        #expect(request.headers["Authorization"]?.contains("/us-west-2/lambda/aws4_request") == true)
        #expect(request.body.isEmpty)
        #expect(request.headers["Content-Type"] == nil)
    }

    @Test("An ARN is one segment of the path")
    func arn() async throws {
        let executor = FakeExecutor(.xml(200, Self.body()))
        _ = try await configuration(executor, of: "arn:aws:lambda:us-west-2:1:function:a/b")
        #expect(
            executor.requests.first?.url.hasSuffix(
                "/functions/arn%3Aaws%3Alambda%3Aus-west-2%3A1%3Afunction%3Aa%2Fb/configuration") == true)
    }

    @Test(
        "What a function need not have may be missing or null",
        arguments: [nil, "null"] as [String?])
    func optional(value: String?) async throws {
        let body = Self.body(["Environment": value, "Handler": value, "Architectures": value])
        let configuration = try await configuration(FakeExecutor(.xml(200, body)))
        #expect(configuration.environment == [:])
        #expect(configuration.environmentProblem == nil)
        #expect(configuration.handler == "")
        #expect(configuration.architectures == [])
    }

    @Test("An environment that AWS could not decrypt is not an empty one")
    func environmentProblem() async throws {
        let body = Self.body(["Environment": #"{"Error":{"ErrorCode":"KMSAccessDeniedException","Message":"no"}}"#])
        let configuration = try await configuration(FakeExecutor(.xml(200, body)))
        #expect(configuration.environment == [:])
        #expect(configuration.environmentProblem == "KMSAccessDeniedException")
    }

    @Test(
        "A configuration that is not whole is an error that quotes nothing of it",
        arguments: [
            ["FunctionArn": nil], ["Timeout": nil], ["MemorySize": nil], ["Role": nil], ["Role": "null"],
            ["Timeout": #""60""#], ["Timeout": "0"], ["Timeout": "1.5"], ["MemorySize": "99999999999999999999"],
            ["Handler": "1"], ["Environment": "[]"], ["Environment": #"{"Variables":{"hush":1}}"#],
            ["Architectures": "{}"], ["Architectures": "[1]"],
        ] as [[String: String?]])
    func notWhole(changes: [String: String?]) async throws {
        let error = await awsError { try await configuration(FakeExecutor(.xml(200, Self.body(changes)))) }
        #expect(error?.code == .unexpectedAnswer)
        #expect(error?.activity == "Lambda GetFunctionConfiguration")
        #expect(error?.description.contains("hush") == false)
    }

    @Test("Reserved concurrency is a number, zero too, or none")
    func reservedConcurrency() async throws {
        let executor = FakeExecutor(.xml(200, #"{"ReservedConcurrentExecutions":1}"#))
        #expect(try await concurrency(executor) == 1)
        let request = try #require(executor.requests.first)
        #expect(request.method == "GET")
        #expect(request.url == "https://lambda.us-west-2.amazonaws.com/2019-09-30/functions/promoter/concurrency")
        #expect(try await concurrency(FakeExecutor(.xml(200, #"{"ReservedConcurrentExecutions":0}"#))) == 0)
        #expect(try await concurrency(FakeExecutor(.xml(200, "{}"))) == nil)
        #expect(try await concurrency(FakeExecutor(.xml(200, #"{"ReservedConcurrentExecutions":null}"#))) == nil)
        for body in ["", "[]", #"{"ReservedConcurrentExecutions":"1"}"#, #"{"ReservedConcurrentExecutions":-1}"#] {
            let error = await awsError { try await concurrency(FakeExecutor(.xml(200, body))) }
            #expect(error?.code == .unexpectedAnswer)
        }
    }

    @Test("What Lambda refuses comes with its code, and a function that is not there is not found")
    func refusal() async throws {
        let missing = FakeExecutor.Outcome.xml(
            404, #"{"Type":"User","Message":"Function not found"}"#,
            headers: ["x-amzn-ErrorType": "ResourceNotFoundException"])
        let first = await awsError { try await configuration(FakeExecutor(missing)) }
        #expect(first?.code == .notFound)
        #expect(first?.message == "Function not found")
        #expect(first?.remedy != nil)
        let second = await awsError { try await concurrency(FakeExecutor(missing)) }
        #expect(second?.code == .notFound)
        let denied = await awsError {
            try await configuration(
                FakeExecutor(.xml(403, "{}", headers: ["x-amzn-ErrorType": "AccessDeniedException"])))
        }
        #expect(denied?.code == .refused)
        #expect(denied?.remedy?.contains("lambda:GetFunctionConfiguration") == true)
    }
}
