/// Names as Route 53 writes them.
package enum DNSName {
    /// The one form to compare names in: lower case, no final dot, and what Route 53 writes as a backslash
    /// and three octal digits (`\052` for `*`) as the character itself.
    ///
    /// An escaped dot stays escaped: as a character it would divide labels. So does what is not printable ASCII, and an
    /// octal digit, which could make an escape of what stands before and behind it; Route 53 escapes none.
    package static func normalized(_ name: String) -> String {
        let bytes = Array(name.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if let character = octal(bytes[index...]).flatMap(plainCharacter) {
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

    /// The bytes of a normalized label, each escape as the byte that it stands for.
    static func decoded(_ label: some StringProtocol) -> [UInt8] {
        let bytes = Array(label.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = octal(bytes[index...])
            result.append(byte ?? bytes[index])
            index += byte == nil ? 1 : 4
        }
        return result
    }

    /// The bytes of a normalized label as Route 53 writes them: an escape for all but letters, digits, hyphen and
    /// underscore.
    static func escaped(_ label: some StringProtocol) -> [UInt8] {
        decoded(label).flatMap { byte -> [UInt8] in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                [byte]
            default: [UInt8(ascii: "\\"), 0x30 + byte / 64, 0x30 + byte / 8 % 8, 0x30 + byte % 8]
            }
        }
    }

    /// What a backslash and three octal digits stand for, where the bytes begin with these.
    private static func octal(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        let digits = bytes.dropFirst().prefix(3).map { Int($0) - 0x30 }
        guard bytes.first == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (0...7).contains($0) })
        else { return nil }
        return UInt8(exactly: digits[0] * 64 + digits[1] * 8 + digits[2])
    }

    private static func plainCharacter(_ byte: UInt8) -> UInt8? {
        (0x21...0x7E).contains(byte) && byte != 0x2E && byte != 0x5C && !(0x30...0x37).contains(byte) ? byte : nil
    }
}
