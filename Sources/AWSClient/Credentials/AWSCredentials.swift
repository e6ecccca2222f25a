/// What requests are signed with.
package struct AWSCredentials: Sendable, Equatable, CustomStringConvertible {
    /// Not a secret: it goes over the wire in every request, and CloudTrail shows it.
    package var accessKeyID: String
    package var secretAccessKey: Secret
    package var sessionToken: Secret?
    /// When AWS stops to accept them; nil for never.
    package var expiration: Timestamp?
    /// Where they come from, in words, as in `the environment`.
    package var source: String

    package init(
        accessKeyID: String, secretAccessKey: Secret, sessionToken: Secret? = nil, expiration: Timestamp? = nil,
        source: String
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
        self.source = source
    }

    package var description: String { "credentials \(accessKeyID) from \(source)" }
}
