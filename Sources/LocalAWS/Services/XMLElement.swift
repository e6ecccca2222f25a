/// An element of a request body, read by a parser that knows what SDKs send and refuses the rest:
/// no document type, no CDATA, no namespaces prefixes; attributes are read over.
struct XMLElement {
    struct Malformed: Error {}

    var name: String
    var text = ""
    var children: [XMLElement] = []

    func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }
    func value(_ name: String) -> String? { child(name)?.text }

    static func parse(_ document: String) throws(Malformed) -> XMLElement {
        var parser = Parser(rest: document[...])
        return try parser.document()
    }

    private struct Parser {
        var rest: Substring
        /// A body of the services emulated here nests some eight levels; this bounds the recursion.
        var depth = 0

        mutating func document() throws(Malformed) -> XMLElement {
            skipBlanks()
            if rest.hasPrefix("<?") { _ = try take(upTo: "?>") }
            skipBlanks()
            let root = try element()
            skipBlanks()
            guard rest.isEmpty else { throw Malformed() }
            return root
        }

        mutating func element() throws(Malformed) -> XMLElement {
            depth += 1
            defer { depth -= 1 }
            guard depth < 32, rest.hasPrefix("<") else { throw Malformed() }
            rest.removeFirst()
            let tag = try take(upTo: ">")
            let closed = tag.hasSuffix("/")
            let name = tag.prefix { !$0.isWhitespace && $0 != "/" }
            guard let first = name.first, first.isLetter || first == "_" else { throw Malformed() }
            var element = XMLElement(name: String(name))
            if closed { return element }
            while true {
                let text = rest.prefix { $0 != "<" }
                rest = rest[text.endIndex...]
                element.text += try Self.unescape(text)
                if rest.hasPrefix("</") {
                    rest.removeFirst(2)
                    guard try take(upTo: ">").prefix(while: { !$0.isWhitespace }) == name else { throw Malformed() }
                    if !element.children.isEmpty { element.text = "" }
                    return element
                }
                element.children.append(try self.element())
            }
        }

        mutating func skipBlanks() { rest = rest.drop { $0.isWhitespace } }

        mutating func take(upTo end: String) throws(Malformed) -> Substring {
            guard let range = rest.firstRange(of: end) else { throw Malformed() }
            defer { rest = rest[range.upperBound...] }
            return rest[..<range.lowerBound]
        }

        static func unescape(_ text: Substring) throws(Malformed) -> String {
            guard text.contains("&") else { return String(text) }
            var result = ""
            var rest = text
            while let ampersand = rest.firstIndex(of: "&") {
                result += rest[..<ampersand]
                guard let end = rest[ampersand...].firstIndex(of: ";") else { throw Malformed() }
                let name = rest[rest.index(after: ampersand)..<end]
                guard let character = character(named: name) else { throw Malformed() }
                result.append(character)
                rest = rest[rest.index(after: end)...]
            }
            return result + rest
        }

        static func character(named name: Substring) -> Character? {
            switch name {
            case "amp": return "&"
            case "lt": return "<"
            case "gt": return ">"
            case "quot": return "\""
            case "apos": return "'"
            default:
                let code =
                    name.hasPrefix("#x")
                    ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
                return code.flatMap(Unicode.Scalar.init).map(Character.init)
            }
        }
    }
}
