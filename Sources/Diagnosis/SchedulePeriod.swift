internal import Functions

/// How often a schedule of EventBridge starts its target.
enum SchedulePeriod {
    /// - Parameter expression: as in `rate(1 minute)` or `cron(0/5 * * * ? *)`.
    /// - Returns: the time from one start to the next; nil where that differs from start to start, or cannot be read.
    static func of(_ expression: String) -> Duration? {
        if let words = arguments(of: "rate", in: expression) {
            guard words.count == 2, let number = Int(words[0]), (1...1_000_000).contains(number),
                let seconds = units[words[1].hasSuffix("s") ? String(words[1].dropLast()) : words[1]]
            else { return nil }
            return .seconds(number * seconds)
        }
        guard let fields = arguments(of: "cron", in: expression), fields.count == 6,
            fields.dropFirst().allSatisfy({ $0 == "*" || $0 == "?" })
        else { return nil }
        if fields[0] == "*" { return .seconds(60) }
        let parts = fields[0].split(separator: "/", omittingEmptySubsequences: false)
        // A step that does not divide the hour is shorter at its end.
        guard parts.count == 2, parts[0] == "*" || parts[0] == "0", let step = Int(parts[1]), (1...59).contains(step),
            60 % step == 0
        else { return nil }
        return .seconds(step * 60)
    }

    private static let units = ["minute": 60, "hour": 3600, "day": 86_400]

    /// The words between the parentheses.
    private static func arguments(of name: String, in expression: String) -> [String]? {
        guard expression.hasPrefix("\(name)("), expression.hasSuffix(")") else { return nil }
        return expression.dropFirst(name.count + 1).dropLast().split(separator: " ").map(String.init)
    }
}
