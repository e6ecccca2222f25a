/// The short name of a region in ElastiCache's endpoint names: `use1` of `us-east-1`.
enum RegionCode {
    private static let directions = [
        "northwest": "nw", "northeast": "ne", "southeast": "se", "southwest": "sw", "north": "n", "east": "e",
        "south": "s", "west": "w", "central": "c", "gov": "g",
    ]

    /// Of a name that is no region's the letters and digits: nobody's endpoints, but a label.
    static func short(of region: String) -> String {
        // The one that does not follow the rule.
        if region == "cn-northwest-1" { return "cnw1" }
        return region.split(separator: "-").map { directions[String($0)] ?? String($0) }.joined()
    }
}
