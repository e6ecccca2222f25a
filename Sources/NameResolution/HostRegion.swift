/// The region that is part of an AWS host name: of a load balancer, an endpoint, a cluster.
///
/// Names are read by their shape, not looked up in a list of regions, so that a region opened tomorrow
/// works without a release.
///
/// - Parameter host: in any case, with or without final dot.
/// - Returns: as in `eu-west-1`; nil where the name is not of a known shape, or is of a global service.
package func region(ofHost host: String) -> String? {
    // AWS writes ASCII; and Swift compares other texts by what they look like, not by their bytes.
    guard host.utf8.allSatisfy({ 0x21...0x7e ~= $0 }) else { return nil }
    let labels = normalizedHostName(host).split(separator: ".", omittingEmptySubsequences: false)
    guard labels.allSatisfy({ !$0.isEmpty }) else { return nil }
    for domain in HostPattern.domains {
        guard let rest = labels.removingSuffix(domain.suffix) else { continue }
        for pattern in domain.patterns {
            if let region = pattern.region(in: rest), domain.holds(region) { return region }
        }
    }
    return nil
}

/// The shape of the labels in front of a domain. Each part stands for one label: itself; `*` any; `@`
/// a region; `#` a region in ElastiCache's short form. `*` and `@` may end a part (`vpce-*`). `**` at
/// the front stands for one or more labels.
private struct HostPattern: ExpressibleByStringLiteral {
    private var parts: [Substring]
    private let isOpen: Bool

    init(stringLiteral text: String) {
        parts = text.split(separator: ".")
        isOpen = parts.first == "**"
        if isOpen { parts[0] = "*" }
    }

    func region(in labels: [Substring]) -> String? {
        guard isOpen ? labels.count >= parts.count : labels.count == parts.count else { return nil }
        var region: String?
        for (part, label) in zip(parts, labels.suffix(parts.count)) {
            let prefix = part.dropLast()
            switch part.last {
            case "*": guard label.hasPrefix(prefix), label.count > prefix.count else { return nil }
            case "@":
                guard label.hasPrefix(prefix), isRegionName(label.dropFirst(prefix.count)) else { return nil }
                region = String(label.dropFirst(prefix.count))
            case "#":
                region = RegionCode.region(of: label)
                if region == nil { return nil }
            default: guard part == label else { return nil }
            }
        }
        return region
    }
}

extension HostPattern {
    struct Domain {
        let suffix: [Substring]
        /// What the regions of the domain begin with; nil for the commercial ones and GovCloud.
        let regions: String?
        let patterns: [HostPattern]

        init(_ suffix: String, regions: String? = nil, _ patterns: [HostPattern]) {
            self.suffix = suffix.split(separator: ".")
            self.regions = regions
            self.patterns = patterns
        }

        /// A region outside its partition's domain is nobody's name at AWS.
        func holds(_ region: String) -> Bool {
            if let regions { return region.hasPrefix(regions) }
            return !["cn-", "eusc-", "us-iso", "eu-iso"].contains { region.hasPrefix($0) }
        }
    }

    static let domains = [
        Domain("amazonaws.com", regional),
        Domain("elasticbeanstalk.com", beanstalk),
        Domain("awsapprunner.com", ["*.@"]),
        Domain("on.aws", ["*.lambda-url.@"]),
        Domain("amazonaws.com.cn", regions: "cn-", regional + ["*.rds.@", "*.*.rds.@", "*.*.*.rds.@"]),
        Domain("elasticbeanstalk.com.cn", regions: "cn-", beanstalk),
        Domain("amazonaws.eu", regions: "eusc-", regional),
        Domain("c2s.ic.gov", regions: "us-iso-", regional),
        Domain("sc2s.sgov.gov", regions: "us-isob-", regional),
        Domain("cloud.adc-e.uk", regions: "eu-isoe-", regional),
        Domain("csp.hci.ic.gov", regions: "us-isof-", regional),
    ]

    private static let regional: [HostPattern] = [
        // Application and Classic Load Balancer; the latter also answers to ipv6. and dualstack.
        "*.@.elb", "dualstack.*.@.elb", "ipv6.*.@.elb",
        // Network Load Balancer: whole, and one zone of it (or dualstack.).
        "*.elb.@", "*.*.elb.@",
        "*.execute-api.@",
        "*.appsync-api.@",
        // VPC endpoint. A service may have two labels (dkr.ecr).
        "vpce-*.*.@.vpce", "vpce-*.*.*.@.vpce",
        // The alias target of a website, and the same behind a bucket, whose name may have dots.
        "s3-website-@", "s3-website.@", "**.s3-website-@", "**.s3-website.@",
        // Instance, cluster, proxy. "global" has not the form of a region.
        "*.@.rds", "*.*.@.rds", "*.*.*.@.rds",
        // ElastiCache: primary and reader endpoint; every node, TLS and configuration endpoint; serverless.
        "*.*.ng.*.#.cache", "*.*.*.#.cache", "*.serverless.#.cache",
    ]

    private static let beanstalk: [HostPattern] = ["*.@", "*.*.@"]
}

/// Whether the text has the form of a region: two letters or more, words, one digit (`us-gov-west-1`).
package func isRegionName(_ text: some StringProtocol) -> Bool {
    let words = text.split(separator: "-", omittingEmptySubsequences: false)
    guard words.count >= 3, let area = words.first, area.utf8.count >= 2, let number = words.last else { return false }
    return number.utf8.count == 1 && number.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        && words.dropLast().allSatisfy { word in
            !word.isEmpty && word.utf8.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }
        }
}

extension [Substring] {
    fileprivate func removingSuffix(_ suffix: [Substring]) -> [Substring]? {
        count > suffix.count && self.suffix(suffix.count) == suffix[...] ? dropLast(suffix.count) : nil
    }
}
