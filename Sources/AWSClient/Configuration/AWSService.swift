/// A service that is called, in all its names. To add one is to add its line here and its operations in
/// `Services`.
package struct AWSService: Sendable, Equatable {
    /// As messages name it.
    package var name: String
    /// The first label of its endpoint names.
    package var endpointPrefix: String
    /// As credential scopes have it.
    package var signingName: String
    /// What stands before the colon of its IAM actions.
    package var actionPrefix: String
    /// What follows `AWS_ENDPOINT_URL_`; in lower case, its key in the `services` section of a profile.
    package var variableSuffix: String
    /// The version of its API, which the query protocol sends along.
    package var version: String
    /// Which of those with one endpoint for all regions of a partition it is; nil for none of them.
    package var global: Global?
    /// Partitions whose ordinary endpoint has FIPS 140 cryptography, so that there is none with `-fips` in its name.
    package var partitionsWithFIPSOnly: [String] = []

    package enum Global: Sendable {
        case route53, iam
    }

    package static let elastiCache = AWSService(
        name: "ElastiCache", endpointPrefix: "elasticache", signingName: "elasticache", actionPrefix: "elasticache",
        variableSuffix: "ELASTICACHE", version: "2015-02-02", partitionsWithFIPSOnly: ["aws-us-gov"])
    package static let route53 = AWSService(
        name: "Route 53", endpointPrefix: "route53", signingName: "route53", actionPrefix: "route53",
        variableSuffix: "ROUTE_53", version: "2013-04-01", global: .route53)
    package static let sts = AWSService(
        name: "STS", endpointPrefix: "sts", signingName: "sts", actionPrefix: "sts", variableSuffix: "STS",
        version: "2011-06-15", partitionsWithFIPSOnly: ["aws-us-gov"])
    package static let rds = AWSService(
        name: "RDS", endpointPrefix: "rds", signingName: "rds", actionPrefix: "rds", variableSuffix: "RDS",
        version: "2014-10-31", partitionsWithFIPSOnly: ["aws-us-gov", "aws-iso", "aws-iso-b"])
    package static let cloudWatch = AWSService(
        name: "CloudWatch", endpointPrefix: "monitoring", signingName: "monitoring", actionPrefix: "cloudwatch",
        variableSuffix: "CLOUDWATCH", version: "2010-08-01", partitionsWithFIPSOnly: ["aws-us-gov"])
    package static let sns = AWSService(
        name: "SNS", endpointPrefix: "sns", signingName: "sns", actionPrefix: "sns", variableSuffix: "SNS",
        version: "2010-03-31", partitionsWithFIPSOnly: ["aws-us-gov"])
    package static let ssm = AWSService(
        name: "SSM", endpointPrefix: "ssm", signingName: "ssm", actionPrefix: "ssm", variableSuffix: "SSM",
        version: "2014-11-06", partitionsWithFIPSOnly: ["aws-us-gov"])
    package static let secretsManager = AWSService(
        name: "Secrets Manager", endpointPrefix: "secretsmanager", signingName: "secretsmanager",
        actionPrefix: "secretsmanager", variableSuffix: "SECRETS_MANAGER", version: "2017-10-17")
    package static let iam = AWSService(
        name: "IAM", endpointPrefix: "iam", signingName: "iam", actionPrefix: "iam", variableSuffix: "IAM",
        version: "2010-05-08", global: .iam)
    package static let lambda = AWSService(
        name: "Lambda", endpointPrefix: "lambda", signingName: "lambda", actionPrefix: "lambda",
        variableSuffix: "LAMBDA", version: "2015-03-31")
    package static let eventBridge = AWSService(
        name: "EventBridge", endpointPrefix: "events", signingName: "events", actionPrefix: "events",
        variableSuffix: "EVENTBRIDGE", version: "2015-10-07", partitionsWithFIPSOnly: ["aws-us-gov"])

    /// Those whose endpoint variables are looked at.
    package static let all = [
        elastiCache, route53, sts, rds, cloudWatch, sns, ssm, secretsManager, iam, lambda, eventBridge,
    ]
}
