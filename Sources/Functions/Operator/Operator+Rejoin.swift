internal import AWSClient
internal import Failover
internal import HTTPTransport
internal import JSON
internal import LambdaRuntime
package import Promotion

/// The way back after an Aurora cluster was detached.
extension Operator {
    /// - Throws: `OperatorError` where these have not exactly one Aurora cluster.
    package func auroraWatch(
        of watches: [PromoterAssembly.Watch]
    ) throws(OperatorError) -> PromoterAssembly.Watch {
        let clusters = watches.filter { $0.identity.kind == .cluster }
        guard let only = clusters.first else {
            throw OperatorError(
                "a rejoin is carried out for Aurora clusters only, and there is none here; for a datastore 'promoter rejoin"
                    + " --plan' prints the steps")
        }
        guard clusters.count == 1 else {
            let names = clusters.prefix(20).map(\.identity.watch).joined(separator: ", ")
            throw OperatorError("there are \(clusters.count) watches with a global cluster: name one of \(names)")
        }
        return only
    }

    /// Where a rejoin stands. Changes nothing.
    package func rejoin(
        _ watch: PromoterAssembly.Watch, _ options: RejoinOptions, deadline: ContinuousClock.Instant
    ) async throws -> AuroraRejoin {
        AuroraRejoin(try await surveyor(watch).view(options, deadline: deadline), options)
    }

    /// Goes on with a rejoin, until all is done or the time is over.
    ///
    /// - Parameter tell: gets what is done and what is waited for, when it happens.
    /// - Throws: `OperatorError` with `DRY_RUN`, else `RejoinFailure`.
    package func carryOutRejoin(
        _ watch: PromoterAssembly.Watch, _ options: RejoinOptions, deadline: ContinuousClock.Instant,
        tell: @Sendable (String) -> Void
    ) async throws -> AuroraRejoin {
        guard !watch.configuration.policy.dryRun else {
            throw OperatorError(
                "DRY_RUN is set: nothing of the rejoin is carried out; leave apply out to see its steps")
        }
        let (executor, now) = (assembly.executor, assembly.now)
        let timing = Promoter.Timing(now: now, sleep: { try await executor.sleep(until: now() + $0) })
        return try await RejoinRun(surveyor(watch), options, timing: timing, rds: rds).run(until: deadline, tell: tell)
    }

    private var rds: @Sendable (_ region: String) -> RDS {
        { [client = assembly.client] region in RDS(client, region: region) }
    }

    private func surveyor(_ watch: PromoterAssembly.Watch) -> RejoinSurveyor {
        RejoinSurveyor(
            groupID: watch.identity.groupID, region: assembly.region, finder: watch.finder, history: assembly.history,
            now: assembly.now, rds: rds)
    }

    /// - Returns: what the handler answers, fit for a state machine that asks again until `isDone`.
    func answer(
        _ order: RejoinOrder, of watches: [PromoterAssembly.Watch], deadline: ContinuousClock.Instant,
        tell: @Sendable (String) -> Void
    ) async throws -> JSONValue {
        let watch = try auroraWatch(of: watches)
        let plan =
            order.isApplied
            ? try await carryOutRejoin(watch, order.options, deadline: deadline, tell: tell)
            : try await rejoin(watch, order.options, deadline: deadline)
        guard case .object(let members) = plan.json else { return plan.json }
        return .object([.init("watch", .string(watch.identity.watch))] + members)
    }
}

extension RejoinFailure: LambdaReportable {
    package var lambdaErrorType: String { "RejoinStopped" }
}
