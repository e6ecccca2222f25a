package import Foundation

/// A secret of Secrets Manager. It exists in one region.
package struct Secret: Sendable, Equatable {
    package struct Version: Sendable, Equatable {
        package let id: String
        package let text: String?
        /// Base64, as it came.
        package let binary: String?
        package let created: Date
        package var stages: Set<String>
    }

    package let name: String
    package let arn: String
    package internal(set) var versions: [Version] = []

    init(name: String, region: String, suffix: String) {
        self.name = name
        // Six characters of AWS's, so that a secret of the same name made anew is another.
        arn = "arn:aws:secretsmanager:\(region):\(CredentialStore.account):secret:\(name)-\(suffix)"
    }

    /// The stage AWSCURRENT moves to it, and leaves AWSPREVIOUS behind.
    mutating func add(_ version: Version) {
        var new = version
        if new.stages.contains("AWSCURRENT"), let old = versions.firstIndex(where: { $0.stages.contains("AWSCURRENT") })
        {
            for index in versions.indices { versions[index].stages.remove("AWSPREVIOUS") }
            versions[old].stages.insert("AWSPREVIOUS")
            new.stages.remove("AWSPREVIOUS")
        }
        for index in versions.indices { versions[index].stages.subtract(new.stages) }
        versions.append(new)
    }
}

extension WorldState {
    /// By its name, its ARN, or its ARN without the six characters.
    func secret(_ id: String, region: String) -> Secret? {
        secrets.values.sorted { $0.arn < $1.arn }.first { secret in
            let parts = secret.arn.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count > 3, parts[3] == region else { return false }
            return secret.name == id || secret.arn == id || secret.arn.dropLast(7) == id
        }
    }
}

extension LocalAWS {
    /// Made, or given another value. nil removes it.
    package func setSecret(_ name: String, to value: String?, region: String) {
        let now = clock.now
        world.change { state in
            let old = state.secret(name, region: region)
            guard let value else { return state.secrets = state.secrets.filter { $0.key != old?.arn } }
            var secret = old ?? Secret(name: name, region: region, suffix: SecretsManagerService.suffix())
            secret.add(
                Secret.Version(
                    id: UUID().uuidString.lowercased(), text: value, binary: nil, created: now, stages: ["AWSCURRENT"]
                )
            )
            state.secrets[secret.arn] = secret
        }
    }
}
