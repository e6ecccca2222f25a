import Foundation
import Testing

@testable import LocalAWS

@Suite struct SignatureTests {
    /// The credentials of AWS's published signing examples.
    static let example = LocalCredentials(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", userID: "AIDAEXAMPLE",
        arn: "arn:aws:iam::123456789012:user/example"
    )

    struct Vector: Sendable {
        var query = ""
        var service = "service"
        var headers = ["host": "example.amazonaws.com"]
        var signature: String
    }

    static let vectors = [
        // "get-vanilla" and "get-vanilla-query-order-key-case" of the Signature Version 4 test suite, and
        // the ListUsers example of the AWS General Reference.
        Vector(signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Vector(
            query: "Param2=value2&Param1=value1",
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"
        ),
        Vector(
            query: "Action=ListUsers&Version=2010-05-08", service: "iam",
            headers: [
                "host": "iam.amazonaws.com", "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            ],
            signature: "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
        ),
    ]

    private func request(_ vector: Vector, signature: String) -> LocalHTTPRequest {
        var headers = vector.headers
        headers["x-amz-date"] = "20150830T123600Z"
        let names = headers.keys.sorted().joined(separator: ";")
        headers["authorization"] =
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/\(vector.service)/aws4_request, "
            + "SignedHeaders=\(names), Signature=\(signature)"
        return LocalHTTPRequest(method: "GET", path: "/", query: vector.query, headers: headers)
    }

    private func verifier(minutesLater minutes: Double = 0) throws -> SignatureVerifier {
        let store = CredentialStore()
        store.add(Self.example)
        let date = try #require(AWSDate.parseBasic("20150830T123600Z"))
        return SignatureVerifier(credentials: store, now: { date.addingTimeInterval(minutes * 60) })
    }

    @Test("Published signatures are found right, and wrong with one digit changed", arguments: vectors)
    func published(_ vector: Vector) throws {
        #expect(try verifier().verify(request(vector, signature: vector.signature)).accessKeyID == "AKIDEXAMPLE")
        let last = vector.signature.hasSuffix("0") ? "1" : "0"
        let failure = #expect(throws: AWSFailure.self) {
            try verifier().verify(request(vector, signature: vector.signature.dropLast() + last))
        }
        #expect(failure?.code == "SignatureDoesNotMatch")
    }

    @Test(
        "A signature is good for fifteen minutes around its time",
        arguments: [(-16, false), (-14, true), (14, true), (16, false)])
    func age(_ minutes: Int, _ accepted: Bool) throws {
        let request = request(Self.vectors[0], signature: Self.vectors[0].signature)
        let verifier = try verifier(minutesLater: Double(minutes))
        #expect(((try? verifier.verify(request)) != nil) == accepted)
    }

    struct Spoiled: Sendable {
        var spoil: @Sendable (inout LocalHTTPRequest) -> Void
        var status: Int
        var code: String
    }

    @Test(
        "A request that was changed on the way, or not signed, is refused",
        arguments: [
            Spoiled(spoil: { $0.headers["authorization"] = nil }, status: 403, code: "MissingAuthenticationToken"),
            Spoiled(
                spoil: { $0.headers["authorization"] = "AWS4-HMAC-SHA256 x" }, status: 400, code: "IncompleteSignature"),
            Spoiled(spoil: { $0.body.append(contentsOf: "&X=1".utf8) }, status: 403, code: "SignatureDoesNotMatch"),
            Spoiled(spoil: { $0.query = "X=1" }, status: 403, code: "SignatureDoesNotMatch"),
            Spoiled(spoil: { $0.headers["x-amz-target"] = "unsigned" }, status: 403, code: "SignatureDoesNotMatch"),
            Spoiled(spoil: { $0.headers["x-amz-security-token"] = "t" }, status: 403, code: "InvalidClientTokenId"),
            Spoiled(
                spoil: { $0.headers["authorization"]?.replace("AKIALOCALAWSEXAMPLE1", with: "AKIAUNKNOWN") },
                status: 403,
                code: "InvalidClientTokenId"
            ),
            Spoiled(
                spoil: { $0.headers["authorization"]?.replace("/us-west-2/", with: "/us-east-1/") }, status: 403,
                code: "SignatureDoesNotMatch"
            ),
        ]
    )
    func spoiled(_ row: Spoiled) async throws {
        let aws = try LocalAWS.sample()
        var request = LocalAWS.query("DescribeGlobalReplicationGroups")
        #expect(try await aws.ask(request).status == 200)
        row.spoil(&request)
        let answer = try await aws.ask(request)
        #expect(answer.status == row.status)
        #expect(answer.body.element("Code") == row.code)
    }

    @Test func `Issued credentials work with their token until they expire`() async throws {
        let aws = try LocalAWS.sample()
        let issued = try await aws.ask(
            LocalAWS.query(
                "AssumeRole", ["RoleArn": "arn:aws:iam::111122223333:role/promoter", "RoleSessionName": "test"],
                service: "sts", version: "2011-06-15"
            )
        )
        let key = try #require(issued.body.element("AccessKeyId"))
        let credentials = try #require(aws.credentials[key])
        func identity() async throws -> (status: Int, body: String) {
            try await aws.ask(
                LocalAWS.query("GetCallerIdentity", service: "sts", version: "2011-06-15", credentials: credentials)
            )
        }
        #expect(try await identity().body.element("Arn") == "arn:aws:sts::111122223333:assumed-role/promoter/test")
        var expired = credentials
        expired.expiration = Date(timeIntervalSinceNow: -1)
        aws.credentials.add(expired)
        #expect(try await identity().body.element("Code") == "ExpiredToken")
    }

    @Test func `A clock that is off refuses what the client finds in time, and says its own time`() async throws {
        let aws = try LocalAWS.sample()
        aws.setClockSkew(3600)
        let request = LocalAWS.query("DescribeGlobalReplicationGroups")
        guard case .respond(let status, let headers, let body) = await aws.handle(request) else { throw Dropped() }
        #expect(status == 403)
        #expect(String(decoding: body, as: UTF8.self).element("Code") == "SignatureDoesNotMatch")
        #expect(headers["Date"] == AWSDate.http(aws.skewedNow) || headers["Date"] == AWSDate.http(aws.skewedNow - 1))
    }
}
