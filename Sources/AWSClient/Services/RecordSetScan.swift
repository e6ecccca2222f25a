/// Reads many names of a zone out of as few pages of its list as possible: asks for the first name that is not read,
/// takes all names that the page covers, skips to the next.
///
/// Route 53 sorts the list by the labels of the names in reverse order, as one text, in ASCII. Whether a character
/// that it writes as an octal escape (`\052` for `*`) has its own place there or that of the backslash, AWS does not
/// say. So a name is taken as covered only where that makes no difference; else it is asked for by itself.
struct RecordSetScan: Sendable {
    /// Where a page begins.
    struct Position: Sendable, Equatable {
        var name: String
        var type: String?
        var identifier: String?
    }

    /// By normalized name; of a name that is not read to its end, what came up to now.
    private(set) var found: [String: [ResourceRecordSet]] = [:]
    /// Where the page begins that is to be read now; nil where all is read.
    private(set) var next: Position?
    /// How many pages began with the name that `next` begins with.
    private(set) var pagesOfName = 0

    private struct Place: Sendable {
        var name: String
        /// The name as the list is sorted, escapes as the bytes that they stand for.
        var decoded: [UInt8]
        /// The same with an escape for all that Route 53 writes as one.
        var escaped: [UInt8]

        /// - Parameter name: normalized: an escaped dot is still escaped, so that each dot divides labels.
        init(name: String) {
            self.name = name
            let labels = name.split(separator: ".", omittingEmptySubsequences: false).reversed()
            // With the final dot, too: `a-b` comes before `a`, because a hyphen comes before a dot.
            decoded = labels.flatMap { DNSName.decoded($0) + [UInt8(ascii: ".")] }
            escaped = labels.flatMap { DNSName.escaped($0) + [UInt8(ascii: ".")] }
        }

        func isCertainlyBefore(_ other: Place) -> Bool {
            decoded.lexicographicallyPrecedes(other.decoded) && escaped.lexicographicallyPrecedes(other.escaped)
        }
    }

    /// What is not read to its end, in the order of the list.
    private var missing: [Place]

    /// - Parameter names: in any form.
    init(_ names: [String]) {
        for name in names { found[DNSName.normalized(name)] = [] }
        missing = found.keys.map(Place.init).sorted { left, right in
            left.decoded == right.decoded
                ? left.escaped.lexicographicallyPrecedes(right.escaped)
                : left.decoded.lexicographicallyPrecedes(right.decoded)
        }
        next = missing.first.map { Position(name: $0.name) }
    }

    /// Takes the page that `next` asked for.
    ///
    /// - Parameter following: where the page after it begins; nil where it is the last one.
    mutating func take(_ sets: [ResourceRecordSet], next following: Position?) {
        guard let position = next else { return }
        let start = Place(name: DNSName.normalized(position.name))
        let end = following.map { Place(name: DNSName.normalized($0.name)) }
        // The name that the page began with is read whatever the order: there is nothing before it to miss.
        let covered = missing.filter { place in
            guard place.name != end?.name else { return false }
            guard place.name != start.name else { return true }
            return start.isCertainlyBefore(place) && (end.map(place.isCertainlyBefore) ?? true)
        }
        var taken = Set(covered.map(\.name))
        missing.removeAll { taken.contains($0.name) }
        // What came of a name that will be asked for by itself would come twice.
        let isContinued = missing.contains { $0.name == end?.name }
        if isContinued, let end { taken.insert(end.name) }
        for set in sets where taken.contains(set.name) { found[set.name]?.append(set) }
        pagesOfName = isContinued && end?.name == start.name ? pagesOfName + 1 : 0
        next = isContinued ? following : missing.first.map { Position(name: $0.name) }
    }
}
