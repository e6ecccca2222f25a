internal import AWSClient
internal import Failover
internal import LambdaRuntime
package import Promotion

/// What people can do besides the checks: for the handler `operator` and for the command line.
package struct Operator: Sendable {
    package let assembly: PromoterAssembly
    package let reporter: Reporter

    /// What a switchover may lose where nobody says otherwise.
    package static let maximumLag = Duration.seconds(1)

    package init(assembly: PromoterAssembly, reporter: Reporter) {
        self.assembly = assembly
        self.reporter = reporter
    }

    /// - Parameters:
    ///   - name: nil for all.
    ///   - group: the id of one of a watch's two groups, in any case; nil for both.
    /// - Throws: `OperatorError` where there is no watch of this name, or none of them has this group.
    package func watches(
        named name: String?, group: String? = nil
    ) throws(OperatorError) -> [PromoterAssembly.Watch] {
        let named = assembly.watches.filter { name == nil || $0.configuration.name == name }
        if let name, named.isEmpty {
            let known = assembly.names.prefix(20).map(\.configuration.name).joined(separator: ", ")
            throw OperatorError("there is no watch \(name.debugDescription); there are: \(known)")
        }
        guard let group else { return named }
        let chosen = named.filter { $0.identity.groupID.lowercased() == group.lowercased() }
        guard chosen.isEmpty else { return chosen }
        let known = named.prefix(20).map(\.identity.groupID).joined(separator: ", ")
        throw OperatorError("there is no group \(group.debugDescription); there are: \(known)")
    }

    /// What is to be seen of each watch.
    package func overviews(
        of watches: [PromoterAssembly.Watch], deadline: ContinuousClock.Instant
    ) async -> [Overview] {
        await assembly.pause?.refreshIfDue(deadline: deadline)
        let overviews = await inParallel(watches) { await $0.promoter.overview(deadline: deadline) }
        return zip(watches, overviews).map { watch, overview in
            guard let first = watch.configuration.promoteOrder.first, watch.identity.kind != first,
                let before = overviews.first(where: {
                    $0.identity.watch == watch.identity.watch && $0.identity.kind == first
                })
            else { return overview }
            return overview.following(before, now: assembly.now())
        }
    }

    /// The second group of a watch comes after the first, where PROMOTE_ORDER says so, and not without it. An order
    /// that must not be begun for one of the groups as it stands is begun for none.
    ///
    /// - Parameter progress: gets each event, in words, when it happens.
    package func carryOut(
        _ order: Order, on watches: [PromoterAssembly.Watch], by operatorName: String?,
        deadline: ContinuousClock.Instant, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async -> [Result<OrderResult, OrderFailure>] {
        let refusals = watches.map { $0.promoter.refusal(of: order) }
        if let first = refusals.lazy.compactMap(\.self).first {
            return zip(watches, refusals).map { watch, refusal in
                .failure(refusal ?? watch.promoter.refusal(of: order, alongWith: first.identity.groupID))
            }
        }
        let operatorName = operatorName ?? "an operator"
        let results = await inParallel(Self.turns(watches)) { turn in
            var done: [(index: Int, result: Result<OrderResult, OrderFailure>)] = []
            var first: String?
            for (index, watch) in turn {
                if let first {
                    done.append((index, .failure(watch.promoter.refusal(of: order, waitingFor: first))))
                    continue
                }
                let result = await carryOut(order, on: watch, by: operatorName, deadline: deadline, progress: progress)
                if case .failure = result { first = watch.identity.groupID }
                done.append((index, result))
            }
            return done
        }
        return results.flatMap(\.self).sorted { $0.index < $1.index }.map(\.result)
    }

    /// What is done one after the other; all of them at the same time.
    private static func turns(_ watches: [PromoterAssembly.Watch]) -> [[(index: Int, watch: PromoterAssembly.Watch)]] {
        var turns: [[(index: Int, watch: PromoterAssembly.Watch)]] = []
        for (index, watch) in watches.enumerated() {
            guard let first = watch.configuration.promoteOrder.first, watch.identity.isOneOfTwo,
                let other = turns.firstIndex(where: { $0[0].watch.configuration.name == watch.configuration.name })
            else {
                turns.append([(index, watch)])
                continue
            }
            turns[other].insert((index, watch), at: watch.identity.kind == first ? 0 : 1)
        }
        return turns
    }

    private func carryOut(
        _ order: Order, on watch: PromoterAssembly.Watch, by operatorName: String,
        deadline: ContinuousClock.Instant, progress: @escaping @Sendable (String) -> Void
    ) async -> Result<OrderResult, OrderFailure> {
        do throws(OrderFailure) {
            return .success(
                try await watch.promoter.carryOut(order, deadline: deadline) { events in
                    guard !events.isEmpty else { return }
                    for event in events { progress(event.sentence(watch.identity.kind, orderedBy: operatorName)) }
                    // At once: whoever waits may be interrupted, or killed at his deadline.
                    await reporter.add(events, of: watch, by: operatorName)
                    await reporter.flush(deadline: min(deadline, assembly.now() + .seconds(5)))
                })
        } catch { return .failure(error) }
    }

    /// Pauses all promotions of the function that come from DNS; orders are carried out all the same.
    package func pause(by operatorName: String?, reason: String?, deadline: ContinuousClock.Instant)
        async throws -> PauseSwitch.Change
    {
        let pause = PauseKnowledge.Pause(by: operatorName, reason: reason, since: WallClockTime.now().rfc3339)
        return try await pauseSwitch().set(pause, deadline: deadline)
    }

    package func resume(deadline: ContinuousClock.Instant) async throws -> PauseSwitch.Change {
        try await pauseSwitch().set(nil, deadline: deadline)
    }

    /// The latest first, each as it is to be shown now.
    package func history(
        of watch: String?, deadline: ContinuousClock.Instant
    ) async throws -> [PromotionHistory.Entry] {
        guard let history = assembly.history else { throw OperatorError.withoutParameter }
        return try await history.entries(deadline: deadline).filter { watch == nil || $0.watch == watch }
            .map { $0.shown(at: .current()) }
    }

    private func pauseSwitch() throws(OperatorError) -> PauseSwitch {
        guard let pause = assembly.pause else { throw .withoutParameter }
        return pause
    }

    private func inParallel<Element: Sendable, Value: Sendable>(
        _ elements: [Element], _ body: @escaping @Sendable (Element) async -> Value
    ) async -> [Value] {
        await withTaskGroup(of: (index: Int, value: Value).self) { group in
            for (index, element) in elements.enumerated() { group.addTask { (index, await body(element)) } }
            var values: [(index: Int, value: Value)] = []
            for await value in group { values.append(value) }
            return values.sorted { $0.index < $1.index }.map(\.value)
        }
    }
}

package struct OperatorError: Error, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }

    static let withoutParameter = OperatorError(
        "PAUSE_PARAMETER is not set: set it to the name of a parameter in Parameter Store, for the functions and here;"
            + " pauses and the history are kept there")
}
