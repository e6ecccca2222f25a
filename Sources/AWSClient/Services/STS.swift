/// AWS Security Token Service, at its regional endpoints.
/// See https://docs.aws.amazon.com/STS/latest/APIReference/
package struct STS: Sendable {
    package struct CallerIdentity: Sendable, Equatable {
        package var account: String
        package var arn: String
        package var userID: String

        package init(account: String, arn: String, userID: String) {
            self.account = account
            self.arn = arn
            self.userID = userID
        }
    }

    private let client: AWSClient
    private let region: String?

    /// - Parameter region: nil for that of the configuration.
    package init(_ client: AWSClient, region: String? = nil) {
        self.client = client
        self.region = region
    }

    /// Who signs the requests. AWS allows it to everybody.
    package func getCallerIdentity(deadline: ContinuousClock.Instant) async throws(AWSError) -> CallerIdentity {
        let call = AWSCall.query(.sts, region: region, operation: "GetCallerIdentity", parameters: [])
        return try await client.query(call, deadline: deadline) { result throws(XMLError) in
            CallerIdentity(
                account: try result.required("Account"), arn: try result.required("Arn"),
                userID: try result.required("UserId"))
        }
    }

    /// Credentials of a role.
    ///
    /// - Parameters:
    ///   - durationSeconds: how long they shall be valid, 900 to 43,200; nil for an hour.
    ///   - credentials: that the request is signed with; nil for those of the configuration.
    package func assumeRole(
        arn: String, sessionName: String, externalID: String? = nil, durationSeconds: Int? = nil,
        with credentials: AWSCredentials? = nil, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> AWSCredentials {
        var call = AWSCall.query(
            .sts, region: region, operation: "AssumeRole",
            parameters: [
                ("RoleArn", arn), ("RoleSessionName", sessionName), ("ExternalId", externalID),
                ("DurationSeconds", durationSeconds.map(String.init)),
            ])
        call.answerHoldsSecrets = true
        return try await client.query(call, deadline: deadline, credentials: credentials) { result throws(XMLError) in
            guard let element = result["Credentials"] else { throw XMLError(reason: "there are no Credentials") }
            guard let expiration = Timestamp(iso8601: try element.required("Expiration")) else {
                throw XMLError(reason: "the Expiration is no time")
            }
            return AWSCredentials(
                accessKeyID: try element.required("AccessKeyId"),
                secretAccessKey: Secret(try element.required("SecretAccessKey")),
                sessionToken: Secret(try element.required("SessionToken")), expiration: expiration,
                source: "the role \(arn)")
        }
    }
}
