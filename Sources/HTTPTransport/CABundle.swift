internal import Glibc

/// Where the trusted certification authorities are.
package struct CABundle: Sendable {
    /// The first of these that exists is taken, unless a variable names another.
    private static let usualPlaces = [
        "/etc/pki/tls/certs/ca-bundle.crt",  // Amazon Linux, Fedora
        "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "/etc/ssl/ca-bundle.pem",  // SUSE
        "/etc/ssl/cert.pem",  // Alpine
    ]

    package struct Problem: Error, CustomStringConvertible {
        package var description: String
    }

    private let named: (variable: String, path: String)?
    private let isReadable: @Sendable (String) -> Bool

    /// - Parameter environment: read for `AWS_CA_BUNDLE`, then `SSL_CERT_FILE`.
    package init(
        environment: [String: String],
        isReadable: @escaping @Sendable (String) -> Bool = { access($0, R_OK) == 0 }
    ) {
        named =
            ["AWS_CA_BUNDLE", "SSL_CERT_FILE"].lazy.compactMap { variable in
                environment[variable].flatMap { $0.isEmpty ? nil : (variable, $0) }
            }.first
        self.isReadable = isReadable
    }

    package func location() -> Result<String, Problem> {
        if let named {
            guard isReadable(named.path) else {
                return .failure(
                    Problem(description: "\(named.variable) names \(named.path), which is not a readable file"))
            }
            return .success(named.path)
        }
        guard let path = Self.usualPlaces.first(where: isReadable) else {
            let places = Self.usualPlaces.joined(separator: ", ")
            return .failure(
                Problem(
                    description: "no certification authorities found in \(places): install the package"
                        + " ca-certificates, or name a file with AWS_CA_BUNDLE"))
        }
        return .success(path)
    }
}
