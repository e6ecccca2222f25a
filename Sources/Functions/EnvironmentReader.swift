internal import JSON

/// Reads variables with their types, and collects what is wrong with them.
struct EnvironmentReader {
    private let environment: [String: String]
    private(set) var problems: [ConfigurationError.Problem] = []

    init(_ environment: [String: String]) {
        self.environment = environment
    }

    /// An empty value counts as none: that is how Terraform and consoles leave a variable out.
    func value(_ variable: String) -> String? {
        guard let value = environment[variable]?.trimmed, !value.isEmpty else { return nil }
        return value
    }

    mutating func refuse(_ variable: String, _ remedy: String) {
        problems.append(.init(variable: variable, value: value(variable), remedy: remedy))
    }

    /// - Parameter remedy: what the variable has to be, in words.
    mutating func required(_ variable: String, _ remedy: String, where isRight: (String) -> Bool) -> String {
        guard let value = value(variable), isRight(value) else {
            refuse(variable, remedy)
            return ""
        }
        return value
    }

    mutating func flag(_ variable: String) -> Bool {
        switch value(variable)?.lowercased() {
        case nil, "false": return false
        case "true": return true
        default:
            refuse(variable, "set it to true or false")
            return false
        }
    }

    mutating func integer(_ variable: String, in range: ClosedRange<Int>, default fallback: Int) -> Int {
        guard let text = value(variable) else { return fallback }
        guard let number = Int(text), range.contains(number) else {
            refuse(variable, "set it to a whole number from \(range.lowerBound) to \(range.upperBound)")
            return fallback
        }
        return number
    }

    /// Seconds, with fractions.
    mutating func seconds(_ variable: String, upTo maximum: Int) -> Duration {
        guard let text = value(variable) else { return .zero }
        // Double would also read "nan", "inf" and "0x1p3".
        let isPlain = text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
        }
        guard isPlain, let number = Double(text), number <= Double(maximum) else {
            refuse(variable, "set it to a number of seconds from 0 to \(maximum)")
            return .zero
        }
        return .milliseconds(Int((number * 1000).rounded()))
    }

    /// Words with commas between them, in lower case, each of them one of those that there are.
    mutating func words(_ variable: String, of known: [String], default fallback: [String]) -> [String] {
        guard let text = value(variable) else { return fallback }
        let words = text.split(separator: ",").map { String($0).trimmed.lowercased() }.filter { !$0.isEmpty }
        guard !words.isEmpty, words.allSatisfy(known.contains) else {
            refuse(variable, "set it to one or more of \(known.joined(separator: ", ")), with commas between them")
            return fallback
        }
        return words
    }

    /// A JSON object whose values are strings.
    mutating func map(
        _ variable: String, _ remedy: String, where isRight: (_ value: String) -> Bool
    ) -> [String: String] {
        guard let text = value(variable) else { return [:] }
        var map: [String: String] = [:]
        do throws(JSONError) {
            for member in try JSONReader(JSONValue(parsing: text.utf8), path: variable).members() {
                let value = try member.reader.string()
                guard isRight(value) else { throw member.reader.error("\(value.debugDescription) is not right") }
                map[member.name] = value
            }
        } catch {
            refuse(variable, "\(remedy) (\(error))")
        }
        return map
    }
}

extension String {
    fileprivate var trimmed: String {
        func isSpace(_ character: Character) -> Bool { character.isWhitespace }
        let start = drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(start[...last])
    }
}
