import Synchronization

/// The derived signing keys of the current day: four HMACs a day, region and service, not a request.
package final class SigningKeyCache: Sendable {
    private struct Entry {
        var secret: Secret
        var key: [UInt8]
    }

    private let entries = Mutex<[SignatureV4.Scope: Entry]>([:])

    package init() {}

    /// The key for a scope, derived where it is not known or the credentials have changed.
    func key(for scope: SignatureV4.Scope, credentials: AWSCredentials) throws(AWSError) -> [UInt8] {
        let known = entries.withLock { $0[scope] }
        if let known, known.secret == credentials.secretAccessKey { return known.key }
        let key = try SignatureV4.key(secret: credentials.secretAccessKey, scope: scope)
        entries.withLock { entries in
            // Yesterday's keys sign nothing any more.
            entries = entries.filter { $0.key.date == scope.date }
            entries[scope] = Entry(secret: credentials.secretAccessKey, key: key)
        }
        return key
    }
}
