/// Names as Route 53 writes them.
package enum DNSName {
    /// The one form to compare names in: lower case, no final dot, and what Route 53 writes as a backslash
    /// and three octal digits (`\052` for `*`) as the character itself.
    ///
    /// An escaped dot stays escaped: as a character it would divide labels. So does what is not printable ASCII.
    package static func normalized(_ name: String) -> String {
        let bytes = Array(name.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if let character = escaped(bytes[index...]) {
                result.append(character)
                index += 4
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        if result.last == UInt8(ascii: ".") { result.removeLast() }
        let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
        return String(decoding: result.map { upper.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    private static func escaped(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        let digits = bytes.dropFirst().prefix(3).map { Int($0) - 0x30 }
        guard bytes.first == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (0...7).contains($0) })
        else { return nil }
        let value = digits[0] * 64 + digits[1] * 8 + digits[2]
        guard (0x21...0x7E).contains(value), value != 0x2E, value != 0x5C else { return nil }
        return UInt8(value)
    }
}
