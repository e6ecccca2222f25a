import HTTPTransport
import Testing

@testable import AWSClient

@Suite struct ContainerEndpointTests {
    static let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    static let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    static let good =
        #"{"AccessKeyId":"C","SecretAccessKey":"hush","Token":"hush-t","Expiration":"2015-08-30T18:00:00Z"}"#

    @Test(
        "Only places that no stranger is at are asked",
        arguments: [
            (relative, "/v2/x?a=b", "http://169.254.170.2/v2/x?a=b"),
            (full, "https://example.com/x", "https://example.com/x"),
            (full, "http://localhost:8080/x", "http://localhost:8080/x"),
            (full, "http://127.0.0.2/x", "http://127.0.0.2/x"),
            (full, "http://[::1]/x", "http://[::1]/x"), (full, "http://169.254.170.2/x", "http://169.254.170.2/x"),
            (full, "http://169.254.170.23/v1/credentials", "http://169.254.170.23/v1/credentials"),
            (full, "http://[fd00:ec2:0::23]/x", "http://[fd00:ec2:0::23]/x"), (full, "http://example.com/x", nil),
            (full, "http://169.254.169.254/x", nil), (full, "http://[fd00:ec2::24]/x", nil),
            (full, "http://127.0.0.1.example.com/x", nil), (full, "ftp://localhost/", nil), (full, "/x", nil),
            (relative, "v2/x", nil), (relative, "@example.com/", nil),
        ] as [(String, String, String?)])
    func places(variable: String, value: String, url: String?) async throws {
        let result: AWSError? = await awsError {
            let endpoint = try ContainerEndpoint(environment: [variable: value])
            #expect(endpoint?.url.text == url)
        }
        #expect((result == nil) == (url != nil))
        #expect(result == nil || result?.message.contains(variable) == true)
    }

    @Test("The relative place comes before the full one")
    func precedence() throws {
        let endpoint = try ContainerEndpoint(environment: [Self.relative: "/r", Self.full: "https://example.com/f"])
        #expect(endpoint?.url.text == "http://169.254.170.2/r")
    }

    @Test("The token file is read each time, and comes before the variable")
    func tokenFile() throws {
        let endpoint = try #require(
            try ContainerEndpoint(environment: [
                Self.relative: "/r", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/t",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "variable",
            ]))
        let world = World()
        world.change { $0.files["/t"] = .bytes(Array("one".utf8)) }
        #expect(try endpoint.request(readFile: world.readFile).headers["Authorization"] == "one")
        world.change { $0.files["/t"] = .bytes(Array("two".utf8)) }
        let request = try endpoint.request(readFile: world.readFile)
        #expect(request.headers["Authorization"] == "two")
        #expect(!request.usesProxy)
    }

    @Test("Without a file the variable is the token")
    func tokenVariable() throws {
        let endpoint = try #require(
            try ContainerEndpoint(environment: [Self.relative: "/r", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "variable"]))
        #expect(try endpoint.request(readFile: { _ in .missing }).headers["Authorization"] == "variable")
    }

    @Test(
        "A token that cannot be read or sent is refused",
        arguments: [
            FileContents.missing, .unreadable("no"), .bytes(Array("hush\n".utf8)), .bytes(Array("hush\rX: y".utf8)),
        ])
    func badToken(contents: FileContents) async throws {
        let endpoint = try #require(
            try ContainerEndpoint(environment: [Self.relative: "/r", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/t"]))
        let error = await awsError { try endpoint.request(readFile: { _ in contents }) }
        #expect(error?.message.contains("/t") == true)
        #expect(error?.description.contains("hush") == false)
    }

    @Test(
        "An answer without whole credentials is refused, and never quoted",
        arguments: [
            (200, ""), (200, "hush"), (200, "[]"), (200, #"{"AccessKeyId":"C","SecretAccessKey":"hush"}"#),
            (200, #"{"AccessKeyId":"C","SecretAccessKey":"","Token":"hush"}"#),
            (200, #"{"AccessKeyId":1,"SecretAccessKey":"hush","Token":"hush"}"#),
            (200, #"{"AccessKeyId":"C","SecretAccessKey":"hush","Token":"hush","Expiration":"soon"}"#),
            (200, #"{"AccessKeyId":"C","SecretAccessKey":"hush","#), (403, "hush"),
            (400, #"{"code":"InvalidToken","message":"no"}"#), (302, ""),
        ])
    func badAnswer(status: Int, body: String) async throws {
        let world = World()
        let executor = FakeExecutor(.xml(status, body))
        let client = try CredentialSourcesTests.client(world, executor, environment: [Self.relative: "/r"])
        let error = await awsError { try await client.currentCredentials(deadline: world.deadline) }
        #expect(error?.code == .noCredentials)
        #expect(error?.description.contains("hush") == false)
        #expect(executor.requests.count == 1)
    }

    @Test(
        "It is asked up to three times, two seconds each",
        arguments: [
            FakeExecutor.Outcome.xml(500, ""), .failure(.deadlineExceeded, sent: true),
            .failure(.connectFailed, sent: false),
        ])
    func retries(outcome: FakeExecutor.Outcome) async throws {
        let world = World()
        let start = world.current.now
        let failing = FakeExecutor(outcome)
        let client = try CredentialSourcesTests.client(world, failing, environment: [Self.relative: "/r"])
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
        #expect(error != nil)
        #expect(failing.requests.count == 3)
        #expect(failing.seen.first?.deadline == start + .seconds(2))
        #expect(world.current.slept == [.milliseconds(25), .milliseconds(50)])
        // No call of AWS was made.
        #expect(world.current.calls.isEmpty)

        let recovering = FakeExecutor(outcome, .xml(200, Self.good))
        let other = try CredentialSourcesTests.client(World(), recovering, environment: [Self.relative: "/r"])
        #expect(try await other.currentCredentials(deadline: world.deadline).accessKeyID == "C")
    }
}
