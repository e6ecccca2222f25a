/// What principals may do: everything, but for what is denied by `LocalAWS.deny`.
struct IAMService: QueryService {
    let name = "iam"
    let namespace = "https://iam.amazonaws.com/doc/2010-05-08/"
    let version = "2010-05-08"
    let operations: Set<String> = ["SimulatePrincipalPolicy"]

    let world: World

    func result(of call: ServiceCall, into xml: inout XML) throws {
        guard call.region == Route53Service.signingRegion else {
            throw AWSFailure(
                403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region, not '\(call.region)'."
            )
        }
        try Self.checkPrincipal(call.parameters["PolicySourceArn"] ?? "")
        let actions = call.list("ActionNames")
        guard !actions.isEmpty else {
            throw AWSFailure(
                400, "ValidationError", "Value at 'actionNames' must have length greater than or equal to 1")
        }
        for action in actions where action.split(separator: ":", omittingEmptySubsequences: false).count != 2 {
            throw AWSFailure(400, "InvalidInput", "Invalid Action Name: \(action)")
        }
        let resources = call.list("ResourceArns")
        let denied = world.snapshot.deniedActions
        xml.element("IsTruncated", false)
        xml.element("EvaluationResults") { xml in
            for action in actions {
                for resource in resources.isEmpty ? ["*"] : resources {
                    xml.element("member") { xml in
                        xml.element("EvalActionName", action)
                        xml.element("EvalResourceName", resource)
                        xml.element("EvalDecision", denied.contains(action.lowercased()) ? "implicitDeny" : "allowed")
                        xml.element("MatchedStatements") { _ in }
                        xml.element("MissingContextValues") { _ in }
                    }
                }
            }
        }
    }

    /// A session of a role is none of the entities that have policies.
    private static func checkPrincipal(_ arn: String) throws(AWSFailure) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam",
            ["role/", "user/", "group/"].contains(where: { parts[5].hasPrefix($0) })
        else {
            throw AWSFailure(
                400, "InvalidInput", "Invalid Entity Arn: \(arn) does not clearly define entity type and name."
            )
        }
    }
}

extension LocalAWS {
    /// Such as `elasticache:FailoverGlobalReplicationGroup`, whatever the case, in place of those denied before.
    /// It changes what IAM says; no other service asks it.
    package func deny(actions: Set<String>) {
        world.change { $0.deniedActions = Set(actions.map { $0.lowercased() }) }
    }
}
