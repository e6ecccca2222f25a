internal import Functions

/// Whose permissions can be simulated: a role or a user.
struct Principal: Equatable {
    var arn: String
    /// Of the role or user.
    var account: String
    /// Whether the role may have a path that is not known: the ARN of a session leaves it out.
    var mayLackPath: Bool

    /// - Parameter arn: as STS names a caller.
    /// - Returns: nil for whom IAM does not simulate: the account itself, and federated users.
    init?(callerARN arn: String) {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn" else { return nil }
        let name = parts[5].split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        account = parts[4]
        switch (parts[2], name.first) {
        case ("sts", "assumed-role"):
            guard name.count == 3 else { return nil }
            self.arn = "arn:\(parts[1]):iam::\(parts[4]):role/\(name[1])"
            mayLackPath = true
        case ("iam", "user"), ("iam", "role"):
            self.arn = arn
            mayLackPath = false
        default: return nil
        }
    }
}
