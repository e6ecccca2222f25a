/// A domain name as Route 53 writes it: lower case, final dot, octal escapes (`\052` for `*`).
package struct DNSName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) {
        var name = ""
        for byte in text.lowercased().utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "\\"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let octal = String(byte, radix: 8)
                name += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
            }
        }
        description = name.hasSuffix(".") ? name : name + "."
    }

    /// Without the final dot: as a hosts file has it.
    package var withoutFinalDot: String { String(description.dropLast()) }

    /// `com.example.app.`: Route 53 compares the reversed labels as one string, final dot included, so
    /// that a hyphen sorts before the end of a label.
    var sortKey: String {
        description.split(separator: ".").reversed().joined(separator: ".") + "."
    }

    func isWithin(_ zone: DNSName) -> Bool {
        self == zone || description.hasSuffix("." + zone.description)
    }

    package static func < (left: DNSName, right: DNSName) -> Bool { left.sortKey < right.sortKey }
}
