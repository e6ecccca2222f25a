internal import HTTPTransport
internal import HealthProbe
internal import Synchronization

/// What an endpoint counts as, over the invocations of a process.
final class ProbeState: Sendable {
    private let state = Mutex(HealthState())

    func note(_ result: ProbeResult, _ smoothing: HealthState.Smoothing) -> (isHealthy: Bool, hasChanged: Bool) {
        state.withLock { state in
            let hasChanged = state.note(result.isHealthy, smoothing)
            return (state.isHealthy ?? result.isHealthy, hasChanged)
        }
    }
}

/// What an invocation found of one endpoint.
struct ProbeSummary: Sendable {
    var last: ProbeResult
    /// What it counts as after the last one.
    var isHealthy: Bool
    var probes: Int
    var failures: Int
}
