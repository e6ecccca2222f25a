import Testing

@testable import AWSClient

@Suite struct AWSConfigurationTests {
    private static let config = "[default]\nregion = us-west-2\nmax_attempts = 7\n[profile web]\nregion = sa-east-1"

    @Test(
        "The region is that of AWS_REGION, AWS_DEFAULT_REGION or the profile, in this order",
        arguments: [
            (["AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"], "eu-west-1"),
            (["AWS_DEFAULT_REGION": "eu-west-2"], "eu-west-2"), (["AWS_REGION": ""], "us-west-2"),
            (["AWS_PROFILE": "web"], "sa-east-1"), (["AWS_PROFILE": "web", "AWS_REGION": "eu-west-1"], "eu-west-1"),
        ])
    func region(environment: [String: String], region: String) throws {
        let configuration = try AWSConfiguration(
            environment: environment.merging(["HOME": "/h"]) { $1 },
            readFile: { $0 == "/h/.aws/config" ? .bytes(Array(Self.config.utf8)) : .missing })
        #expect(configuration.region == region)
    }

    @Test("Without a region, the error says how to set it")
    func noRegion() async throws {
        let configuration = try AWSConfiguration(environment: [:], readFile: { _ in .missing })
        let error = await awsError { try configuration.requireRegion() }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.remedy?.contains("AWS_REGION") == true)
    }

    @Test(
        "Attempts are those of the variable, of the profile, or three",
        arguments: [(["AWS_MAX_ATTEMPTS": "1"], 1), ([:], 7), (["AWS_PROFILE": "web"], 3)])
    func attempts(environment: [String: String], attempts: Int) throws {
        let configuration = try AWSConfiguration(
            environment: environment.merging(["HOME": "/h"]) { $1 },
            readFile: { $0 == "/h/.aws/config" ? .bytes(Array(Self.config.utf8)) : .missing })
        #expect(configuration.maximumAttempts == attempts)
    }

    @Test(
        "In Lambda no file is read, unless a variable points to one or there are no keys",
        arguments: [
            ([:], []), (["AWS_CONFIG_FILE": "/c"], ["/c", "/h/.aws/credentials"]),
            (["AWS_SHARED_CREDENTIALS_FILE": "~/k"], ["/h/.aws/config", "/h/k"]),
            (["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""], ["/h/.aws/config", "/h/.aws/credentials"]),
            (["AWS_LAMBDA_FUNCTION_NAME": ""], ["/h/.aws/config", "/h/.aws/credentials"]),
        ] as [([String: String], [String])])
    func filesRead(environment: [String: String], files: [String]) throws {
        let world = World()
        _ = try world.configuration(World.keys.merging(["HOME": "/h"]) { $1 }.merging(environment) { $1 })
        #expect(world.current.filesRead == files)
    }

    @Test("A profile that does not exist is refused, with the files that were looked at")
    func unknownProfile() async {
        let error = await awsError {
            try AWSConfiguration(environment: ["AWS_PROFILE": "nope", "HOME": "/h"], readFile: { _ in .missing })
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("nope") == true)
        #expect(error?.message.contains("/h/.aws/config") == true)
    }

    @Test(
        "The user agent has version and application id, as far as they are tokens",
        arguments: [
            (nil, "global-promoter/1.2.3 ua/2.1 os/linux lang/swift#6"),
            ("my app/ü\r\n", "global-promoter/1.2.3 ua/2.1 os/linux lang/swift#6 app/my-app-----"),
            (
                String(repeating: "x", count: 60),
                "global-promoter/1.2.3 ua/2.1 os/linux lang/swift#6 app/" + String(repeating: "x", count: 50)
            ),
            // One character.
            (
                "x" + String(repeating: "\u{301}", count: 60),
                "global-promoter/1.2.3 ua/2.1 os/linux lang/swift#6 app/x" + String(repeating: "-", count: 49)
            ),
        ] as [(String?, String)])
    func userAgent(applicationID: String?, userAgent: String) throws {
        var environment = World.keys
        environment["AWS_SDK_UA_APP_ID"] = applicationID
        #expect(try World().configuration(environment).userAgent == userAgent)
    }

    @Test(
        "A file that cannot be read is refused by line, and its text is not quoted",
        arguments: [
            ("[default]\nhush-hush", 2), ("key = hush-hush", 1), ("[default\n", 1), ("[a]\n\n[default] hush-hush", 3),
        ])
    func malformedFile(text: String, line: Int) async {
        let error = await awsError {
            try AWSConfiguration(environment: ["HOME": "/h"], readFile: { _ in .bytes(Array(text.utf8)) })
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("line \(line) of /h/.aws/config") == true)
        #expect(error?.description.contains("hush-hush") == false)
    }

    @Test("Comments, indentation, nested sections and both kinds of headers are read as the SDKs do")
    func files() throws {
        let text = """
            # comment
            ; comment
            [profile default]
            output = json
            [default]
              output = text
              aws_access_key_id = A#B;C # comment
              aws_secret_access_key=s = t
            s3 =
              region = nested
            [ profile   two words ]\u{20}
            REGION = eu-west-1\r
            [bare]
            region = ignored
            """
        let profiles = try ProfileSet(environment: ["HOME": "/h"]) {
            $0 == "/h/.aws/config" ? .bytes(Array(text.utf8)) : .missing
        }
        #expect(
            profiles["default"] == [
                "aws_access_key_id": "A#B;C", "aws_secret_access_key": "s = t", "s3": "", "s3.region": "nested",
                "output": "json",
            ])
        #expect(profiles["two words"] == ["region": "eu-west-1"])
        #expect(profiles["bare"] == nil)
    }
}
