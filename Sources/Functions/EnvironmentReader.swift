internal import Promotion

/// Reads variables with their types, and collects what is wrong with them.
struct EnvironmentReader {
    private let environment: [String: String]
    /// One of a list, whose own values come before those of the environment.
    private let entry: ListEntry?
    private(set) var problems: [ConfigurationError.Problem] = []

    init(_ environment: [String: String]) {
        self.init(environment, entry: nil)
    }

    private init(_ environment: [String: String], entry: ListEntry?) {
        self.environment = environment
        self.entry = entry
    }

    func reader(for entry: ListEntry) -> EnvironmentReader { EnvironmentReader(environment, entry: entry) }

    /// What is wrong in the environment is wrong for each watch, and said once.
    mutating func adopt(_ problems: [ConfigurationError.Problem]) {
        for problem in problems where !self.problems.contains(problem) { self.problems.append(problem) }
    }

    /// An empty value counts as none: that is how Terraform and consoles leave a variable out.
    func value(_ variable: String) -> String? {
        isMalformed(variable) ? nil : Self.nonEmpty(entry?.values[variable]) ?? functionValue(variable)
    }

    /// Whether it is the watch of a list that says it, rightly or not.
    func isOwn(_ variable: String) -> Bool { isMalformed(variable) || Self.nonEmpty(entry?.values[variable]) != nil }

    /// Whether a watch of a list has it from the environment, where it may be meant for others.
    func isInherited(_ variable: String) -> Bool { entry != nil && !isOwn(variable) }

    /// Whether anybody says it.
    func isSet(_ variable: String) -> Bool { isOwn(variable) || functionValue(variable) != nil }

    /// What is wrong with it has been said.
    private func isMalformed(_ variable: String) -> Bool { entry?.malformed.contains(variable) ?? false }

    /// Of the environment, whatever the watch says.
    func functionValue(_ variable: String) -> String? { Self.nonEmpty(environment[variable]) }

    private static func nonEmpty(_ value: String?) -> String? {
        guard let value = value?.trimmed, !value.isEmpty else { return nil }
        return value
    }

    mutating func refuse(_ variable: String, _ remedy: String, showsValue: Bool = true) {
        guard !isMalformed(variable) else { return }
        refuse(place(of: variable), value: showsValue ? value(variable) : "", remedy)
    }

    mutating func refuse(_ place: String, value: String?, _ remedy: String) {
        problems.append(.init(variable: place, value: value, remedy: remedy))
    }

    /// `WATCHES[3].dnsName` where the watch has the value, or nobody has it; else the variable.
    func place(of variable: String) -> String {
        guard let entry, Self.nonEmpty(entry.values[variable]) != nil || functionValue(variable) == nil,
            let member = entry.schema.members.first(where: { $0.value.variable == variable })?.key
        else { return variable }
        return "\(entry.path).\(member)"
    }

    /// - Parameter remedy: what the variable has to be, in words.
    mutating func required(_ variable: String, _ remedy: String, where isRight: (String) -> Bool) -> String {
        guard let value = value(variable), isRight(value) else {
            refuse(variable, remedy)
            return ""
        }
        return value
    }

    /// `HOSTED_ZONE_ID`, without `/hostedzone/`; empty where it is wrong.
    mutating func hostedZoneID(_ remedy: String) -> String {
        let id = required("HOSTED_ZONE_ID", remedy) { id in
            let bare = normalizedZoneID(id)
            return (1...32).contains(bare.utf8.count) && bare.utf8.allSatisfy(isLetterOrDigit)
        }
        return normalizedZoneID(id)
    }

    mutating func flag(_ variable: String, default fallback: Bool = false) -> Bool {
        switch value(variable)?.lowercased() {
        case nil: return fallback
        case "false": return false
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

    /// Seconds, with fractions, to the millisecond; nil where the variable is not set, or wrong.
    ///
    /// - Parameter orZeroFrom: where given, what is neither zero nor as much as this is wrong.
    mutating func seconds(
        _ variable: String, from minimum: Duration = .zero, orZeroFrom least: Duration? = nil, upTo maximum: Int
    ) -> Duration? {
        guard let text = value(variable) else { return nil }
        // Double would also read "nan", "inf" and "0x1p3".
        let isPlain = text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
        }
        let number = isPlain ? Double(text) : nil
        guard let number, number <= Double(maximum) else { return refuse(seconds: variable, minimum, least, maximum) }
        let duration = Duration.milliseconds(Int((number * 1000).rounded()))
        guard duration >= minimum, least.map({ duration == .zero || duration >= $0 }) ?? true else {
            return refuse(seconds: variable, minimum, least, maximum)
        }
        return duration
    }

    private mutating func refuse(
        seconds variable: String, _ minimum: Duration, _ least: Duration?, _ maximum: Int
    ) -> Duration? {
        let range = least.map { "0, or from \($0.inWords)" } ?? "from \(minimum.inWords)"
        refuse(variable, "set it to a number of seconds, \(range) to \(maximum) s")
        return nil
    }

    /// One of the words of an enumeration, in any case.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ variable: String, of type: Word.Type, default fallback: Word
    ) -> Word {
        guard let text = value(variable) else { return fallback }
        guard let word = Word(rawValue: text.lowercased()) else {
            refuse(variable, "set it to \(Word.allCases.map(\.rawValue).joined(separator: " or "))")
            return fallback
        }
        return word
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
}

extension String {
    fileprivate var trimmed: String {
        func isSpace(_ character: Character) -> Bool { character.isWhitespace }
        let start = drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(start[...last])
    }
}
