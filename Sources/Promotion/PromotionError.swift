/// A check could not be made, for a reason that is not an AWS error.
package struct PromotionError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case misconfigured = "Misconfigured"
        case aliasLoop = "AliasLoop"
        /// A decision broke an invariant: a defect of this program, which stopped before it did harm.
        case invariantViolated = "InvariantViolated"
        /// What an operator ordered must not be done with the group as it is.
        case orderRefused = "OrderRefused"
        case orderNotFinished = "OrderNotFinished"
        case pauseUnreadable = "PauseUnreadable"
        case historyUnreadable = "HistoryUnreadable"
    }

    package var code: Code
    package var reason: String

    package init(code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }

    package var description: String { reason }
}
