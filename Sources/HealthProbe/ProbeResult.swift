/// What looks whether a target is as it should be.
package protocol EndpointProbe: Sendable {
    /// - Parameter deadline: by when it is over, whatever hangs.
    func run(_ target: ProbeTarget, deadline: ContinuousClock.Instant) async -> ProbeResult
}

/// What one probe of one target came to.
package struct ProbeResult: Sendable {
    package var target: ProbeTarget
    /// nil where the target is healthy.
    package var failure: ProbeFailure?
    /// Of the whole probe.
    package var duration: Duration
    /// It answers, and takes no writes; where the target counts that as healthy, or where it failed by it.
    package var isReadOnly: Bool

    package var isHealthy: Bool { failure == nil }

    package init(target: ProbeTarget, failure: ProbeFailure?, duration: Duration, isReadOnly: Bool = false) {
        self.target = target
        self.failure = failure
        self.duration = duration
        self.isReadOnly = isReadOnly
    }
}

/// Why a target is unhealthy.
package struct ProbeFailure: Error, Sendable, Equatable {
    /// In one word, and part of the contract: it is in results and logs.
    package enum Reason: String, Sendable, CaseIterable {
        /// The host's name has no address.
        case resolve
        case connect
        /// The certificate is not the right one, or it speaks no TLS.
        case tls
        /// It does not accept who we are, or who we are could not be found out.
        case auth
        case ping
        case write
        case read
        /// Something else was read than was written.
        case mismatch
        /// It is a replica where a primary was expected, or the other way round.
        case role
        /// No answer in time; `step` says to what.
        case timeout
    }

    /// What was being done.
    package enum Step: String, Sendable {
        case secret
        case resolve
        case connect
        case tls
        case auth
        case ping
        case write
        case read
        case role
    }

    package var reason: Reason
    package var step: Step
    /// The first word of what Redis said (`READONLY`, `OOM`, `CLUSTERDOWN`, `LOADING`, `WRONGPASS`, …), or the SQLSTATE
    /// of PostgreSQL (`25006`, `57P03`, `53300`, …); nil where it said nothing.
    package var code: String?
    /// In words.
    package var detail: String

    package init(_ reason: Reason, during step: Step, code: String? = nil, _ detail: String) {
        self.reason = reason
        self.step = step
        self.code = code
        self.detail = detail
    }
}
