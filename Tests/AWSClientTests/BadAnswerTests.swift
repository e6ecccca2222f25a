import HTTPTransport
import Testing

@testable import AWSClient

@Suite struct BadAnswerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var status = 200
        var body: String
        var headers: HTTPHeaders = [:]
        var code = AWSError.Code.unexpectedAnswer
        var awsCode: String?
        var requestID: String?

        var testDescription: String { name }
    }

    private static let result =
        "<GetCallerIdentityResult><Arn>a</Arn><UserId>u</UserId><Account>1</Account></GetCallerIdentityResult>"

    static let cases = [
        Case(name: "empty", body: ""),
        Case(name: "HTML", body: "<!DOCTYPE html><html><body>Log in to the hotel network</body></html>"),
        Case(name: "plain text", body: "OK"),
        Case(name: "truncated", body: "<GetCallerIdentityResponse>" + String(result.dropLast(30))),
        Case(name: "wrong root", body: "<GetSessionTokenResponse>\(result)</GetSessionTokenResponse>"),
        Case(name: "no result", body: "<GetCallerIdentityResponse></GetCallerIdentityResponse>"),
        Case(
            name: "field missing",
            body: "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>a</Arn><UserId>u</UserId>"
                + "</GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
            requestID: "r-1"),
        Case(
            name: "field empty",
            body:
                "<GetCallerIdentityResponse>\(result.replacing("<Arn>a</Arn>", with: "<Arn/>"))</GetCallerIdentityResponse>"
        ),
        Case(name: "JSON", body: "{\"Account\":\"1\"}", headers: ["x-amzn-RequestId": "r-2"], requestID: "r-2"),
        Case(name: "redirect", status: 307, body: "", headers: ["Location": "https://login.example.com/\u{1B}"]),
        Case(name: "404 of a proxy", status: 404, body: "not here\u{0}\u{1B}[31m\r\n"),
        Case(name: "403 in HTML", status: 403, body: "<html><h1>Forbidden</h1></html>"),
        Case(name: "an error without a code", status: 400, body: "<ErrorResponse><Error/></ErrorResponse>"),
        Case(
            name: "error with status 200",
            body: "<ErrorResponse xmlns=\"x\"><Error><Code>AccessDenied</Code></Error></ErrorResponse>", code: .refused,
            awsCode: "AccessDenied"),
        Case(
            name: "error of the query protocol", status: 400,
            body: "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
                + "<Code>ValidationError</Code><Message>m</Message></Error><RequestId>r-3</RequestId></ErrorResponse>",
            code: .refused, awsCode: "ValidationError", requestID: "r-3"),
        Case(
            name: "bare error", status: 403, body: "<Error><Code>AccessDenied</Code><RequestId>r-4</RequestId></Error>",
            code: .refused, awsCode: "AccessDenied", requestID: "r-4"),
        Case(
            name: "old error", status: 400,
            body: "<Response><Errors><Error><Code>AuthFailure</Code><Message>m</Message></Error></Errors>"
                + "<RequestID>r-5</RequestID></Response>", code: .refused, awsCode: "AuthFailure", requestID: "r-5"),
        Case(
            name: "Route 53's list of errors", status: 400,
            body: "<InvalidChangeBatch xmlns=\"x\"><Messages><Message>m</Message></Messages></InvalidChangeBatch>",
            code: .refused, awsCode: "InvalidChangeBatch"),
        Case(
            name: "the header's request id wins", status: 400,
            body: "<ErrorResponse><Error><Code>C</Code></Error><RequestId>r-6</RequestId></ErrorResponse>",
            headers: ["X-Amzn-RequestId": "r-7"], code: .refused, awsCode: "C", requestID: "r-7"),
    ]

    @Test("Whatever else comes is an error with its facts, and nothing is read from it", arguments: cases)
    func unexpected(_ testCase: Case) async throws {
        let world = World()
        let executor = FakeExecutor(.xml(testCase.status, testCase.body, headers: testCase.headers))
        let client = try world.client(executor)
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
        #expect(error?.code == testCase.code)
        #expect(error?.awsCode == testCase.awsCode)
        #expect(error?.requestID == testCase.requestID)
        #expect(error?.status == testCase.status)
        #expect(error?.host == "sts.eu-west-1.amazonaws.com")
        #expect(error?.activity == "STS GetCallerIdentity")
        #expect((error?.bodyExcerpt == nil) == (testCase.code == .refused))
        let description = error?.description ?? ""
        #expect(description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        #expect(executor.requests.count == 1)
        #expect(world.current.calls.map(\.succeeded) == [false])
    }

    @Test("Of a body that is not understood, 200 bytes are quoted, printable")
    func excerpt() async throws {
        let world = World()
        let body = "\u{7}\u{202E}" + String(repeating: "é", count: 5000)
        let client = try world.client(FakeExecutor(.xml(404, body)))
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
        let excerpt = try #require(error?.bodyExcerpt)
        #expect(excerpt.hasPrefix("\\u{07}\\u{202E}é"))
        #expect(excerpt.filter { $0 == "é" }.count == 98)
    }

    @Test("An answer that holds secrets is not quoted, whatever is wrong with it", arguments: [200, 400, 500])
    func secretAnswer(status: Int) async throws {
        let world = World()
        let body =
            "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId>"
            + "<SecretAccessKey>hush</SecretAccessKey><Expiration>hush</Expiration></Credentials></AssumeRoleResult>"
        let client = try world.client(FakeExecutor(.xml(status, body), .xml(status, body + "</AssumeRoleResponse>")))
        for _ in 0..<2 {
            let error = await awsError {
                try await STS(client).assumeRole(arn: "arn", sessionName: "s", deadline: world.deadline)
            }
            #expect(error?.code == .unexpectedAnswer)
            #expect(error?.description.contains("hush") == false)
            var dumped = ""
            dump(error, to: &dumped)
            #expect(!dumped.contains("hush"))
        }
    }

    @Test(
        "Errors that users meet say what helps",
        arguments: [
            ("ExpiredToken", "AKIDEXAMPLE"), ("AccessDenied", "sts:GetCallerIdentity"),
            ("UnrecognizedClientException", "AKIDEXAMPLE"), ("InvalidClientTokenId", "AKIDEXAMPLE"),
            ("SignatureDoesNotMatch", "AKIDEXAMPLE"), ("RequestTimeTooSkewed", "clock"),
            ("NoSuchHostedZone", "HOSTED_ZONE_ID"), ("GlobalReplicationGroupNotFoundFault", "id"),
            ("InvalidGlobalReplicationGroupState", "status"), ("ParameterNotFound", "parameter"),
        ])
    func remedies(awsCode: String, word: String) async throws {
        let world = World()
        let client = try world.client(FakeExecutor(.error(403, awsCode)))
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
        #expect(error?.remedy?.contains(word) == true)
        #expect(error?.description.contains("wJalr") == false)
    }

    @Test("A description is whole sentences with the facts in them")
    func description() {
        var error = AWSError(.refused, "User is not authorized", remedy: "Allow it.")
        error.activity = "ElastiCache FailoverGlobalReplicationGroup"
        error.host = "elasticache.eu-west-1.amazonaws.com"
        error.status = 500
        error.awsCode = "InternalFailure"
        error.requestID = "r-1"
        error.attempts = 2
        error.outcomeIsUnknown = true
        #expect(
            error.description
                == "ElastiCache FailoverGlobalReplicationGroup at elasticache.eu-west-1.amazonaws.com failed: "
                + "User is not authorized (AWS error InternalFailure; HTTP status 500; request id r-1; 2 attempts). "
                + "Whether AWS carried the request out is unknown. Allow it.")
    }

    @Test("Every call is reported with its attempts, status and duration, and views of a client report apart")
    func records() async throws {
        let world = World()
        let executor = FakeExecutor { _, index in
            world.advance(by: .seconds(1))
            return index == 0 ? .xml(500, "") : index == 1 ? .identity : .error(403, "AccessDenied")
        }
        let client = try world.client(executor)
        _ = try await STS(client).getCallerIdentity(deadline: world.deadline)
        let other = World()
        let view = client.reporting { call in other.change { $0.calls.append(call) } }
        _ = await awsError { try await STS(view).getCallerIdentity(deadline: world.deadline) }
        let first = try #require(world.current.calls.first)
        #expect(world.current.calls.count == 1)
        #expect(first.action == "sts:GetCallerIdentity")
        #expect(first.attempts == 2)
        #expect(first.status == 200)
        #expect(first.succeeded)
        #expect(first.duration == .seconds(2) + .milliseconds(25))
        #expect(other.current.calls.map(\.awsCode) == ["AccessDenied"])
        #expect(other.current.calls.map(\.succeeded) == [false])
    }
}
