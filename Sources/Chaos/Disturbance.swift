internal import LocalAWS

/// Something that goes wrong in a run, or that somebody does, for a while.
struct Disturbance: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// What serves the first region's traffic is gone: DNS leads to the second.
        case outage
        case nameServer(region: String, RegionalResolver.Trouble)
        /// What the requests meet that the fault matches, as the summary calls it.
        case service(String, Fault)
        /// The process of a region's function stands still.
        case stopped(region: String)
        /// SIGKILL.
        case killed(region: String)
        /// What becomes of failovers.
        case failovers(FailoverBehavior)
        case paused
        case promotedByHand(region: String)
    }

    var kind: Kind
    /// Both since the run began.
    var begins: Duration
    var ends: Duration
}

extension Disturbance.Kind {
    /// Before the names of faults of AWS's services.
    static let ofService = "AWS: "

    /// What the summary counts it as; nil for what is no fault.
    var name: String? {
        switch self {
        case .outage, .paused, .promotedByHand: nil
        case .nameServer(_, let trouble): "name server: \(trouble.rawValue)"
        case .service(let name, _): "\(Self.ofService)\(name)"
        case .stopped: "process: stopped"
        case .killed: "process: killed"
        case .failovers(.revert): "failovers: come to nothing"
        case .failovers(.stall): "failovers: take long"
        case .failovers: "failovers: refused"
        }
    }
}
