package import Failover
internal import Promotion

extension Policy {
    /// What differs from "promote at first sight", for the start-up line and `promoter status`.
    package var words: String {
        var words = ["confirmations \(confirmations)"]
        if holdDown > .zero { words.append("hold-down \(Int(holdDown.milliseconds / 1000)) s") }
        words.append("promotes when \(promoteInStatus.joined(separator: " or "))")
        if dryRun { words.append("dry run") }
        if paused { words.append("paused") }
        return words.joined(separator: ", ")
    }
}
