import Testing

@testable import NameResolution

@Suite("ElastiCache's short codes")
struct RegionCodeTests {
    static let codes = [
        ("use1", "us-east-1"), ("use2", "us-east-2"), ("usw1", "us-west-1"), ("usw2", "us-west-2"),
        ("cac1", "ca-central-1"), ("caw1", "ca-west-1"),
        ("euw1", "eu-west-1"), ("euw2", "eu-west-2"), ("euw3", "eu-west-3"), ("euc1", "eu-central-1"),
        ("euc2", "eu-central-2"), ("eun1", "eu-north-1"), ("eus1", "eu-south-1"), ("eus2", "eu-south-2"),
        ("apse1", "ap-southeast-1"), ("apse2", "ap-southeast-2"), ("apse3", "ap-southeast-3"),
        ("apse4", "ap-southeast-4"), ("apse5", "ap-southeast-5"), ("apse6", "ap-southeast-6"),
        ("apse7", "ap-southeast-7"), ("aps1", "ap-south-1"), ("aps2", "ap-south-2"),
        ("apne1", "ap-northeast-1"), ("apne2", "ap-northeast-2"), ("apne3", "ap-northeast-3"),
        ("ape1", "ap-east-1"), ("ape2", "ap-east-2"),
        ("sae1", "sa-east-1"), ("afs1", "af-south-1"), ("mes1", "me-south-1"), ("mec1", "me-central-1"),
        ("ilc1", "il-central-1"), ("mxc1", "mx-central-1"), ("usgw1", "us-gov-west-1"), ("usge1", "us-gov-east-1"),
        ("cnn1", "cn-north-1"), ("cnw1", "cn-northwest-1"), ("cnnw1", "cn-northwest-1"),
    ]

    @Test("Each code is its region", arguments: codes)
    func region(code: String, region: String) {
        #expect(RegionCode.region(of: code[...]) == region)
        let suffix = region.hasPrefix("cn-") ? ".cn" : ""
        #expect(NameResolution.region(ofHost: "master.rg.abc123.\(code).cache.amazonaws.com\(suffix)") == region)
    }

    @Test(
        "Anything else is none",
        arguments: [
            "", "1", "us1", "use", "use0", "use10", "uses1", "usx1", "u1", "uéw1", "USE1", "usge", "usg1", "use１",
        ])
    func noRegion(code: String) {
        #expect(RegionCode.region(of: code[...]) == nil)
    }
}
