import AWSClient
import Foundation
import HTTPTransport

/// A running `moto_services.py`, and a client of ours that talks to it.
struct MotoServices {
    /// What boto3 has made before the client came.
    struct Made: Decodable {
        var endpoint: String
        var region: String
        var topicARN: String
        var zone: String
        var arn: String
        var roleARN: String
        var secretARN: String
    }

    /// What boto3 has found after the client went.
    struct Left: Decodable {
        struct Message: Decodable {
            var id: String
            var subject: String?
            var message: String
            var attributes: [String: String]
        }

        var messages: [Message]
        var parameter: [String: String]
        var version: Int
        /// By name and set identifier, of what the client has changed.
        var records: [String: [String]]
        /// By target, of what the client has published.
        var health: [String: Statistics]
    }

    struct Statistics: Decodable, Equatable {
        var count: Double
        var sum: Double
        var minimum: Double
        var maximum: Double
        var unit: String
    }

    let made: Made
    let client: AWSClient
    private let script: PythonDialogue

    init() throws {
        script = try PythonDialogue("moto_services.py")
        made = try JSONDecoder().decode(Made.self, from: try script.line())
        let configuration = try AWSConfiguration(environment: [
            "AWS_ENDPOINT_URL": made.endpoint, "AWS_REGION": made.region, "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test", "AWS_LAMBDA_FUNCTION_NAME": "test",
        ])
        client = AWSClient(
            configuration: configuration, executor: HTTPClient(caBundle: CABundle(environment: [:])))
    }

    /// Ends it.
    func finish() throws -> Left {
        try script.say("done")
        let left = try JSONDecoder().decode(Left.self, from: try script.line())
        try script.finish()
        return left
    }
}
