/// The sections of a shared configuration or credentials file, in their order.
struct ProfileFile: Equatable {
    struct Section: Equatable {
        /// What stands between the brackets, white space folded: `default`, `profile web`, `services local`.
        var name: String
        /// Keys in lower case. The lines of a nested section (`elasticache =` and indented lines below)
        /// are keys with a dot: `elasticache.endpoint_url`.
        var values: [String: String] = [:]
    }

    private(set) var sections: [Section] = []

    /// Reads a file as the SDKs do ("Shared config and credentials files" in their reference guide).
    ///
    /// - Throws: where a line is neither section nor setting. The message has its number but never its
    ///   text, which may be a secret.
    init(parsing bytes: [UInt8], path: String) throws(AWSError) {
        var key: (name: String, indentation: Int)?
        for (number, line) in String(decoding: bytes, as: UTF8.self).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() {
            let indentation = line.prefix { $0 == " " || $0 == "\t" }.count
            let text = Self.trimmed(line)
            if text.isEmpty || text.hasPrefix("#") || text.hasPrefix(";") { continue }
            if indentation == 0, text.hasPrefix("[") {
                let header = Self.withoutComment(text)
                guard header.hasSuffix("]") else { throw Self.failure("its section has no end", path, number) }
                let words = header.dropFirst().dropLast().split { $0 == " " || $0 == "\t" }
                sections.append(Section(name: words.joined(separator: " ")))
                key = nil
                continue
            }
            guard !sections.isEmpty else { throw Self.failure("it stands before any section", path, number) }
            let isNested = key.map { indentation > $0.indentation } ?? false
            guard let separator = text.firstIndex(of: "=") else {
                // A value that goes on over several lines; none of those that are read does.
                if isNested { continue }
                throw Self.failure("it has no =", path, number)
            }
            let name = Self.trimmed(text[..<separator]).lowercased()
            let value = Self.withoutComment(Self.trimmed(text[text.index(after: separator)...]))
            if isNested, let key {
                sections[sections.count - 1].values["\(key.name).\(name)"] = value
            } else {
                sections[sections.count - 1].values[name] = value
                key = (name, indentation)
            }
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let space: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
        return String(String(text.drop(while: space).reversed()).drop(while: space).reversed())
    }

    /// A comment at the end of a line needs white space before it: a secret may hold the characters themselves.
    private static func withoutComment(_ text: String) -> String {
        var previous: Character = "x"
        for index in text.indices {
            if text[index] == "#" || text[index] == ";", previous == " " || previous == "\t" {
                return trimmed(text[..<index])
            }
            previous = text[index]
        }
        return text
    }

    private static func failure(_ reason: String, _ path: String, _ number: Int) -> AWSError {
        AWSError(.invalidConfiguration, "line \(number + 1) of \(path) cannot be read: \(reason)")
    }
}
