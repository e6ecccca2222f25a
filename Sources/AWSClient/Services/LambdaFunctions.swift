internal import JSON

/// The operations of Lambda that read how a function is set up.
/// See https://docs.aws.amazon.com/lambda/latest/api/
package struct LambdaFunctions: Sendable {
    private let client: AWSClient
    private let region: String?

    /// - Parameter region: nil for that of the configuration.
    package init(_ client: AWSClient, region: String? = nil) {
        self.client = client
        self.region = region
    }

    /// How a function is set up.
    ///
    /// - Parameter functionName: its name, or its ARN.
    /// - Throws: an error with the code `.notFound` where there is none of this name.
    package func configuration(
        of functionName: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> LambdaFunctionConfiguration {
        var call = AWSCall.restJSON(
            .lambda, region: region, operation: "GetFunctionConfiguration",
            path: [AWSService.lambda.version, "functions", functionName, "configuration"])
        // The environment of a function is where people keep passwords.
        call.answerHoldsSecrets = true
        return try await read(call, deadline: deadline) { document throws(JSONError) in
            try LambdaFunctionConfiguration(document)
        }
    }

    /// How many executions at once are kept for a function, and how many it may have at most; nil where it shares
    /// those of the account.
    ///
    /// - Throws: an error with the code `.notFound` where there is none of this name.
    package func reservedConcurrency(
        of functionName: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> Int? {
        let call = AWSCall.restJSON(
            .lambda, region: region, operation: "GetFunctionConcurrency",
            path: ["2019-09-30", "functions", functionName, "concurrency"])
        return try await read(call, deadline: deadline) { document throws(JSONError) in
            try document.optional("ReservedConcurrentExecutions")?.integer(in: 0...Int.max)
        }
    }

    private func read<Value: Sendable>(
        _ call: AWSCall, deadline: ContinuousClock.Instant, _ read: (JSONReader) throws(JSONError) -> Value
    ) async throws(AWSError) -> Value {
        do throws(AWSError) {
            return try await client.json(call, deadline: deadline) { document throws(JSONError) in
                try read(JSONReader(document))
            }
        } catch {
            var error = error
            if error.awsCode == "ResourceNotFoundException" { error.code = .notFound }
            throw error
        }
    }
}
