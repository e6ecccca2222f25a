/// The names that are made of one by a number behind its first label: of `read.example.com`, number 2 is
/// `read2.example.com`.
package struct NumberedNames: Sendable, Equatable {
    private let label: String
    /// With the dot before it; empty where there is only one label.
    private let rest: String

    /// - Parameter name: in any form.
    package init(after name: String) {
        let name = DNSName.normalized(name)
        label = String(name.prefix { $0 != "." })
        rest = String(name.dropFirst(label.count))
    }

    package func name(_ number: Int) -> String { "\(label)\(number)\(rest)" }

    /// - Parameter name: normalized.
    /// - Returns: from 1 on; nil where it is no such name, which one with a leading zero is not, or one beyond `Int`.
    package func number(of name: String) -> Int? {
        guard let digits = digits(of: name), digits.first != UInt8(ascii: "0") else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }

    /// - Parameter name: normalized.
    func contains(_ name: String) -> Bool { digits(of: name) != nil }

    private func digits(of name: String) -> [UInt8]? {
        let count = name.utf8.count - label.utf8.count - rest.utf8.count
        guard count > 0, name.hasPrefix(label), name.hasSuffix(rest) else { return nil }
        let digits = Array(name.utf8.dropFirst(label.utf8.count).prefix(count))
        return digits.allSatisfy(Self.isDigit) ? digits : nil
    }

    /// Whether names with a number can follow on one that the list of a zone has reached.
    func canFollow(on name: String) -> Bool {
        let wanted = labels("\(label)\(rest)")
        let reached = labels(DNSName.normalized(name))
        guard reached.count >= wanted.count, reached.prefix(wanted.count - 1).elementsEqual(wanted.dropLast()) else {
            return false
        }
        let last = reached[wanted.count - 1].utf8
        return last.starts(with: label.utf8) && last.dropFirst(label.utf8.count).first.map(Self.isDigit) ?? false
    }

    private func labels(_ name: String) -> [Substring] {
        name.split(separator: ".", omittingEmptySubsequences: false).reversed()
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
