/// What the metric says of a target: its probes, with single glitches taken out.
package struct HealthState: Sendable, Equatable {
    package struct Smoothing: Sendable, Equatable {
        /// Probes in a row that have to fail before a healthy target is unhealthy, from 1.
        package var failuresToUnhealthy: Int
        /// Probes in a row that have to succeed before an unhealthy target is healthy, from 1.
        package var successesToHealthy: Int

        package init(failuresToUnhealthy: Int = 1, successesToHealthy: Int = 1) {
            self.failuresToUnhealthy = failuresToUnhealthy
            self.successesToHealthy = successesToHealthy
        }
    }

    /// nil before the first probe.
    package private(set) var isHealthy: Bool?
    /// How many probes in a row have said otherwise.
    private var opposed = 0

    package init() {}

    /// The first probe counts by itself: nothing is known that it could be a glitch of.
    ///
    /// - Returns: whether the target has become healthy or unhealthy by it.
    package mutating func note(_ isProbeGood: Bool, _ smoothing: Smoothing) -> Bool {
        guard let isHealthy, isHealthy != isProbeGood else {
            opposed = 0
            defer { self.isHealthy = isProbeGood }
            return self.isHealthy == nil
        }
        opposed += 1
        guard opposed >= (isHealthy ? smoothing.failuresToUnhealthy : smoothing.successesToHealthy) else {
            return false
        }
        self.isHealthy = isProbeGood
        opposed = 0
        return true
    }
}
