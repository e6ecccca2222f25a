internal import AWSClient
internal import Failover
internal import Functions
internal import Promotion

/// What was read of `PAUSE_PARAMETER`.
struct PauseReading: Sendable {
    var parameter: String
    var knowledge: PauseKnowledge
    /// False only where it was seen that there is none.
    var exists = true
    /// Why it, or the history beside it, could not be read.
    var failures: [AWSError] = []

    /// Not by the function's own switch, which gives up after a second: what is slow from here is not wrong.
    static func take(
        _ name: String, history: PromotionHistory?, parameters: SystemsManager, deadline: ContinuousClock.Instant
    ) async -> PauseReading {
        var reading: PauseReading
        do throws(AWSError) {
            let value = try await parameters.parameter(named: name, deadline: deadline)?.value
            reading = PauseReading(parameter: name, knowledge: PauseKnowledge(parameter: value), exists: value != nil)
        } catch {
            reading = PauseReading(parameter: name, knowledge: .unknown("\(error)"), failures: [error])
        }
        do { _ = try await history?.entries(deadline: deadline) } catch {
            // What else may be written there is no matter of the set-up.
            if let error = error as? AWSError { reading.failures.append(error) }
        }
        return reading
    }
}

extension Finding {
    /// - Returns: nil where the permissions say it.
    static func pause(_ reading: PauseReading) -> Finding? {
        switch reading.knowledge {
        case .none where !reading.exists:
            return .warning(
                .pause, .pauseParameterMissing,
                "the parameter \(reading.parameter) does not exist yet: nothing is paused by it",
                "Terraform makes it, and so does the first 'promoter pause'. If that was done already, it was another"
                    + " name or region: correct PAUSE_PARAMETER.")
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
