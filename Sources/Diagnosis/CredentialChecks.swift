internal import AWSClient
internal import Functions
internal import HTTPTransport

extension Finding {
    /// - Parameter identity: what STS says of the caller.
    static func credentials(_ identity: Result<STS.CallerIdentity, AWSError>) -> Finding {
        switch identity {
        case .success(let caller):
            return .good(.credentials, .caller, "AWS knows the caller as \(caller.arn)")
        case .failure(let error) where error.code == .noCredentials || error.code == .invalidConfiguration:
            return .wrong(
                .credentials, .noCredentials, clause(error), error.remedy ?? "Give this program credentials of AWS.")
        case .failure(let error) where error.isAboutCredentials:
            return .wrong(
                .credentials, .noCredentials, clause(error),
                error.remedy ?? "Give this program credentials that AWS accepts.")
        case .failure(let error):
            return .warning(
                .credentials, .callerUnknown, "who the caller is could not be asked: \(clause(error))",
                error.remedy
                    ?? "promoter itself does without STS; see that this network leads there if you want to know.")
        }
    }
}

extension AWSError {
    private static let credentialCodes: Set = [
        "ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId",
        "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidSignatureException",
    ]

    /// Whether AWS does not take the credentials, whatever they may do.
    var isAboutCredentials: Bool { awsCode.map(Self.credentialCodes.contains) ?? false }

    /// Whether there was no answer in the time that there was.
    var isTimeout: Bool { code == .deadlineExceeded || transportError?.code == .deadlineExceeded }

    /// Whether it is a permission that is missing.
    var isAboutPermissions: Bool {
        guard let awsCode else { return false }
        return awsCode.hasPrefix("AccessDenied") || awsCode.hasPrefix("Unauthorized") || awsCode == "AuthorizationError"
    }
}
