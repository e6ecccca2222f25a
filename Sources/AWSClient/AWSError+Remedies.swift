extension AWSError {
    /// What helps against the errors that users of this program really meet; nil for all others.
    ///
    /// - Parameter action: the IAM action of the call, as in `elasticache:FailoverGlobalReplicationGroup`.
    static func remedy(for awsCode: String, action: String, credentials: AWSCredentials?) -> String? {
        let key = credentials.map { "\($0.accessKeyID) from \($0.source)" } ?? "of this request"
        switch awsCode {
        case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired":
            return "The session of the credentials \(key) is over: renew them."
        case "AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation",
            "UnauthorizedAccess":
            return "Allow the action \(action) in the policy of the role or user of the credentials \(key)."
        case "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId":
            return "AWS does not know the access key \(key): it is deleted, of another partition, lacks its "
                + "session token, or the region is not enabled for the account."
        case "SignatureDoesNotMatch", "InvalidSignatureException":
            return "The secret key does not belong to the access key \(key), or something on the way changes requests."
        case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture":
            return "Set the clock of this machine."
        case "OptInRequired", "SubscriptionRequiredException":
            return "Enable the service or the region for this account."
        case "NoSuchHostedZone":
            return "Check HOSTED_ZONE_ID, and that the credentials are of the account that owns the zone."
        case "GlobalReplicationGroupNotFoundFault":
            return "Check the id of the global datastore, its account, and that this region is one of its members."
        case "InvalidGlobalReplicationGroupState":
            return "The global datastore is being changed: look at its status, and ask again when it is available."
        case "GlobalClusterNotFoundFault":
            return "Check the id of the global cluster, its account, and that this region is one of its members."
        case "DBClusterNotFoundFault":
            return "Check the id of the DB cluster, its account, and that it is in this region."
        case "InvalidGlobalClusterStateFault":
            return "The global cluster is being changed: look at its status, and ask again when it is available."
        case "ParameterNotFound":
            return "Check the name of the parameter, and that it is in this region and account."
        case "NotFound" where action.hasPrefix("sns:"):
            return "Check the ARN of the topic: its region, its account, and that it was not deleted."
        case "ResourceNotFoundException" where action.hasPrefix("lambda:"):
            return "Check the name of the function, and that it is in this region and account."
        case "ResourceNotFoundException" where action.hasPrefix("events:"):
            return "Check the name of the rule, and that it is on the default event bus of this region and account."
        case "NoSuchEntity" where action.hasPrefix("iam:"):
            return "Check the ARN of the role or user, and that the credentials are of its account."
        case "KMSAccessDenied" where action.hasPrefix("sns:"):
            return "Allow kms:GenerateDataKey and kms:Decrypt with the key that encrypts the topic, to \(key)."
        case "Throttling" where action.hasPrefix("route53:"):
            return "Route 53 allows five requests a second for the whole account; something else uses them."
        default: return nil
        }
    }
}
