internal import JSON

/// The operations of Systems Manager's Parameter Store that are used.
/// See https://docs.aws.amazon.com/systems-manager/latest/APIReference/
package struct SystemsManager: Sendable {
    package struct Parameter: Sendable, Equatable {
        package var name: String
        package var value: String
        /// From 1 on, one more with every change.
        package var version: Int64

        package init(name: String, value: String, version: Int64) {
            self.name = name
            self.value = value
            self.version = version
        }
    }

    private let client: AWSClient
    private let region: String?

    /// - Parameter region: nil for that of the configuration.
    package init(_ client: AWSClient, region: String? = nil) {
        self.client = client
        self.region = region
    }

    /// A parameter as it is stored: an encrypted one is not decrypted.
    ///
    /// - Parameter named: its name, or its ARN.
    /// - Returns: nil where there is none of this name.
    package func parameter(
        named name: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> Parameter? {
        var call = Self.call("GetParameter", region: region, ["Name": .string(name), "WithDecryption": false])
        // It is asked for on the way to a decision, and answers within milliseconds where it answers at all.
        call.attemptTimeout = .seconds(1)
        do throws(AWSError) {
            return try await client.json(call, deadline: deadline) { document throws(JSONError) in
                let parameter = try JSONReader(document).required("Parameter")
                return Parameter(
                    name: try parameter.required("Name").string(), value: try parameter.required("Value").string(),
                    version: Int64(try parameter.required("Version").integer(in: 0...Int.max)))
            }
        } catch {
            if error.awsCode == "ParameterNotFound" { return nil }
            throw error
        }
    }

    /// Makes a plain parameter, or gives one a new value. Done twice it is the same value with one more version.
    ///
    /// - Parameter value: 1 to 4,096 bytes.
    /// - Returns: the version, which is 1 for a parameter that did not exist.
    @discardableResult
    package func putParameter(
        named name: String, value: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> Int64 {
        let call = Self.call(
            "PutParameter", region: region,
            ["Name": .string(name), "Value": .string(value), "Type": "String", "Overwrite": true])
        // The new version is in the answer of every success: an answer without it is none of Systems Manager.
        return try await client.json(call, deadline: deadline) { document throws(JSONError) in
            Int64(try JSONReader(document).required("Version").integer(in: 0...Int.max))
        }
    }

    private static func call(_ operation: String, region: String?, _ input: JSONValue) -> AWSCall {
        .json(.ssm, region: region, operation: operation, target: "AmazonSSM", input: input)
    }
}
