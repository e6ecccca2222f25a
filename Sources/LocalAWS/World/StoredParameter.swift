package import Foundation

/// A String parameter of the Systems Manager Parameter Store. It exists in one region.
package struct StoredParameter: Sendable, Equatable, Encodable {
    package let name: String
    package let region: String
    package var value: String
    /// One more with each value.
    package var version = 1
    /// By the emulator's clock.
    package var lastModified: Date

    package var arn: String { Self.arn(of: name, in: region) }

    /// A name in a hierarchy begins with a slash, which is there once only.
    static func arn(of name: String, in region: String) -> String {
        "arn:aws:ssm:\(region):\(CredentialStore.account):parameter\(name.hasPrefix("/") ? "" : "/")\(name)"
    }
}

extension LocalAWS {
    package func parameter(_ name: String, region: String) -> StoredParameter? {
        world.snapshot.parameters[StoredParameter.arn(of: name, in: region)]
    }

    /// Laid down by hand: any value goes, and each is a version more. nil removes the parameter.
    package func setParameter(_ name: String, to value: String?, region: String) {
        let now = clock.now
        world.change { state in
            let arn = StoredParameter.arn(of: name, in: region)
            guard let value else { return state.parameters[arn] = nil }
            var parameter =
                state.parameters[arn]
                ?? StoredParameter(
                    name: name, region: region, value: value, version: 0, lastModified: now
                )
            (parameter.value, parameter.lastModified) = (value, now)
            parameter.version += 1
            state.parameters[arn] = parameter
        }
    }
}
