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

    /// - Parameter name: nil for all.
    /// - Throws: `OperatorError` where there is no watch of this name.
    package func watches(named name: String?) throws(OperatorError) -> [PromoterAssembly.Watch] {
        guard let name else { return assembly.watches }
        let named = assembly.watches.filter { $0.configuration.name == name }
        guard named.isEmpty else { return named }
        let known = assembly.watches.prefix(20).map(\.configuration.name).joined(separator: ", ")
        throw OperatorError("there is no watch \(name.debugDescription); there are: \(known)")
    }

    /// What is to be seen of each watch.
    package func overviews(
        of watches: [PromoterAssembly.Watch], deadline: ContinuousClock.Instant
    ) async -> [Overview] {
        await assembly.pause?.refreshIfDue(deadline: deadline)
        return await inParallel(watches) { await $0.promoter.overview(deadline: deadline) }
    }

    /// - Parameter progress: gets each event, in words, when it happens.
    package func carryOut(
        _ order: Order, on watches: [PromoterAssembly.Watch], by operatorName: String?,
        deadline: ContinuousClock.Instant, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async -> [Result<OrderResult, OrderFailure>] {
        let operatorName = operatorName ?? "an operator"
        return await inParallel(watches) { watch in
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

    private func inParallel<Value: Sendable>(
        _ watches: [PromoterAssembly.Watch], _ body: @escaping @Sendable (PromoterAssembly.Watch) async -> Value
    ) async -> [Value] {
        await withTaskGroup(of: (index: Int, value: Value).self) { group in
            for (index, watch) in watches.enumerated() { group.addTask { (index, await body(watch)) } }
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
