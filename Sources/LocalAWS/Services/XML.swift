/// Writes XML. A value, since answers are small.
struct XML: CustomStringConvertible {
    private(set) var description = ""

    static func document(_ root: String, xmlns: String, _ content: (inout XML) -> Void) -> String {
        var inner = XML()
        content(&inner)
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(root) xmlns=\"\(xmlns)\">\(inner)</\(root)>"
    }

    mutating func element(_ name: String, _ content: (inout XML) -> Void) {
        description += "<\(name)>"
        content(&self)
        description += "</\(name)>"
    }

    /// Nothing at all for a missing value.
    mutating func element(_ name: String, _ value: String?) {
        guard let value else { return }
        description += "<\(name)>\(Self.escape(value))</\(name)>"
    }

    mutating func element(_ name: String, _ value: Int?) {
        element(name, value.map(String.init))
    }

    mutating func element(_ name: String, _ value: Bool) {
        element(name, value ? "true" : "false")
    }

    mutating func append(_ other: XML) { description += other.description }

    private static func escape(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
