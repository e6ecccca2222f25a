/// What the control planes of Lambda and EventBridge say of a function.
package struct FunctionSettings: Sendable, Equatable {
    package struct Rule: Sendable, Equatable {
        /// nil: the function's.
        package var name: String?
        package var schedule = "rate(1 minute)"
        package var isEnabled = true

        package init() {}
    }

    /// In seconds. What `LocalFunction.invoke` waits for is its own parameter.
    package var timeout = 60
    /// In MB.
    package var memory = 128
    package var handler = "promoter"
    /// The function's own variables. A runtime gets them with `LocalAWS.environment(for:)`.
    package var environment: [String: String] = [:]
    /// The ARN of its role; nil: the one whose credentials it has.
    package var role: String?
    /// nil: none is reserved.
    package var reservedConcurrency: Int?
    /// The EventBridge rule that invokes it; nil: there is none. It is told of, not followed: no time
    /// that passes here invokes a function.
    package var rule: Rule? = Rule()

    package init() {}
}
