internal import Failover
internal import HTTPTransport
internal import Promotion

/// The checks of one watch within one invocation: one, or one every `CHECK_INTERVAL_SECONDS` until the deadline.
struct CheckLoop: Sendable {
    let watch: PromoterAssembly.Watch
    let now: @Sendable () -> ContinuousClock.Instant
    let sleep: @Sendable (ContinuousClock.Instant) async throws -> Void

    /// What the invocation answers for the watch.
    struct Summary: Sendable {
        var last: Result<CheckResult, CheckFailure>
        var checks: Int
        var failures: Int
    }

    /// A service that hangs shall cost one check, not the invocation.
    private static let longestCheck = Duration.seconds(30)
    /// What a check takes at least. With less time left there is nothing to wait for.
    private static let shortestCheck = Duration.milliseconds(100)
    /// How long the pause between two checks becomes where check after check has to ask AWS.
    private static let longestPause = Duration.seconds(5)

    /// - Parameters:
    ///   - deadline: by when the last check has to be over.
    ///   - note: told of each check when it ends.
    func run(
        until deadline: ContinuousClock.Instant, note: @Sendable (Result<CheckResult, CheckFailure>) async -> Void
    ) async -> Summary {
        var checks = 0
        var failures = 0
        var callers = 0
        await keepDistance(until: deadline)
        while true {
            let start = now()
            let isOnly = watch.configuration.checkInterval == nil
            let outcome = await check(deadline: isOnly ? deadline : min(deadline, now() + Self.longestCheck))
            checks += 1
            if case .failure = outcome { failures += 1 }
            let summary = Summary(last: outcome, checks: checks, failures: failures)
            await note(outcome)
            callers = outcome.calls.isEmpty ? 0 : callers + 1
            guard let interval = watch.configuration.checkInterval else { return summary }
            // From when it really began, however late that was: checks that confirm each other must be apart. One that
            // took longer than the interval is not made up for.
            let next = onTime(max(start + max(interval, Self.pause(after: callers)), now()), interval)
            guard next + Self.shortestCheck < deadline else { return summary }
            do { try await sleep(next) } catch { return summary }
        }
    }

    /// The last check of the invocation before may have been a moment ago.
    private func keepDistance(until deadline: ContinuousClock.Instant) async {
        guard let interval = watch.configuration.checkInterval, let last = await watch.promoter.lastCheck else {
            return
        }
        let next = onTime(last + interval, interval)
        guard next > now(), next + Self.shortestCheck < deadline else { return }
        try? await sleep(next)
    }

    /// Two groups of a watch are checked at the same times, so that one look-up does for both. One that was a little late
    /// is not put off to the time after the next.
    private func onTime(_ time: ContinuousClock.Instant, _ interval: Duration) -> ContinuousClock.Instant {
        guard let epoch = watch.epoch else { return time }
        let steps = ((time - interval / 4 - epoch) / interval).rounded(.up)
        return max(epoch + interval * steps, now())
    }

    private func check(deadline: ContinuousClock.Instant) async -> Result<CheckResult, CheckFailure> {
        do throws(CheckFailure) {
            return .success(try await watch.promoter.check(deadline: deadline))
        } catch { return .failure(error) }
    }

    /// While a promotion cannot go on, or fails, each check reads the group, and may be made five times a second. AWS
    /// would answer that with throttling. The first ones are not slowed down: two of them confirm a promotion.
    ///
    /// - Parameter callers: how many checks in a row have called AWS.
    static func pause(after callers: Int) -> Duration {
        guard callers > 2 else { return .zero }
        return min(longestPause, .milliseconds(250 << min(callers - 3, 5)))
    }
}

extension Result<CheckResult, CheckFailure> {
    var calls: [CallLog.Call] {
        switch self {
        case .success(let result): result.calls
        case .failure(let failure): failure.calls
        }
    }

    var events: [PromotionEvent] {
        switch self {
        case .success(let result): result.events
        case .failure(let failure): failure.events
        }
    }
}
