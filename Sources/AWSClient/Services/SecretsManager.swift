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
    /// - Throws: `.notFound` where there is no such secret.
    package func secretValue(of id: String, deadline: ContinuousClock.Instant) async throws(AWSError) -> Secret {
        let parts = id.split(separator: ":", omittingEmptySubsequences: false)
        let region = parts.count == 7 && parts[0] == "arn" ? String(parts[3]) : nil
        let call = AWSCall.json(
            .secretsManager, region: region, operation: "GetSecretValue", target: "secretsmanager",
            input: ["SecretId": .string(id)])
        do throws(AWSError) {
            return try await client.json(call, deadline: deadline) { document throws(JSONError) in
                guard let text = try JSONReader(document).member("SecretString") else {
                    throw JSONError(path: "SecretString", reason: "is missing: the secret is binary, and not a text")
                }
                return Secret(try text.string())
            }
        } catch {
            var error = error
            if error.awsCode == "ResourceNotFoundException" { error.code = .notFound }
            throw error
        }
    }
}
