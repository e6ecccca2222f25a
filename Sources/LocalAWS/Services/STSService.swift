import Foundation

struct STSService: QueryService {
    let name = "sts"
    let namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
    let version = "2011-06-15"
    let operations: Set<String> = ["GetCallerIdentity", "AssumeRole"]

    let credentials: CredentialStore

    func result(of call: ServiceCall, into xml: inout XML) throws {
        if call.operation == "GetCallerIdentity" {
            xml.element("Arn", call.caller.arn)
            xml.element("UserId", call.caller.userID)
            xml.element("Account", CredentialStore.account)
        } else {
            try assumeRole(call, into: &xml)
        }
    }

    private func assumeRole(_ call: ServiceCall, into xml: inout XML) throws {
        let role = try Self.roleName(call.parameters["RoleArn"])
        guard let session = call.parameters["RoleSessionName"], (2...64).contains(session.count) else {
            throw AWSFailure(400, "ValidationError", "RoleSessionName must have 2 to 64 characters.")
        }
        let seconds = call.parameters["DurationSeconds"] ?? "3600"
        guard let duration = Int(seconds), (900...43_200).contains(duration) else {
            throw AWSFailure(400, "ValidationError", "DurationSeconds must be between 900 and 43200, not \(seconds).")
        }
        let issued = credentials.issue(role: role, session: session, lasting: TimeInterval(duration))
        xml.element("Credentials") { xml in
            xml.element("AccessKeyId", issued.accessKeyID)
            xml.element("SecretAccessKey", issued.secretAccessKey)
            xml.element("SessionToken", issued.sessionToken)
            xml.element("Expiration", issued.expiration.map(AWSDate.extended))
        }
        xml.element("AssumedRoleUser") { xml in
            xml.element("AssumedRoleId", issued.userID)
            xml.element("Arn", issued.arn)
        }
        xml.element("PackedPolicySize", 6)
    }

    private static func roleName(_ arn: String?) throws(AWSFailure) -> String {
        let parts = (arn ?? "").split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("role/"),
            let name = parts[5].split(separator: "/").last
        else {
            throw AWSFailure(400, "ValidationError", "\(arn ?? "") is invalid: RoleArn must be the ARN of a role.")
        }
        return String(name)
    }
}
