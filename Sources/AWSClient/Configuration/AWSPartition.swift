/// A separate AWS with its own accounts, regions and domain.
package struct AWSPartition: Sendable, Equatable {
    /// As it stands in ARNs: `aws`, `aws-cn`, ….
    package var id: String
    /// What its endpoint names end in.
    package var dnsSuffix: String
    /// What the names of its regions begin with; empty for the one that has all others.
    package var regionPrefix: String
    /// The region that answers for its global services, and in which their requests are signed.
    package var globalRegion: String
    /// The host of Route 53, whose endpoint is not made by the rule of the others.
    package var route53Host: String
    /// The same with FIPS 140 cryptography; nil where AWS has none.
    package var route53FIPSHost: String?

    /// From the partitions and endpoint rules that AWS publishes with its SDKs, as of 2026.
    package static let all: [AWSPartition] = [
        AWSPartition("aws-cn", "amazonaws.com.cn", "cn-", "cn-northwest-1", "route53.amazonaws.com.cn"),
        AWSPartition(
            "aws-us-gov", "amazonaws.com", "us-gov-", "us-gov-west-1", "route53.us-gov.amazonaws.com",
            fips: "route53.us-gov.amazonaws.com"),
        AWSPartition("aws-eusc", "amazonaws.eu", "eusc-", "eusc-de-east-1", "route53.amazonaws.eu"),
        AWSPartition("aws-iso", "c2s.ic.gov", "us-iso-", "us-iso-east-1", "route53.c2s.ic.gov"),
        AWSPartition("aws-iso-b", "sc2s.sgov.gov", "us-isob-", "us-isob-east-1", "route53.sc2s.sgov.gov"),
        AWSPartition("aws-iso-e", "cloud.adc-e.uk", "eu-isoe-", "eu-isoe-west-1", "route53.cloud.adc-e.uk"),
        AWSPartition("aws-iso-f", "csp.hci.ic.gov", "us-isof-", "us-isof-south-1", "route53.csp.hci.ic.gov"),
        commercial,
    ]

    package static let commercial = AWSPartition(
        "aws", "amazonaws.com", "", "us-east-1", "route53.amazonaws.com", fips: "route53-fips.amazonaws.com")

    /// The partition of a region. A region that is not known yet is one of the commercial partition, as in the SDKs.
    package static func of(region: String) -> AWSPartition {
        all.first { region.hasPrefix($0.regionPrefix) } ?? commercial
    }

    /// The partition that an ARN names; nil where there is none of that name.
    package static func of(arn: String) -> AWSPartition? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 6, parts[0] == "arn" else { return nil }
        return all.first { $0.id == parts[1] }
    }

    private init(
        _ id: String, _ dnsSuffix: String, _ regionPrefix: String, _ globalRegion: String, _ route53Host: String,
        fips route53FIPSHost: String? = nil
    ) {
        self.id = id
        self.dnsSuffix = dnsSuffix
        self.regionPrefix = regionPrefix
        self.globalRegion = globalRegion
        self.route53Host = route53Host
        self.route53FIPSHost = route53FIPSHost
    }
}
