/// ElastiCache's short form of a region: `use1` for us-east-1, `usgw1` for us-gov-west-1.
enum RegionCode {
    /// - Returns: the region, or nil where `code` is not of the form area, direction, digit.
    static func region(of code: Substring) -> String? {
        if let region = irregular[code] { return region }
        guard let number = code.utf8.last, UInt8(ascii: "1")...UInt8(ascii: "9") ~= number else { return nil }
        let (area, rest) = (code.prefix(2), code.dropFirst(2).dropLast())
        guard area.utf8.count == 2, area.utf8.allSatisfy({ UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }) else {
            return nil
        }
        // No direction begins with a g: it is GovCloud's.
        let isGovernment = rest.first == "g"
        guard let direction = directions[isGovernment ? rest.dropFirst() : rest] else { return nil }
        return "\(area)\(isGovernment ? "-gov" : "")-\(direction)-\(number - UInt8(ascii: "0"))"
    }

    static let directions: [Substring: String] = [
        "n": "north", "ne": "northeast", "e": "east", "se": "southeast", "s": "south", "sw": "southwest",
        "w": "west", "nw": "northwest", "c": "central",
    ]

    /// Ningxia's real names say "west".
    private static let irregular: [Substring: String] = ["cnw1": "cn-northwest-1"]
}
