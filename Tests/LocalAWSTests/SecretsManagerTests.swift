import Foundation
import Testing

@testable import LocalAWS

@Suite struct SecretsManagerTests {
    private func ask(
        _ operation: String, _ form: [String: Any], _ aws: LocalAWS, region: String = "us-west-2"
    ) async throws -> [String: Any] {
        try await aws.askJSON(
            LocalAWS.json("secretsmanager.\(operation)", form, service: "secretsmanager", region: region)
        ).body
    }

    @Test func `A secret is found by its name, its ARN, and its ARN without the last characters`() async throws {
        let aws = try LocalAWS.sample()
        let made = try await ask("CreateSecret", ["Name": "redis", "SecretString": "a"], aws)
        let arn = try #require(made["ARN"] as? String)
        for id in ["redis", arn, String(arn.dropLast(7))] {
            #expect(try await ask("GetSecretValue", ["SecretId": id], aws)["SecretString"] as? String == "a")
        }
        let elsewhere = try await ask("GetSecretValue", ["SecretId": "redis"], aws, region: "us-east-1")
        #expect(elsewhere["__type"] as? String == "ResourceNotFoundException")
    }

    @Test func `A new value is the current one, and the old one the previous`() async throws {
        let aws = try LocalAWS.sample()
        aws.setSecret("redis", to: "a", region: "us-west-2")
        _ = try await ask("PutSecretValue", ["SecretId": "redis", "SecretString": "b"], aws)
        let pending: [String: Any] = ["SecretId": "redis", "SecretString": "c", "VersionStages": ["AWSPENDING"]]
        let version = try await ask("PutSecretValue", pending, aws)["VersionId"]
        for (stage, value) in [("AWSCURRENT", "b"), ("AWSPREVIOUS", "a"), ("AWSPENDING", "c"), ("OTHER", nil)] {
            let answer = try await ask("GetSecretValue", ["SecretId": "redis", "VersionStage": stage], aws)
            #expect(answer["SecretString"] as? String == value)
        }
        #expect(try await ask("GetSecretValue", ["SecretId": "redis"], aws)["SecretString"] as? String == "b")
        let byVersion = try await ask("GetSecretValue", ["SecretId": "redis", "VersionId": version ?? ""], aws)
        #expect(byVersion["SecretString"] as? String == "c")
    }

    @Test func `A removed secret is not found, and faults reach it as any service`() async throws {
        let aws = try LocalAWS.sample()
        aws.setSecret("redis", to: "a", region: "us-west-2")
        aws.inject(
            Fault(
                .error(status: 400, code: "ThrottlingException", message: "slow"), service: "secretsmanager", times: 1)
        )
        #expect(
            try await ask("GetSecretValue", ["SecretId": "redis"], aws)["__type"] as? String == "ThrottlingException")
        #expect(try await ask("GetSecretValue", ["SecretId": "redis"], aws)["SecretString"] as? String == "a")
        aws.setSecret("redis", to: nil, region: "us-west-2")
        let gone = try await ask("GetSecretValue", ["SecretId": "redis"], aws)
        #expect(gone["__type"] as? String == "ResourceNotFoundException")
    }

    @Test(
        "What Secrets Manager does not take is refused with its code",
        arguments: [
            ("CreateSecret", ["Name": "a b", "SecretString": "x"], "ValidationException"),
            ("CreateSecret", ["Name": "redis", "SecretString": "x"], "ResourceExistsException"),
            ("CreateSecret", ["Name": "b", "SecretString": "x", "SecretBinary": "eA=="], "InvalidParameterException"),
            ("PutSecretValue", ["SecretId": "redis"], "InvalidRequestException"),
            ("PutSecretValue", ["SecretId": "none", "SecretString": "x"], "ResourceNotFoundException"),
            ("GetSecretValue", ["SecretId": ""], "ValidationException"),
        ]
    )
    func refusal(_ operation: String, _ form: [String: String], _ code: String) async throws {
        let aws = try LocalAWS.sample()
        aws.setSecret("redis", to: "a", region: "us-west-2")
        #expect(try await ask(operation, form, aws)["__type"] as? String == code)
    }
}
