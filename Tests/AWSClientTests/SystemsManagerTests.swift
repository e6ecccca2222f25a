import AWSClient
import HTTPTransport
import Testing

@Suite struct SystemsManagerTests {
    private static let answer =
        #"{"Parameter":{"ARN":"arn:a","DataType":"text","LastModifiedDate":1.7E9,"#
        + #""Name":"/promoter/pause","Type":"String","Value":"{\"a\":1}\n","Version":3}}"#

    private func get(
        _ executor: FakeExecutor, world: World = World()
    ) async throws -> SystemsManager.Parameter? {
        try await SystemsManager(try world.client(executor), region: "us-west-2").parameter(
            named: "/promoter/pause", deadline: world.deadline)
    }

    @discardableResult
    private func put(_ executor: FakeExecutor, world: World = World()) async throws -> Int64 {
        try await SystemsManager(try world.client(executor), region: "us-west-2").putParameter(
            named: "/promoter/pause", value: "a \"b\"\n", deadline: world.deadline)
    }

    @Test("A parameter is read as it is stored, within a second an attempt")
    func reading() async throws {
        let world = World()
        let executor = FakeExecutor(.xml(200, Self.answer))
        let start = world.current.now
        #expect(
            try await get(executor, world: world)
                == SystemsManager.Parameter(name: "/promoter/pause", value: "{\"a\":1}\n", version: 3))
        let request = try #require(executor.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://ssm.us-west-2.amazonaws.com/")
        #expect(request.headers["X-Amz-Target"] == "AmazonSSM.GetParameter")
        #expect(request.headers["Content-Type"] == "application/x-amz-json-1.1")
        #expect(request.headers["Authorization"]?.contains("/us-west-2/ssm/aws4_request") == true)
        #expect(
            String(decoding: request.body, as: UTF8.self) == #"{"Name":"/promoter/pause","WithDecryption":false}"#)
        #expect(executor.seen.map(\.deadline) == [start + .seconds(1)])
    }

    @Test("A parameter that is not there is nil, and no other refusal is")
    func missing() async throws {
        let missing = FakeExecutor(.xml(400, #"{"__type":"ParameterNotFound"}"#))
        #expect(try await get(missing) == nil)
        #expect(missing.requests.count == 1)
        for code in ["ParameterVersionNotFound", "AccessDeniedException", "InvalidKeyId"] {
            let error = await awsError { try await get(FakeExecutor(.xml(400, #"{"__type":"\#(code)"}"#))) }
            #expect(error?.awsCode == code)
        }
    }

    @Test(
        "An answer that is not whole is an error",
        arguments: [
            "{}", "[]", "null", #"{"Parameter":null}"#, #"{"Parameter":[]}"#,
            #"{"Parameter":{"Value":"v","Version":1}}"#, #"{"Parameter":{"Name":"n","Version":1}}"#,
            #"{"Parameter":{"Name":"n","Value":"v"}}"#, #"{"Parameter":{"Name":"n","Value":1,"Version":1}}"#,
            #"{"Parameter":{"Name":"n","Value":"v","Version":"1"}}"#,
            #"{"Parameter":{"Name":"n","Value":"v","Version":-1}}"#,
            #"{"Parameter":{"Name":"n","Value":"v","Version":1.5}}"#,
        ])
    func notWhole(body: String) async throws {
        let error = await awsError { try await get(FakeExecutor(.xml(200, body))) }
        #expect(error?.code == .unexpectedAnswer)
        #expect(error?.activity == "SSM GetParameter")
    }

    @Test("A parameter is written in plain, over what is there, and again after a lost answer")
    func writing() async throws {
        let executor = FakeExecutor(
            .failure(.connectionLost, sent: true), .xml(200, #"{"Tier":"Standard","Version":4}"#))
        #expect(try await put(executor) == 4)
        #expect(
            executor.requests.map { $0.headers["X-Amz-Target"] } == [
                "AmazonSSM.PutParameter", "AmazonSSM.PutParameter",
            ])
        #expect(
            executor.requests.first.map { String(decoding: $0.body, as: UTF8.self) }
                == #"{"Name":"/promoter/pause","Value":"a \"b\"\n","Type":"String","Overwrite":true}"#)
        #expect(executor.requests.first?.url == "https://ssm.us-west-2.amazonaws.com/")
    }

    @Test("What was not written is an error, and so is an answer of somebody else")
    func notWritten() async throws {
        let refused = await awsError { try await put(FakeExecutor(.xml(400, #"{"__type":"TooManyUpdates"}"#))) }
        #expect(refused?.awsCode == "TooManyUpdates")
        for body in ["", "{}", #"{"Version":"4"}"#, "<html></html>"] {
            let error = await awsError { try await put(FakeExecutor(.xml(200, body))) }
            #expect(error?.code == .unexpectedAnswer)
        }
    }
}
