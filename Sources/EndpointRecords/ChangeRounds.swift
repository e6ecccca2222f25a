internal import AWSClient

/// Looks, changes, and looks again until there is nothing left to change.
///
/// Several processes may do so at the same time, with different knowledge of the cluster. The last of them to change
/// anything looks at records and cluster after that, and all that happens to the cluster later has an event of its own,
/// or a tick. So whatever they did before, what is left is right.
struct ChangeRounds {
    let service: any ZoneService
    let timing: RecordTiming

    struct Outcome<Seen> {
        /// What was seen last.
        var seen: Seen
        var plan: RecordPlan
        var batches: [SyncReport.Batch] = []
        /// Of each batch.
        var acceptedAt: [ContinuousClock.Instant] = []
        var refusals = 0
    }

    private static let maximumRounds = 12
    private static let maximumRefusals = 5
    private static let shortestPause = Duration.milliseconds(100)

    /// - Parameters:
    ///   - onAcceptance: told of each batch that Route 53 has accepted.
    ///   - look: reads all anew, records first: who has an older view of the cluster then has an older one of the
    ///     records, too, and is refused.
    func run<Seen>(
        comment: String, isDryRun: Bool, deadline: ContinuousClock.Instant,
        onAcceptance: (SyncReport.Batch) -> Void = { _ in },
        look: () async throws -> (plan: RecordPlan, seen: Seen)
    ) async throws -> Outcome<Seen> {
        let first = try await look()
        var outcome = Outcome(seen: first.seen, plan: first.plan)
        while !isDryRun, !outcome.plan.changes.isEmpty {
            guard outcome.batches.count < Self.maximumRounds else {
                throw EndpointRecordsError.contended(rounds: outcome.batches.count)
            }
            let batch = outcome.plan.changes.firstBatch
            do {
                let info = try await service.change(
                    batch.flatMap(\.elements), comment: comment, deadline: deadline)
                let sync: Duration? = info.isInSync ? .zero : nil
                let accepted = SyncReport.Batch(changeID: info.id, changes: batch, timeToSync: sync)
                outcome.batches.append(accepted)
                onAcceptance(accepted)
                outcome.acceptedAt.append(timing.now())
            } catch let error as AWSError where error.isOfAnotherZoneState {
                outcome.refusals += 1
                let pause = pause(after: outcome.refusals)
                guard outcome.refusals <= Self.maximumRefusals, timing.now() + pause < deadline else { throw error }
                try await timing.sleep(pause)
            }
            (outcome.plan, outcome.seen) = try await look()
        }
        return outcome
    }

    private func pause(after refusals: Int) -> Duration {
        Self.shortestPause * Double(1 << min(refusals - 1, 4)) * (0.5 + timing.random())
    }
}

extension AWSError {
    /// Whether the zone is not as the batch has it: somebody was faster. (Route 53 has one word for it. Those who play
    /// Route 53 have the other for a deletion of what is not there.)
    fileprivate var isOfAnotherZoneState: Bool { awsCode == "InvalidChangeBatch" || awsCode == "InvalidInput" }
}
