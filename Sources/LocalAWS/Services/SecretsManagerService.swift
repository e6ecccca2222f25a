import Foundation

/// Secrets and their versions, open to whoever asks.
struct SecretsManagerService: JSONService {
    let name = "secretsmanager"
    let target = "secretsmanager"
    let jsonVersion = "1.1"
    let operations: Set<String> = ["CreateSecret", "GetSecretValue", "PutSecretValue"]
    /// Of a value, in bytes.
    static let longestValue = 65_536
    static let current = "AWSCURRENT"

    let world: World
    let clock: LocalClock

    func result(of call: ServiceCall) throws -> AnswerValue {
        switch call.operation {
        case "CreateSecret": try createSecret(call)
        case "PutSecretValue": try putSecretValue(call)
        default: try getSecretValue(call)
        }
    }

    static func suffix() -> String {
        String(
            (0..<6).compactMap { _ in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".randomElement() }
        )
    }

    private func getSecretValue(_ call: ServiceCall) throws -> AnswerValue {
        guard let secret = world.snapshot.secret(try Self.secretID(call), region: call.region) else {
            throw Self.notFound()
        }
        let id = call.parameters["VersionId"]
        let stage = call.parameters["VersionStage"] ?? (id == nil ? Self.current : nil)
        let version = secret.versions.last {
            $0.id == id ?? $0.id && (stage.map($0.stages.contains) ?? true)
        }
        guard let version else {
            let which = id.map { "VersionId: \($0)" } ?? "staging label: \(stage ?? "")"
            throw AWSFailure(
                400, "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for \(which)"
            )
        }
        var members: [String: AnswerValue] = [
            "ARN": .text(secret.arn), "Name": .text(secret.name), "VersionId": .text(version.id),
            "VersionStages": .list(version.stages.sorted().map { .text($0) }), "CreatedDate": .time(version.created),
        ]
        members["SecretString"] = version.text.map { .text($0) }
        members["SecretBinary"] = version.binary.map { .text($0) }
        return .object(members)
    }

    private func createSecret(_ call: ServiceCall) throws -> AnswerValue {
        let name = call.parameters["Name"] ?? ""
        guard name.hasOnlyLettersAndDigits(or: "/_+=.@-"), (1...512).contains(name.utf8.count) else {
            throw AWSFailure(
                400, "ValidationException",
                "Invalid name. It must have 1 to 512 alphanumeric characters, or any of the following: -/_+=.@"
            )
        }
        let version = try version(call)
        let secret = try world.change { state throws(AWSFailure) in
            guard state.secret(name, region: call.region) == nil else {
                throw AWSFailure(
                    400, "ResourceExistsException",
                    "The operation failed because the secret \(name) already exists."
                )
            }
            var secret = Secret(name: name, region: call.region, suffix: Self.suffix())
            if let version { secret.add(version) }
            state.secrets[secret.arn] = secret
            return secret
        }
        return Self.answer(secret, version)
    }

    private func putSecretValue(_ call: ServiceCall) throws -> AnswerValue {
        let id = try Self.secretID(call)
        guard let version = try version(call) else {
            throw AWSFailure(
                400, "InvalidRequestException", "You must provide either SecretString or SecretBinary."
            )
        }
        let secret = try world.change { state throws(AWSFailure) in
            guard var secret = state.secret(id, region: call.region) else { throw Self.notFound() }
            if let same = secret.versions.first(where: { $0.id == version.id }) {
                guard same.text == version.text, same.binary == version.binary else {
                    throw AWSFailure(
                        400, "ResourceExistsException",
                        "You can't use ClientRequestToken \(version.id) because that value is already in use for a "
                            + "version of secret \(secret.arn)."
                    )
                }
                return secret
            }
            secret.add(version)
            state.secrets[secret.arn] = secret
            return secret
        }
        return Self.answer(secret, version)
    }

    /// nil: neither a text nor bytes.
    private func version(_ call: ServiceCall) throws(AWSFailure) -> Secret.Version? {
        let text = call.parameters["SecretString"]
        let binary = call.parameters["SecretBinary"]
        guard text != nil || binary != nil else { return nil }
        guard text == nil || binary == nil else {
            throw AWSFailure(
                400, "InvalidParameterException",
                "You can't specify both a binary secret value and a string secret value."
            )
        }
        guard (text ?? binary ?? "").utf8.count <= Self.longestValue else {
            throw AWSFailure(400, "InvalidParameterException", "A secret value has at most \(Self.longestValue) bytes.")
        }
        let stages = call.list("VersionStages")
        return Secret.Version(
            id: call.parameters["ClientRequestToken"] ?? call.requestID, text: text, binary: binary, created: clock.now,
            stages: stages.isEmpty ? [Self.current] : Set(stages)
        )
    }

    private static func answer(_ secret: Secret, _ version: Secret.Version?) -> AnswerValue {
        var members: [String: AnswerValue] = ["ARN": .text(secret.arn), "Name": .text(secret.name)]
        members["VersionId"] = version.map { .text($0.id) }
        let stages = secret.versions.first { $0.id == version?.id }?.stages.sorted() ?? []
        members["VersionStages"] = .list(stages.map { .text($0) })
        return .object(members)
    }

    private static func secretID(_ call: ServiceCall) throws(AWSFailure) -> String {
        guard let id = call.parameters["SecretId"], !id.isEmpty else {
            throw AWSFailure(
                400, "ValidationException",
                "1 validation error detected: Value at 'secretId' failed to satisfy constraint: Member must not be null"
            )
        }
        return id
    }

    private static func notFound() -> AWSFailure {
        AWSFailure(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    }
}
