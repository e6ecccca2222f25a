extension XMLElement {
    /// The element as an XML document in UTF-8, for the body of a request.
    ///
    /// - Parameter namespace: of the root, and so of all that is in it.
    /// - Throws: where a text has a character that XML 1.0 cannot hold, not even as a reference.
    package func document(namespace: String) throws(XMLError) -> [UInt8] {
        var output = #"<?xml version="1.0" encoding="UTF-8"?>"#
        try write(to: &output, attributes: " xmlns=\"\(namespace)\"")
        return Array(output.utf8)
    }

    /// An element has text or children: the requests of AWS never mix them.
    private func write(to output: inout String, attributes: String = "") throws(XMLError) {
        output += "<\(name)\(attributes)>"
        for child in children { try child.write(to: &output) }
        if children.isEmpty { try Self.write(text, to: &output) }
        output += "</\(name)>"
    }

    private static func write(_ text: String, to output: inout String) throws(XMLError) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&apos;"
            // A reader makes one line feed of any other line end that is not written as a reference.
            case "\r": output += "&#13;"
            case "\t", "\n", " "..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}": output.unicodeScalars.append(scalar)
            default:
                throw XMLError(reason: "XML has no character U+\(String(scalar.value, radix: 16, uppercase: true))")
            }
        }
    }
}
