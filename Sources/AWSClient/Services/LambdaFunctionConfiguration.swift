internal import JSON

/// How a function of Lambda is set up, as far as it matters here.
package struct LambdaFunctionConfiguration: Sendable, Equatable {
    package var arn: String
    package var timeoutSeconds: Int
    package var memoryMB: Int
    package var roleARN: String
    /// Empty where the function is a container image.
    package var handler: String
    /// Empty, too, where `environmentProblem` says why it cannot be read.
    package var environment: [String: String]
    /// The error code of AWS where it could not decrypt the environment, as in `AccessDeniedException`.
    package var environmentProblem: String?
    /// As in `arm64`.
    package var architectures: [String]

    package init(
        arn: String, timeoutSeconds: Int, memoryMB: Int, roleARN: String, handler: String,
        environment: [String: String], environmentProblem: String? = nil, architectures: [String]
    ) {
        self.arn = arn
        self.timeoutSeconds = timeoutSeconds
        self.memoryMB = memoryMB
        self.roleARN = roleARN
        self.handler = handler
        self.environment = environment
        self.environmentProblem = environmentProblem
        self.architectures = architectures
    }

    init(_ document: JSONReader) throws(JSONError) {
        arn = try document.required("FunctionArn").string()
        timeoutSeconds = try document.required("Timeout").integer(in: 1...Int.max)
        memoryMB = try document.required("MemorySize").integer(in: 1...Int.max)
        roleARN = try document.required("Role").string()
        handler = try document.optional("Handler")?.string() ?? ""
        environment = [:]
        let environment = try document.optional("Environment")
        for (name, value) in try environment?.optional("Variables")?.members() ?? [] {
            self.environment[name] = try value.string()
        }
        if let problem = try environment?.optional("Error") {
            environmentProblem = try problem.optional("ErrorCode")?.string() ?? "unknown"
        }
        architectures = []
        for architecture in try document.optional("Architectures")?.array() ?? [] {
            architectures.append(try architecture.string())
        }
    }
}
