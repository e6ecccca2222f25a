extension Route53 {
    /// 300 a page. Names below those that are wanted (`a.read1`) stand between them, and need not be few.
    private static let maximumPagesOfNumbers = 40

    /// The record sets of all names of a zone that are a name with a number behind its first label: of
    /// `read.example.com`, those of `read1.example.com`, `read2.example.com`, of every type.
    ///
    /// They stand together in the list of a zone, whichever way Route 53 sorts what it writes as octal escapes: by the
    /// bytes of the labels in reverse order, which up to the number are the same in all of them. So it is read from number
    /// 1 to the first name that goes on with anything but a digit.
    ///
    /// - Parameters:
    ///   - hostedZoneID: with or without `/hostedzone/` before it.
    ///   - name: in any case, with or without final dot.
    /// - Returns: in the order of the list. None has a number that begins with a zero: these stand before number 1.
    package func listResourceRecordSets(
        hostedZoneID: String, numberedAfter name: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [ResourceRecordSet] {
        let range = NumberedNames(after: name)
        var position = RecordSetScan.Position(name: range.first)
        var found: [ResourceRecordSet] = []
        for _ in 0..<Self.maximumPagesOfNumbers {
            let (sets, next) = try await page(zone: Self.bareID(hostedZoneID), from: position, deadline: deadline)
            found += sets.filter { range.contains($0.name) }
            guard let next, range.isStillBefore(next.name) else { return found }
            guard next != position else { break }
            position = next
        }
        throw AWSError.endlessPages(of: "Route 53 ListResourceRecordSets")
    }
}

/// The names that are made of one by a number behind its first label.
struct NumberedNames {
    private let label: String
    /// With the dot before it; empty where there is only one label.
    private let rest: String

    /// - Parameter name: in any form.
    init(after name: String) {
        let name = DNSName.normalized(name)
        label = String(name.prefix { $0 != "." })
        rest = String(name.dropFirst(label.count))
    }

    /// Where the list of them begins.
    var first: String { "\(label)1\(rest)" }

    /// - Parameter name: normalized.
    func contains(_ name: String) -> Bool {
        guard name.hasPrefix(label), name.hasSuffix(rest), name.utf8.count > label.utf8.count + rest.utf8.count else {
            return false
        }
        return name.utf8.dropFirst(label.utf8.count).dropLast(rest.utf8.count).allSatisfy(Self.isDigit)
    }

    /// Whether names of the range can follow on one that the list has reached.
    func isStillBefore(_ name: String) -> Bool {
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
