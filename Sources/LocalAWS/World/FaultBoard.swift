import Synchronization

/// The faults in force.
package final class FaultBoard: Sendable {
    /// What a request has to suffer.
    struct Verdict: Sendable {
        var latency: Duration = .zero
        var effect: Fault.Effect?
        var headers: [String: String] = [:]
        /// Of the effect; of the first latency if there is none.
        var id: FaultID?
    }

    private struct State {
        var faults: [(id: FaultID, fault: Fault)] = []
        var lastNumber = 0
        var hanging: [FaultID: [AsyncStream<Never>.Continuation]] = [:]
        /// Removed by somebody, not used up: who comes to hang on one of these came too late.
        var removed: Set<FaultID> = []
    }

    private let state = Mutex(State())

    package var faults: [(id: FaultID, fault: Fault)] { state.withLock { $0.faults } }

    func inject(_ fault: Fault) -> FaultID {
        state.withLock { state in
            state.lastNumber += 1
            let id = FaultID(number: state.lastNumber)
            state.faults.append((id, fault))
            return id
        }
    }

    /// - Returns: whether there was such a fault.
    func remove(_ id: FaultID) -> Bool {
        let (known, released) = state.withLock { state in
            let known = state.faults.contains { $0.id == id }
            state.faults.removeAll { $0.id == id }
            state.removed.insert(id)
            return (known, state.hanging.removeValue(forKey: id) ?? [])
        }
        for continuation in released { continuation.finish() }
        return known || !released.isEmpty
    }

    /// Latencies add up; of the other faults the oldest one that matches has its way.
    func verdict(service: String, operation: String, region: String) -> Verdict {
        state.withLock { state in
            var verdict = Verdict()
            for index in state.faults.indices
            where state.faults[index].fault.matches(service: service, operation: operation, region: region) {
                let id = state.faults[index].id
                if case .latency(let latency) = state.faults[index].fault.effect {
                    verdict.latency += latency
                    verdict.id = verdict.id ?? id
                } else if verdict.effect == nil {
                    verdict.effect = state.faults[index].fault.effect
                    verdict.headers = state.faults[index].fault.headers
                    verdict.id = id
                } else {
                    continue
                }
                state.faults[index].fault.times = state.faults[index].fault.times.map { $0 - 1 }
            }
            state.faults.removeAll { $0.fault.times.map { $0 <= 0 } ?? false }
            return verdict
        }
    }

    /// Of the oldest fault that matches.
    func verdict(onNotificationIn region: String) -> (id: FaultID, notification: Fault.Notification)? {
        state.withLock { state in
            for index in state.faults.indices {
                let (id, fault) = state.faults[index]
                guard let notification = fault.notification, fault.region ?? region == region else { continue }
                state.faults[index].fault.times = fault.times.map { $0 - 1 }
                state.faults.removeAll { $0.fault.times.map { $0 <= 0 } ?? false }
                return (id, notification)
            }
            return nil
        }
    }

    /// Until the fault is removed, or the task cancelled because the server stops.
    func hang(on id: FaultID) async {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        state.withLock { state in
            guard !state.removed.contains(id) else { return continuation.finish() }
            state.hanging[id, default: []].append(continuation)
        }
        for await _ in stream {}
    }

    /// Ends all hanging: the server stops.
    func releaseAll() {
        let released = state.withLock { state in
            defer { state.hanging = [:] }
            return state.hanging.values.flatMap(\.self)
        }
        for continuation in released { continuation.finish() }
    }
}
