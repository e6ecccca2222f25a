import Foundation

/// The Parameter Store, of which String parameters of the standard tier.
struct SSMService: JSONService {
    let name = "ssm"
    let target = "AmazonSSM"
    let jsonVersion = "1.1"
    let operations: Set<String> = ["GetParameter", "PutParameter"]
    /// Of a value, in characters; more is for the advanced tier.
    static let longestValue = 4096

    let world: World
    let clock: LocalClock

    func result(of call: ServiceCall) throws -> AnswerValue {
        let name = call.parameters["Name"] ?? ""
        guard !name.isEmpty else {
            throw AWSFailure(
                400, "ValidationException",
                "1 validation error detected: Value at 'name' failed to satisfy constraint: Member must not be null"
            )
        }
        return call.operation == "GetParameter" ? try get(name, call) : try put(name, call)
    }

    private func get(_ name: String, _ call: ServiceCall) throws -> AnswerValue {
        // By its whole ARN, too, and with the version wanted behind a colon.
        var name = name
        let prefix = "arn:aws:ssm:\(call.region):\(CredentialStore.account):parameter"
        if name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
        let halves = name.split(separator: ":", maxSplits: 1).map(String.init)
        guard let plain = halves.first,
            let parameter = world.snapshot.parameters[StoredParameter.arn(of: plain, in: call.region)]
        else {
            throw AWSFailure(400, "ParameterNotFound", "")
        }
        if halves.count == 2, halves[1] != String(parameter.version) {
            throw AWSFailure(
                400, "ParameterVersionNotFound",
                "Systems Manager could not find version \(halves[1]) of \(plain). Verify the version and try again."
            )
        }
        return .object([
            "Parameter": .object([
                "Name": .text(parameter.name), "Type": .text("String"), "DataType": .text("text"),
                "Value": .text(parameter.value), "Version": .integer(parameter.version),
                "ARN": .text(parameter.arn), "LastModifiedDate": .time(parameter.lastModified),
            ])
        ])
    }

    private func put(_ name: String, _ call: ServiceCall) throws -> AnswerValue {
        try Self.checkName(name)
        let value = call.parameters["Value"] ?? ""
        guard !value.isEmpty else {
            throw AWSFailure(
                400, "ValidationException",
                "1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length "
                    + "greater than or equal to 1."
            )
        }
        guard value.unicodeScalars.count <= Self.longestValue else {
            throw AWSFailure(
                400, "ValidationException",
                "Standard tier parameters support a maximum parameter value of \(Self.longestValue) characters. To "
                    + "create a larger parameter value, upgrade the parameter to use the advanced-parameter tier."
            )
        }
        let now = clock.now
        let version = try world.change { state throws(AWSFailure) in
            let arn = StoredParameter.arn(of: name, in: call.region)
            guard var parameter = state.parameters[arn] else {
                try Self.checkType(call.parameters["Type"])
                state.parameters[arn] = StoredParameter(
                    name: name, region: call.region, value: value, lastModified: now)
                return 1
            }
            guard call.parameters["Overwrite"] == "true" else {
                throw AWSFailure(
                    400, "ParameterAlreadyExists",
                    "The parameter already exists. To overwrite this value, set the overwrite option in the request "
                        + "to true."
                )
            }
            // One that exists keeps its type; it need not be said again.
            try Self.checkType(call.parameters["Type"] ?? "String")
            parameter.version += 1
            (parameter.value, parameter.lastModified) = (value, now)
            state.parameters[arn] = parameter
            return parameter.version
        }
        return .object(["Version": .integer(version), "Tier": .text("Standard")])
    }

    private static func checkName(_ name: String) throws(AWSFailure) {
        guard name.hasOnlyLettersAndDigits(or: "_.-/"), name.utf8.count <= 1011,
            name.hasPrefix("/") || !name.contains("/")
        else {
            throw AWSFailure(
                400, "ValidationException",
                "Parameter name must be a fully qualified name of letters, numbers and .-_/ that begins with a slash "
                    + "if it has one: \(name)"
            )
        }
    }

    private static func checkType(_ type: String?) throws(AWSFailure) {
        guard let type else {
            throw AWSFailure(
                400, "ValidationException",
                "A parameter type is required when you create a parameter."
            )
        }
        guard type == "String" else {
            throw AWSFailure(400, "UnsupportedParameterType", "local-aws keeps parameters of type String, not \(type).")
        }
    }
}
