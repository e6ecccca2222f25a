import HTTPTransport
import Testing

@testable import AWSClient

@Suite struct CredentialSourcesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var environment: [String: String] = [:]
        var config = ""
        var credentials = ""
        var accessKeyID: String

        var testDescription: String { name }
    }

    static let environmentKeys = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "hush"]
    static let container = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x"]
    private static func keys(_ id: String) -> String { "aws_access_key_id=\(id)\naws_secret_access_key=hush\n" }

    /// What the fake servers give: the container `CONTAINER`, STS `ROLE-` and the name of the role.
    static let cases = [
        Case(name: "environment", environment: environmentKeys, accessKeyID: "ENV"),
        Case(
            name: "environment before all others", environment: environmentKeys.merging(container) { $1 },
            config: "[default]\n\(keys("FILE"))", accessKeyID: "ENV"),
        Case(
            name: "environment before a profile that is asked for",
            environment: environmentKeys.merging(["AWS_PROFILE": "p"]) { $1 }, config: "[profile p]\n\(keys("FILE"))",
            accessKeyID: "ENV"),
        Case(
            name: "empty variables are none", environment: ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""],
            config: "[default]\n\(keys("FILE"))", accessKeyID: "FILE"),
        Case(name: "credentials file", credentials: "[default]\n\(keys("FILE"))", accessKeyID: "FILE"),
        Case(
            name: "credentials file before config file", config: "[default]\n\(keys("CONFIG"))",
            credentials: "[default]\n\(keys("FILE"))", accessKeyID: "FILE"),
        Case(
            name: "profile before container", environment: container, credentials: "[default]\n\(keys("FILE"))",
            accessKeyID: "FILE"),
        Case(
            name: "the profile that is asked for", environment: ["AWS_PROFILE": "p"],
            credentials: "[default]\n\(keys("FILE"))[p]\n\(keys("P"))", accessKeyID: "P"),
        Case(name: "container", environment: container, accessKeyID: "CONTAINER"),
        Case(
            name: "container after a profile without keys", environment: container,
            config: "[default]\nregion=eu-west-1",
            accessKeyID: "CONTAINER"),
        Case(
            name: "role", environment: ["AWS_PROFILE": "p"],
            config: "[profile p]\nrole_arn=arn:aws:iam::1:role/a\nsource_profile=q\n[profile q]\n\(keys("Q"))",
            accessKeyID: "ROLE-a-by-Q"),
        Case(
            name: "role before the keys beside it, which are its source", environment: ["AWS_PROFILE": "p"],
            config: "[profile p]\nrole_arn=arn:aws:iam::1:role/a\nsource_profile=p\n\(keys("P"))",
            accessKeyID: "ROLE-a-by-P"),
        Case(
            name: "role by a role", environment: ["AWS_PROFILE": "p"],
            config: "[profile p]\nrole_arn=arn:aws:iam::1:role/a\nsource_profile=q\n"
                + "[profile q]\nrole_arn=arn:aws:iam::1:role/b\nsource_profile=r\n[profile r]\n\(keys("R"))",
            accessKeyID: "ROLE-a-by-ROLE-b-by-R"),
        Case(
            name: "a source with keys and a role gives its keys", environment: ["AWS_PROFILE": "p"],
            config: "[profile p]\nrole_arn=arn:aws:iam::1:role/a\nsource_profile=q\n"
                + "[profile q]\nrole_arn=arn:aws:iam::1:role/b\nsource_profile=p\n\(keys("Q"))",
            accessKeyID: "ROLE-a-by-Q"),
        Case(
            name: "role by the environment, asked for by name",
            environment: environmentKeys.merging(["AWS_PROFILE": "p"]) { $1 },
            config: "[profile p]\nrole_arn=arn:aws:iam::1:role/a\ncredential_source=Environment",
            accessKeyID: "ROLE-a-by-ENV"),
        Case(
            name: "role by the container", environment: container,
            config: "[default]\nrole_arn=arn:aws:iam::1:role/a\ncredential_source=EcsContainer",
            accessKeyID: "ROLE-a-by-CONTAINER"),
    ]

    /// The container endpoint and STS in one.
    static let server = FakeExecutor { request, _ in
        if request.method == "GET" {
            return .xml(
                200,
                #"{"AccessKeyId":"CONTAINER","SecretAccessKey":"hush","Token":"hush-t","Expiration":"2015-08-30T18:00:00Z"}"#
            )
        }
        let signer = request.headers["Authorization"]?.split(separator: "Credential=").last?.split(separator: "/").first
        let role = String(decoding: request.body, as: UTF8.self).split(separator: "role%2F").last?.prefix(1)
        return .xml(
            200,
            """
            <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE-\(role ?? "?")-by-\(signer ?? "?")</AccessKeyId>
            <SecretAccessKey>hush</SecretAccessKey><SessionToken>hush-t</SessionToken>
            <Expiration>2015-08-30T13:36:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>
            """)
    }

    static func client(
        _ world: World, _ executor: FakeExecutor, environment: [String: String], config: String = "",
        credentials: String = ""
    ) throws -> AWSClient {
        world.change { state in
            if !config.isEmpty { state.files["/h/.aws/config"] = .bytes(Array(config.utf8)) }
            if !credentials.isEmpty { state.files["/h/.aws/credentials"] = .bytes(Array(credentials.utf8)) }
        }
        return try world.client(executor, environment.merging(["HOME": "/h", "AWS_REGION": "eu-west-1"]) { $1 })
    }

    @Test("Sources are asked in the order of the SDKs", arguments: cases)
    func order(_ testCase: Case) async throws {
        let world = World()
        let client = try Self.client(
            world, Self.server, environment: testCase.environment, config: testCase.config,
            credentials: testCase.credentials)
        let credentials = try await client.currentCredentials(deadline: world.deadline)
        #expect(credentials.accessKeyID == testCase.accessKeyID)
        #expect(credentials.secretAccessKey.revealed == "hush")
    }

    @Test("A role is asked for as its profile says, where STS of the region is")
    func roleParameters() async throws {
        let world = World()
        let executor = FakeExecutor { request, index in await Self.server.answerFor(request) }
        let config = """
            [default]
            role_arn = arn:aws:iam::1:role/a
            source_profile = q
            role_session_name = me
            external_id = x y
            duration_seconds = 900
            [profile q]
            aws_access_key_id = Q
            aws_secret_access_key = hush
            aws_session_token = hush-q
            """
        let client = try Self.client(world, executor, environment: [:], config: config)
        _ = try await client.currentCredentials(deadline: world.deadline)
        let request = try #require(executor.requests.first)
        #expect(request.url == "https://sts.eu-west-1.amazonaws.com/")
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa&RoleSessionName=me"
                + "&ExternalId=x%20y&DurationSeconds=900")
        #expect(request.headers["X-Amz-Security-Token"] == "hush-q")
    }

    @Test(
        "What is set up wrongly is refused at start",
        arguments: [
            (["AWS_ACCESS_KEY_ID": "A"], "", "AWS_SECRET_ACCESS_KEY"),
            (["AWS_SECRET_ACCESS_KEY": "hush"], "", "AWS_ACCESS_KEY_ID"),
            ([:], "aws_access_key_id=A", "aws_secret_access_key"),
            ([:], "role_arn=a", "source_profile"),
            ([:], "role_arn=a\nsource_profile=b\ncredential_source=Environment", "credential_source"),
            ([:], "role_arn=a\nsource_profile=b", "b"),
            ([:], "role_arn=a\nsource_profile=default", "default → default"),
            (
                [:], "role_arn=a\nsource_profile=b\n[profile b]\nrole_arn=c\nsource_profile=default",
                "default → b → default"
            ),
            ([:], "role_arn=a\nsource_profile=b\n[profile b]\nregion=x", "neither keys nor a role_arn"),
            ([:], "role_arn=a\ncredential_source=Environment", "AWS_ACCESS_KEY_ID"),
            ([:], "role_arn=a\ncredential_source=EcsContainer", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
            ([:], "role_arn=a\ncredential_source=Ec2InstanceMetadata", "Ec2InstanceMetadata"),
            ([:], "role_arn=a\nsource_profile=b\nduration_seconds=5", "duration_seconds"),
            ([:], "role_arn=a\nsource_profile=b\nmfa_serial=m", "mfa_serial"),
        ])
    func wrong(environment: [String: String], config: String, word: String) async {
        let error = await awsError {
            try Self.client(World(), Self.server, environment: environment, config: "[default]\n\(config)")
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(word) == true)
        #expect(error?.description.contains("hush") == false)
    }

    @Test("Where there are none, the error names every source and what to set")
    func nothing() async throws {
        let world = World()
        world.change { $0.files["/h/.aws/credentials"] = .unreadable("Permission denied") }
        let client = try Self.client(
            world, Self.server, environment: [:], config: "[default]\nregion=eu-west-1\ncredential_process=x")
        let error = await awsError { try await client.currentCredentials(deadline: world.deadline) }
        #expect(error?.code == .noCredentials)
        for word in [
            "AWS_ACCESS_KEY_ID", "/h/.aws/config", "/h/.aws/credentials", "Permission denied", "credential_process",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY",
        ] {
            #expect(error?.description.contains(word) == true, "\(word)")
        }
    }

    @Test("No description, reflection or dump of anything shows a secret")
    func redaction() async throws {
        let world = World()
        let client = try Self.client(
            world, Self.server, environment: Self.environmentKeys.merging(["AWS_SESSION_TOKEN": "hush-t"]) { $1 })
        let credentials = try await client.currentCredentials(deadline: world.deadline)
        var dumped = ""
        dump(client.configuration, to: &dumped)
        dump(credentials, to: &dumped)
        let texts = [
            "\(credentials)", String(reflecting: credentials), "\(client.configuration)",
            String(reflecting: client.configuration), "\(credentials.secretAccessKey)",
            String(reflecting: credentials.secretAccessKey), dumped,
        ]
        #expect(texts.allSatisfy { !$0.contains("hush") })
        #expect("\(credentials)".contains("ENV"))
    }
}

extension FakeExecutor {
    /// One more answer of the same server.
    func answerFor(_ request: HTTPRequest) async -> Outcome {
        do { return .answer(try await execute(request, deadline: nil)) } catch {
            return .failure(error.code, sent: error.requestMayHaveBeenSent)
        }
    }
}
