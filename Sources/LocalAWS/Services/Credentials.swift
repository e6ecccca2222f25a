package import Foundation
import Synchronization

/// An access key that the emulator knows.
package struct LocalCredentials: Sendable, Equatable {
    package var accessKeyID: String
    package var secretAccessKey: String
    package var sessionToken: String?
    /// By the real clock, which is the one that a client has.
    package var expiration: Date?
    package var userID: String
    package var arn: String
}

final class CredentialStore: Sendable {
    static let account = "111122223333"

    static let user = LocalCredentials(
        accessKeyID: "AKIALOCALAWSEXAMPLE1",
        secretAccessKey: "local-aws-secret-key-that-opens-nothing0",
        userID: "AIDALOCALAWSEXAMPLE1",
        arn: "arn:aws:iam::\(account):user/operator"
    )

    private let known = Mutex([user.accessKeyID: user])

    subscript(accessKeyID: String) -> LocalCredentials? { known.withLock { $0[accessKeyID] } }

    func add(_ credentials: LocalCredentials) { known.withLock { $0[credentials.accessKeyID] = credentials } }

    /// Temporary credentials, as STS gives them out.
    func issue(role: String, session: String, lasting: TimeInterval) -> LocalCredentials {
        let id = Self.random(16)
        let credentials = LocalCredentials(
            accessKeyID: "ASIA" + id,
            secretAccessKey: Self.random(40),
            sessionToken: "local-token-" + Self.random(80),
            expiration: Date().addingTimeInterval(lasting),
            userID: "AROALOCALAWSEXAMPLE1:" + session,
            arn: "arn:aws:sts::\(Self.account):assumed-role/\(role)/\(session)"
        )
        add(credentials)
        return credentials
    }

    private static func random(_ count: Int) -> String {
        String((0..<count).compactMap { _ in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".randomElement() })
    }
}
