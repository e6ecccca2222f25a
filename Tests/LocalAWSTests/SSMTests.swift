import Foundation
import Testing

@testable import LocalAWS

@Suite struct SSMTests {
    private func get(_ name: String, _ aws: LocalAWS, region: String = "us-west-2") async throws -> [String: Any] {
        let request = try LocalAWS.json("AmazonSSM.GetParameter", ["Name": name], service: "ssm", region: region)
        return try await aws.askJSON(request).body
    }

    private func put(
        _ value: String, _ aws: LocalAWS, name: String = "/promoter/pause", more: [String: Any] = ["Type": "String"]
    ) async throws -> (status: Int, body: [String: Any]) {
        let form = ["Name": name, "Value": value].merging(more) { $1 }
        return try await aws.askJSON(try LocalAWS.json("AmazonSSM.PutParameter", form, service: "ssm"))
    }

    @Test func `A parameter comes back with its value, version, ARN and time`() async throws {
        let aws = try LocalAWS.sample()
        aws.clock.advance(by: .seconds(60))
        #expect(try await put("true", aws).body["Version"] as? Int == 1)
        let parameter = try #require(try await get("/promoter/pause", aws)["Parameter"] as? [String: Any])
        #expect(parameter["Value"] as? String == "true")
        #expect(parameter["Version"] as? Int == 1)
        #expect(parameter["ARN"] as? String == "arn:aws:ssm:us-west-2:111122223333:parameter/promoter/pause")
        let modified = try #require(parameter["LastModifiedDate"] as? Double)
        #expect(abs(modified - aws.clock.now.timeIntervalSince1970) < 0.001)
        #expect(aws.parameter("/promoter/pause", region: "us-west-2")?.value == "true")
    }

    @Test func `A second value needs to be told to overwrite, and is a version more`() async throws {
        let aws = try LocalAWS.sample()
        _ = try await put("a", aws)
        let refused = try await put("b", aws)
        #expect(refused.status == 400)
        #expect(refused.body["__type"] as? String == "ParameterAlreadyExists")
        #expect(aws.parameter("/promoter/pause", region: "us-west-2")?.value == "a")
        #expect(try await put("b", aws, more: ["Overwrite": true]).body["Version"] as? Int == 2)
        #expect(aws.parameter("/promoter/pause", region: "us-west-2")?.value == "b")
    }

    @Test func `A parameter is in its own region only`() async throws {
        let aws = try LocalAWS.sample()
        aws.setParameter("/promoter/pause", to: "true", region: "us-east-1")
        #expect(try await get("/promoter/pause", aws)["__type"] as? String == "ParameterNotFound")
        #expect(try await get("/promoter/pause", aws, region: "us-east-1")["Parameter"] != nil)
        aws.setParameter("/promoter/pause", to: nil, region: "us-east-1")
        #expect(try await get("/promoter/pause", aws, region: "us-east-1")["__type"] as? String == "ParameterNotFound")
    }

    @Test(
        "What SSM does not take is refused with its code",
        arguments: [("/a/b", 0), ("/a/b", 4097), ("a b", 1), ("a/b", 1), ("", 1)]
    )
    func refusal(_ name: String, _ length: Int) async throws {
        let aws = try LocalAWS.sample()
        let answer = try await put(String(repeating: "é", count: length), aws, name: name)
        #expect(answer.status == 400)
        #expect(answer.body["__type"] as? String == "ValidationException")
        #expect(aws.requests.last?.errorCode == "ValidationException")
    }

    @Test func `The longest value has 4096 characters, however many bytes`() async throws {
        let aws = try LocalAWS.sample()
        #expect(try await put(String(repeating: "é", count: 4096), aws).status == 200)
    }

    @Test func `A new parameter needs a type, and it is String`() async throws {
        let aws = try LocalAWS.sample()
        #expect(try await put("x", aws, more: [:]).body["__type"] as? String == "ValidationException")
        let secure = try await put("x", aws, more: ["Type": "SecureString"])
        #expect(secure.body["__type"] as? String == "UnsupportedParameterType")
    }

    @Test func `A version can be asked for by its number, and a parameter by its ARN`() async throws {
        let aws = try LocalAWS.sample()
        aws.setParameter("plain", to: "x", region: "us-west-2")
        #expect(try await get("plain:1", aws)["Parameter"] != nil)
        #expect(try await get("plain:2", aws)["__type"] as? String == "ParameterVersionNotFound")
        #expect(try await get("arn:aws:ssm:us-west-2:111122223333:parameter/plain", aws)["Parameter"] != nil)
    }

    @Test func `The log shows what was asked by its names`() async throws {
        let aws = try LocalAWS.sample()
        _ = try await put("x", aws, more: ["Type": "String", "Tags": [["Key": "team", "Value": "sessions"]]])
        let request = try #require(aws.requests.last)
        #expect((request.service, request.operation) == ("ssm", "PutParameter"))
        #expect(request.parameters["Tags.member.1.Key"] == "team")
    }

    @Test func `A body that is no JSON object, and an operation that is none, are refused`() async throws {
        let aws = try LocalAWS.sample()
        var request = LocalHTTPRequest(
            method: "POST", path: "/", headers: ["x-amz-target": "AmazonSSM.GetParameter"], body: Data("[]".utf8)
        )
        let list = try await aws.askJSON(LocalAWS.signed(request, service: "ssm", region: "us-west-2"))
        #expect(list.body["__type"] as? String == "SerializationException")
        request.headers["x-amz-target"] = "AmazonSSM.DeleteParameter"
        let other = try await aws.askJSON(LocalAWS.signed(request, service: "ssm", region: "us-west-2"))
        #expect(other.body["__type"] as? String == "UnknownOperationException")
    }

    @Test func `A refused signature has the code of the JSON protocol`() async throws {
        let aws = try LocalAWS.sample()
        var request = try LocalAWS.json("AmazonSSM.GetParameter", ["Name": "x"], service: "ssm")
        request.body.append(Data(" ".utf8))
        #expect(try await aws.askJSON(request).body["__type"] as? String == "InvalidSignatureException")
        request.headers["authorization"] = nil
        #expect(try await aws.askJSON(request).body["__type"] as? String == "MissingAuthenticationTokenException")
    }
}
