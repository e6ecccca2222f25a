internal import LambdaRuntime

/// The environment is not as it must be. All that is wrong is said at once: a user who corrects one
/// variable should not meet the next mistake only after another deployment.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    package struct Problem: Sendable, Equatable, CustomStringConvertible {
        package var variable: String
        /// nil where it is not set; empty where the remedy says what is wrong with it.
        package var value: String?
        /// What would be right.
        package var remedy: String

        package init(variable: String, value: String?, remedy: String) {
            self.variable = variable
            self.value = value
            self.remedy = remedy
        }

        package var description: String {
            guard let value else { return "\(variable) is not set: \(remedy)" }
            guard !value.isEmpty else { return "\(variable): \(remedy)" }
            // A value can be anything, and as long as Lambda's 4 KB.
            let shown = value.count > 100 ? "\(value.prefix(100))…" : value
            return "\(variable) is \(shown.debugDescription): \(remedy)"
        }
    }

    package var problems: [Problem]

    package init(_ problems: [Problem]) {
        self.problems = problems
    }

    /// A thousand watches can be wrong in a thousand ways, and a log line has an end.
    private static let shown = 20

    package var description: String {
        let rest = problems.count > Self.shown ? ["and \(problems.count - Self.shown) more"] : []
        return (problems.prefix(Self.shown).map(\.description) + rest).joined(separator: "; ")
    }
}

extension ConfigurationError: LambdaReportable {
    package var lambdaErrorType: String { "InvalidConfiguration" }
}
