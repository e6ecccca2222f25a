package import AWSClient

/// Carries a rejoin out: looks, does the one thing that comes next, and looks again, until all is done or the time is
/// over. It knows nothing but what it sees, so that it can be stopped at any moment, and begun again by another.
package struct RejoinRun: Sendable {
    private let surveyor: RejoinSurveyor
    private let options: RejoinOptions
    private let timing: Promoter.Timing
    private let rds: @Sendable (_ region: String) -> RDS

    /// Nothing of a rejoin is over sooner.
    private static let pace = Duration.seconds(10)
    /// After a request: most of what it is about shows at once.
    private static let shortPause = Duration.seconds(1)
    /// As long as a request may take: one whose answer nobody waits for is not begun.
    private static let leastTime = Duration.seconds(25)
    /// Of a pause and a look after it.
    private static let leastRound = pace + .seconds(5)
    /// How long AWS may take to show what it has accepted, or to be ready for what comes next.
    private static let patience = Duration.seconds(120)

    /// - Parameter rds: RDS of a region.
    package init(
        _ surveyor: RejoinSurveyor, _ options: RejoinOptions, timing: Promoter.Timing,
        rds: @escaping @Sendable (_ region: String) -> RDS
    ) {
        self.surveyor = surveyor
        self.options = options
        self.timing = timing
        self.rds = rds
    }

    /// What was asked for and is not to be seen yet.
    private struct Pending {
        var action: RejoinAction
        var since: ContinuousClock.Instant
        /// nil: AWS accepted it.
        var problem: AWSError?
        /// Whether AWS is asked again: it refused, for a state that passes.
        var isRefused = false
    }

    /// - Parameter tell: gets each step when it is taken, and what is waited for.
    /// - Returns: how far it came: `isDone`, or what it waits for when the time is over.
    /// - Throws: `RejoinFailure` where it cannot go on. What was done stays.
    package func run(
        until deadline: ContinuousClock.Instant, tell: @Sendable (String) -> Void
    ) async throws(RejoinFailure) -> AuroraRejoin {
        var pending: Pending?
        var told: String?
        var failedLooks = 0
        var last: AuroraRejoin?
        while true {
            var pause = Self.pace
            var seen: AuroraRejoin?
            do {
                let plan = AuroraRejoin(try await surveyor.view(options, deadline: deadline), options)
                if last == nil { for note in plan.notes { tell(note) } }
                (seen, last, failedLooks) = (plan, plan, 0)
            } catch {
                failedLooks += 1
                let isDenied = (error as? AWSError)?.isDenied ?? false
                let isOver = timing.now() + Self.leastRound >= deadline
                // As far as it was when it was seen last.
                if isOver, !isDenied, let last { return last }
                guard failedLooks < 3, !isDenied, !isOver else {
                    throw RejoinFailure(step: nil, reason: "it could not be seen how far it is: \(error)")
                }
            }
            if let plan = seen {
                switch plan.next {
                case .nothing: return plan
                case .refuse(let why):
                    // In the middle of something things may look wrong for a moment.
                    guard let pending, !pending.isRefused, timing.now() - pending.since < Self.patience else {
                        throw RejoinFailure(step: plan.nextStep, reason: why)
                    }
                case .wait(let why):
                    if told != why { tell("waiting: \(why)") }
                    told = why
                case .act(let action):
                    // Less than that, and it is the next run's.
                    guard timing.now() + Self.leastTime < deadline else { return plan }
                    if try await take(action, plan, &pending, deadline: deadline, tell) { pause = Self.shortPause }
                }
                guard timing.now() + Self.leastRound < deadline else { return plan }
            }
            do { try await timing.sleep(pause) } catch {
                throw RejoinFailure(step: last?.nextStep, reason: "it was interrupted")
            }
        }
    }

    /// AWS may take a while to show what it was asked for: nothing is asked for twice, unless it certainly was refused.
    ///
    /// - Returns: whether AWS accepted it just now.
    private func take(
        _ action: RejoinAction, _ plan: AuroraRejoin, _ pending: inout Pending?, deadline: ContinuousClock.Instant,
        _ tell: @Sendable (String) -> Void
    ) async throws(RejoinFailure) -> Bool {
        let now = timing.now()
        if pending?.action != action { pending = nil }
        if let pending, now - pending.since >= Self.patience {
            throw RejoinFailure(
                step: plan.nextStep,
                reason: pending.problem.map { "\($0)" }
                    ?? "AWS accepted this, and shows nothing of it: \(action.sentence)")
        }
        if let pending, !pending.isRefused { return false }
        if pending == nil { tell(action.sentence) }
        let since = pending?.since ?? now
        do throws(AWSError) {
            try await action.perform(rds(action.region), deadline: deadline)
            pending = Pending(action: action, since: since)
            return true
        } catch {
            // Another process took it away, and AWS does not show it yet.
            if action.isDeletion, error.code == .notFound {
                pending = Pending(action: action, since: since, problem: error)
                return false
            }
            guard error.outcomeIsUnknown || Self.passing.contains(error.awsCode ?? "") else {
                throw RejoinFailure(step: plan.nextStep, reason: "\(error)")
            }
            pending = Pending(action: action, since: since, problem: error, isRefused: !error.outcomeIsUnknown)
            return false
        }
    }

    /// What AWS says while it is still busy with the step before.
    private static let passing: Set<String> = [
        "InvalidGlobalClusterStateFault", "InvalidDBClusterStateFault", "InvalidDBInstanceState",
    ]
}

/// A rejoin that cannot go on.
package struct RejoinFailure: Error, Sendable, CustomStringConvertible {
    /// nil: nobody can say which one would have come.
    package var step: AuroraRejoin.Step.Kind?
    package var reason: String

    package var description: String {
        "the rejoin stopped\(step.map { " at the step \($0.rawValue)" } ?? ""): \(reason); what was done stays, and when"
            + " that is mended, the same order goes on from there"
    }
}
