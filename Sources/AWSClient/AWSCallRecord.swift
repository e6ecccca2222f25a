/// One finished call of an AWS operation, with all its attempts.
package struct AWSCallRecord: Sendable, Equatable {
    /// As IAM names the service, as in `elasticache`.
    package var service: String
    package var operation: String
    /// The host that it went to.
    package var host: String
    package var attempts: Int
    /// The HTTP status of the last answer; nil where there was none.
    package var status: Int?
    package var succeeded: Bool
    /// The error code of AWS, if that is how it ended.
    package var awsCode: String?
    /// From the first attempt to the last answer, delays included.
    package var duration: Duration

    /// As in `elasticache:DescribeGlobalReplicationGroups`.
    package var action: String { "\(service):\(operation)" }
}
