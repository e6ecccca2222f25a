import AWSClient
import HTTPTransport
import Testing

@Suite struct SecretsManagerTests {
    static let arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:redis-AbCdEf"

    private static let answer = FakeExecutor.Outcome.xml(
        200,
        #"{"ARN":"arn:a","CreatedDate":1.7E9,"Name":"redis","SecretString":"{\"password\":\"hush\"}","#
            + #""VersionId":"v","VersionStages":["AWSCURRENT"]}"#)

    private func get(_ executor: FakeExecutor, of id: String = "redis") async throws -> Secret {
        let world = World()
        return try await SecretsManager(try world.client(executor)).secretValue(of: id, deadline: world.deadline)
    }

    @Test("The current value is read, from the region that the ARN says, or from one's own")
    func reading() async throws {
        for (id, region) in [(Self.arn, "us-west-2"), ("redis", "eu-west-1"), ("a/b:c", "eu-west-1")] {
            let executor = FakeExecutor(Self.answer)
            #expect(try await get(executor, of: id) == Secret(#"{"password":"hush"}"#))
            let request = try #require(executor.requests.first)
            #expect(request.method == "POST")
            #expect(request.url == "https://secretsmanager.\(region).amazonaws.com/")
            #expect(request.headers["X-Amz-Target"] == "secretsmanager.GetSecretValue")
            #expect(request.headers["Content-Type"] == "application/x-amz-json-1.1")
            #expect(
                request.headers["Authorization"]?.contains("/\(region)/secretsmanager/aws4_request") == true)
            #expect(String(decoding: request.body, as: UTF8.self) == #"{"SecretId":"\#(id)"}"#)
        }
    }

    @Test(
        "What begins like an ARN is one of a secret, or nothing is sent",
        arguments: [
            "arn:", "arn:aws:secretsmanager:us-west-2:123456789012:secret",
            "arn:aws:secretsmanager:us-west-2:123456789012:secret:", "arn:aws:ssm:us-west-2:123456789012:secret:a",
            "arn:aws:secretsmanager::123456789012:secret:a", "arn:aws:secretsmanager:evil.example/:1:secret:a",
            "arn:aws:secretsmanager:us-west-2:123456789012:secret:a:b",
        ])
    func noARN(id: String) async throws {
        let executor = FakeExecutor(Self.answer)
        let error = await awsError { try await get(executor, of: id) }
        #expect(error?.code == .invalidConfiguration)
        #expect(executor.requests.isEmpty)
    }

    @Test("A secret that is not there is known as that, and other refusals by their codes")
    func refusals() async throws {
        for (code, expected) in [
            ("ResourceNotFoundException", AWSError.Code.notFound), ("AccessDeniedException", nil),
            ("DecryptionFailure", nil),
        ] as [(String, AWSError.Code?)] {
            let error = await awsError { try await get(FakeExecutor(.xml(400, #"{"__type":"\#(code)"}"#))) }
            #expect(error?.awsCode == code)
            #expect((error?.code == .notFound) == (expected == .notFound))
        }
    }

    @Test(
        "A value that is no text is an error, and is not shown",
        arguments: [
            "{}", "[]", #"{"SecretString":["hush"]}"#, #"{"SecretString":4711}"#,
            #"{"SecretString":null}"#, #"{"SecretString":"hush""#, "hush",
        ])
    func noText(body: String) async throws {
        let error = await awsError { try await get(FakeExecutor(.xml(200, body))) }
        #expect(error?.code == .unexpectedAnswer)
        #expect(error?.activity == "Secrets Manager GetSecretValue")
        for secret in ["hush", "4711"] { #expect(error.map { "\($0)".contains(secret) } == false) }
    }

    @Test("A secret that is binary is said to be that, and not shown")
    func binary() async throws {
        let error = await awsError {
            try await get(FakeExecutor(.xml(200, #"{"Name":"redis","SecretBinary":"aHVzaA==","SecretString":null}"#)))
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error.map { "\($0)".contains("aHVzaA") } == false)
    }
}
