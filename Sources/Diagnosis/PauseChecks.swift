internal import AWSClient
internal import Failover
internal import Functions
internal import Promotion

/// What was read of `PAUSE_PARAMETER`.
struct PauseReading: Sendable {
    var parameter: String
    var knowledge: PauseKnowledge
    /// Why it, or the history beside it, could not be read.
    var failures: [AWSError] = []
}

extension Finding {
    /// - Returns: nil where the permissions say it.
    static func pause(_ reading: PauseReading) -> Finding? {
        switch reading.knowledge {
        case .none: return .good(.pause, .running, "promotions are not paused by \(reading.parameter)")
        case .paused(let pause):
            return .warning(
                .pause, .pausedByOperator, "promotions are paused\(pause.words)", "'promoter resume' ends that.")
        case .unknown(let why):
            guard !reading.failures.contains(where: \.isAboutPermissions) else { return nil }
            return .wrong(
                .pause, .pauseUnreadable, "whether promotions are paused cannot be read: \(clause(why))",
                "A function that never could read it promotes nothing: correct PAUSE_PARAMETER, or the way to SSM.")
        }
    }
}
