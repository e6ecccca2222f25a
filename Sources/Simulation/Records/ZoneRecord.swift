/// A record set of the zone, as Route 53 keeps it.
package struct ZoneRecord: Sendable, Hashable, CustomStringConvertible {
    /// What there is one of in a zone. In the order of Route 53's lists.
    package struct Key: Sendable, Hashable, Comparable {
        private let labels: String
        private let type: String
        private let setIdentifier: String

        init(name: String, type: String, setIdentifier: String) {
            labels = name.split(separator: ".").reversed().map { "\($0)." }.joined()
            self.type = type
            self.setIdentifier = setIdentifier
        }

        package static func < (one: Key, other: Key) -> Bool {
            (one.labels, one.type, one.setIdentifier) < (other.labels, other.type, other.setIdentifier)
        }
    }

    /// In lower case, without final dot.
    var name: String
    var type = "CNAME"
    var setIdentifier: String?
    var weight: Int?
    var ttl: Int?
    var values: [String]
    /// What else it has, as XML: of records that are only read.
    var rest = ""

    var key: Key { Key(name: name, type: type, setIdentifier: setIdentifier ?? "") }

    package var description: String {
        "\(name) \(type)\(setIdentifier.map { " (\($0))" } ?? "") \(values.joined(separator: ","))"
    }

    var xml: String {
        func element(_ name: String, _ value: String?) -> String { value.map { "<\(name)>\($0)</\(name)>" } ?? "" }
        let values = values.map { "<ResourceRecord><Value>\($0)</Value></ResourceRecord>" }.joined()
        return "<ResourceRecordSet><Name>\(name).</Name><Type>\(type)</Type>" + element("SetIdentifier", setIdentifier)
            + element("Weight", weight.map(String.init)) + element("TTL", ttl.map(String.init))
            + element("ResourceRecords", values.isEmpty ? nil : values) + rest + "</ResourceRecordSet>"
    }
}

extension ZoneRecord {
    /// Out of a request.
    init?(_ element: Substring) {
        func text(_ name: String) -> String? { element.between("<\(name)>", "</\(name)>").map(String.init) }
        guard let name = text("Name"), let type = text("Type") else { return nil }
        self.init(
            name: Self.normalized(name), type: type, setIdentifier: text("SetIdentifier"),
            weight: text("Weight").flatMap { Int($0) }, ttl: text("TTL").flatMap { Int($0) },
            values: element.pieces("<Value>", "</Value>").map(String.init))
    }

    static func normalized(_ name: String) -> String {
        let name = name.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }
}

extension Substring {
    /// What stands between the first of one text and the next of another.
    func between(_ begin: String, _ end: String) -> Substring? {
        guard let begin = firstRange(of: begin)?.upperBound, let end = self[begin...].firstRange(of: end)?.lowerBound
        else { return nil }
        return self[begin..<end]
    }

    func pieces(_ begin: String, _ end: String) -> [Substring] {
        var pieces: [Substring] = []
        var rest = self
        while let piece = rest.between(begin, end) {
            pieces.append(piece)
            rest = rest[piece.endIndex...]
        }
        return pieces
    }
}
