import Foundation

/// What a real process must be given to live in the emulated world.
extension LocalAWS {
    /// What must not be left over from the real world: other credentials than the emulator's, or a way
    /// around its endpoint.
    package static let variablesToUnset = [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_DEFAULT_PROFILE",
        "AWS_ENDPOINT_URL_CLOUDWATCH", "AWS_ENDPOINT_URL_ELASTICACHE", "AWS_ENDPOINT_URL_EVENTBRIDGE",
        "AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL_LAMBDA", "AWS_ENDPOINT_URL_RDS", "AWS_ENDPOINT_URL_ROUTE_53",
        "AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL_SNS", "AWS_ENDPOINT_URL_SSM", "AWS_ENDPOINT_URL_STS",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_SESSION_TOKEN",
        "AWS_USE_DUALSTACK_ENDPOINT", "AWS_USE_FIPS_ENDPOINT", "AWS_WEB_IDENTITY_TOKEN_FILE",
    ]

    /// For any AWS program: endpoints, credentials and DNS.
    package func environment(forRegion region: String) -> [String: String] {
        base(region: region, credentials: CredentialStore.user)
    }

    /// For a Lambda runtime: what Lambda sets, the function's own variables and role, and the Runtime API.
    /// - Parameter handler: in place of the function's own.
    package func environment(for function: LocalFunction, handler: String? = nil) -> [String: String] {
        let settings = function.settings
        var environment = settings.environment
        environment.merge(base(region: function.region, credentials: function.credentials)) { $1 }
        environment["AWS_LAMBDA_RUNTIME_API"] = function.runtimeAPI
        environment["AWS_LAMBDA_FUNCTION_NAME"] = function.name
        environment["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST"
        environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = String(settings.memory)
        environment["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand"
        environment["AWS_LAMBDA_LOG_GROUP_NAME"] = "/aws/lambda/\(function.name)"
        environment["AWS_LAMBDA_LOG_STREAM_NAME"] = "local/[$LATEST]\(function.name)"
        environment["AWS_EXECUTION_ENV"] = "AWS_Lambda_provided.al2023"
        environment["LAMBDA_TASK_ROOT"] = "/var/task"
        environment["_HANDLER"] = handler ?? settings.handler
        environment["TZ"] = ":UTC"
        return environment
    }

    private func base(region: String, credentials: LocalCredentials) -> [String: String] {
        var environment = [
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_ACCESS_KEY_ID": credentials.accessKeyID,
            "AWS_SECRET_ACCESS_KEY": credentials.secretAccessKey,
        ]
        environment["AWS_SESSION_TOKEN"] = credentials.sessionToken
        return environment.merging(hostsFile.environment) { $1 }
    }
}
