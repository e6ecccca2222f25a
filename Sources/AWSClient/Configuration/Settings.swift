/// The environment over the chosen profile: where a setting comes from is part of what is said about it.
struct Settings {
    struct Value {
        var value: String
        /// As in `AWS_MAX_ATTEMPTS` or `max_attempts of the profile web`.
        var origin: String

        /// The error for a value that cannot be used.
        func refused(_ expectation: String) -> AWSError {
            // Before the @ of a URL may stand a password.
            let shown = value.lastIndex(of: "@").map { "…\(value[$0...])" } ?? value
            return AWSError(
                .invalidConfiguration, "\(origin) is \"\(AWSError.printable(shown))\": \(expectation)")
        }
    }

    let environment: [String: String]
    let profiles: ProfileSet

    /// The value of a variable or, failing that, of a key of the profile.
    func value(_ variable: String, profileKey: String?) -> Value? {
        if let value = environment.nonEmpty(variable) { return Value(value: value, origin: variable) }
        guard let profileKey, let value = profiles.setting(profileKey) else { return nil }
        return Value(value: value, origin: "\(profileKey) of the profile \(profiles.chosen)")
    }

    /// A boolean, false where it is not set.
    func flag(_ variable: String, profileKey: String) throws(AWSError) -> Bool {
        guard let setting = value(variable, profileKey: profileKey) else { return false }
        switch setting.value.lowercased() {
        case "true": return true
        case "false": return false
        default: throw setting.refused("expected true or false")
        }
    }
}
