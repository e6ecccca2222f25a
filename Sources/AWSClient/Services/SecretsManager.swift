internal import JSON

/// The operation of Secrets Manager that is used.
/// See https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
package struct SecretsManager: Sendable {
    private let client: AWSClient

    package init(_ client: AWSClient) {
        self.client = client
    }

    /// The current value of a secret that is a text.
    ///
    /// - Parameter id: its name, or its ARN, which says the region, too.
    /// - Throws: `.notFound` where there is no such secret; `.invalidConfiguration` where an ARN is none of a secret,
    ///   or a secret no text.
    package func secretValue(of id: String, deadline: ContinuousClock.Instant) async throws(AWSError) -> Secret {
        var call = AWSCall.json(
            .secretsManager, region: try Self.region(ofSecret: id), operation: "GetSecretValue",
            target: "secretsmanager",
            input: ["SecretId": .string(id)])
        call.answerHoldsSecrets = true
        // A probe waits for it, which must tell in time that it cannot be had.
        call.attemptTimeout = .seconds(2)
        let secret: Secret?
        do throws(AWSError) {
            secret = try await client.json(call, deadline: deadline) { document throws(JSONError) in
                let answer = JSONReader(document)
                if try answer.optional("SecretString") == nil, try answer.optional("SecretBinary") != nil { return nil }
                return Secret(try answer.required("SecretString").string())
            }
        } catch {
            var error = error
            if error.awsCode == "ResourceNotFoundException" { error.code = .notFound }
            throw error
        }
        guard let secret else {
            throw AWSError(
                .invalidConfiguration, "the secret \(AWSError.printable(id, limit: 300)) is no text, but binary")
        }
        return secret
    }

    /// - Returns: nil for that of the configuration.
    private static func region(ofSecret id: String) throws(AWSError) -> String? {
        let fields = id.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.first == "arn" else { return nil }
        guard fields.count == 7, fields[2] == "secretsmanager", !fields[3].isEmpty, !fields[6].isEmpty else {
            throw AWSError(
                .invalidConfiguration,
                "\"\(AWSError.printable(id, limit: 300))\" is no ARN of a secret: "
                    + "expected one like arn:aws:secretsmanager:eu-west-1:123456789012:secret:name-AbCdEf")
        }
        return String(fields[3])
    }
}
