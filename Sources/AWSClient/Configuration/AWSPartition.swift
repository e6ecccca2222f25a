/// A separate AWS with its own accounts, regions and domain.
package struct AWSPartition: Sendable, Equatable {
    /// As it stands in ARNs: `aws`, `aws-cn`, ….
    package var id: String
    /// What its endpoint names end in.
    package var dnsSuffix: String
    /// What the names of its regions begin with; empty for the one that has all others.
    package var regionPrefix: String
    /// The region that answers for its global services.
    package var globalRegion: String
    /// Of the services that have one endpoint for all regions.
    private var route53: GlobalEndpoint
    private var iam: GlobalEndpoint

    /// An endpoint whose name is not made by the rule of the others.
    package struct GlobalEndpoint: Sendable, Equatable {
        package var host: String
        /// The same with FIPS 140 cryptography; nil where AWS has none.
        package var fipsHost: String?
        /// The region that its requests are signed for.
        package var region: String
    }

    package func endpoint(of service: AWSService.Global) -> GlobalEndpoint {
        switch service {
        case .route53: route53
        case .iam: iam
        }
    }

    /// From the partitions and endpoint rules that AWS publishes with its SDKs, as of 2026.
    package static let all: [AWSPartition] = [
        china,
        AWSPartition(
            "aws-us-gov", "amazonaws.com", "us-gov-", "us-gov-west-1", "route53.us-gov.amazonaws.com",
            fips: "route53.us-gov.amazonaws.com", iam: "iam.us-gov.amazonaws.com",
            iamFIPS: "iam.us-gov.amazonaws.com"),
        AWSPartition("aws-eusc", "amazonaws.eu", "eusc-", "eusc-de-east-1", "route53.amazonaws.eu"),
        AWSPartition("aws-iso", "c2s.ic.gov", "us-iso-", "us-iso-east-1", "route53.c2s.ic.gov"),
        AWSPartition("aws-iso-b", "sc2s.sgov.gov", "us-isob-", "us-isob-east-1", "route53.sc2s.sgov.gov"),
        AWSPartition("aws-iso-e", "cloud.adc-e.uk", "eu-isoe-", "eu-isoe-west-1", "route53.cloud.adc-e.uk"),
        AWSPartition("aws-iso-f", "csp.hci.ic.gov", "us-isof-", "us-isof-south-1", "route53.csp.hci.ic.gov"),
        commercial,
    ]

    package static let commercial = AWSPartition(
        "aws", "amazonaws.com", "", "us-east-1", "route53.amazonaws.com", fips: "route53-fips.amazonaws.com",
        iam: "iam.amazonaws.com", iamFIPS: "iam-fips.amazonaws.com")

    /// The one whose global services are not all in one region.
    private static let china: AWSPartition = {
        var china = AWSPartition("aws-cn", "amazonaws.com.cn", "cn-", "cn-northwest-1", "route53.amazonaws.com.cn")
        china.iam = GlobalEndpoint(host: "iam.cn-north-1.amazonaws.com.cn", region: "cn-north-1")
        return china
    }()

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

    /// - Parameter iam: nil for the rule of the younger partitions, which name the region.
    private init(
        _ id: String, _ dnsSuffix: String, _ regionPrefix: String, _ globalRegion: String, _ route53: String,
        fips route53FIPS: String? = nil, iam: String? = nil, iamFIPS: String? = nil
    ) {
        self.id = id
        self.dnsSuffix = dnsSuffix
        self.regionPrefix = regionPrefix
        self.globalRegion = globalRegion
        self.route53 = GlobalEndpoint(host: route53, fipsHost: route53FIPS, region: globalRegion)
        self.iam = GlobalEndpoint(
            host: iam ?? "iam.\(globalRegion).\(dnsSuffix)", fipsHost: iamFIPS, region: globalRegion)
    }
}
