import NameResolution
import Testing

@Suite("The name of a region")
struct RegionNameTests {
    @Test(
        "A region of each partition and direction is one, those of tomorrow included",
        arguments: [
            "us-east-1", "us-west-2", "eu-north-1", "eu-central-2", "ap-southeast-7", "ap-northeast-3", "ap-south-2",
            "sa-east-1", "af-south-1", "me-central-1", "il-central-1", "mx-central-1", "ca-west-1", "us-gov-west-1",
            "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "cn-northwest-1", "cn-north-1",
            "eusc-de-east-1", "xx-southwest-9",
        ])
    func regions(name: String) { #expect(flaw(inRegionName: name) == nil) }

    @Test(
        "What is mistyped is none",
        arguments: [
            "us-esat-1", "us-gov-1", "eu-centrl-1", "ap-southesat-1", "us-1-east", "us-east", "us-east-1a",
            "us-east-10",
            "US-EAST-1", "useast1", "us_east_1", " us-east-1", "", "global", "east-us-1",
        ])
    func others(name: String) { #expect(flaw(inRegionName: name) != nil) }
}
