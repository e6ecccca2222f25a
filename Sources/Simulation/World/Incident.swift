/// Something that goes wrong in a world, or that somebody does there. Worlds are shrunk by leaving incidents out.
struct Incident: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// What serves a region's traffic is gone: the health check says so after its own time, and DNS follows.
        case outage(region: String)
        /// The name servers that a region's functions ask.
        case nameServers(region: String, NameServerFault)
        /// What the requests of a region meet, on the way to a service: see `ServiceCall.isOf`.
        case passage(origin: String, service: String?, PassageFault, probability: Double)
        /// A service refuses what it is asked, by itself.
        case refusal(service: String, Refusal, probability: Double)
        /// A service tells of the groups as they were so long ago.
        case staleReads(region: String, age: Duration)
        /// Failovers that begin meanwhile come to nothing.
        case failingFailovers
        /// Failovers that begin meanwhile take minutes longer.
        case slowFailovers
        /// Traffic goes to and fro: a region is ill and well again, for so long each.
        case flapping(region: String, every: Duration)
        /// Somebody changes something else of the groups, and nobody can promote meanwhile.
        case busy
        /// A region's members take no part in the replication.
        case apart(region: String)
        /// A region's members lag behind by so much.
        case lag(region: String, by: Duration)
        /// The process of a region's function is killed.
        case crash(region: String)
        /// The machine under a region's function stands still.
        case freeze(region: String)
        /// A second process of a region's function is started beside the first.
        case overlap(region: String)
        /// The wall clock of a region's function is wrong by so much.
        case wallClock(region: String, by: Duration)
        /// Somebody promotes another region's member by hand.
        case promotedByHand(region: String)
        case paused
        case records(RecordIncident)
    }

    enum NameServerFault: Sendable, Equatable, CaseIterable {
        case fails, silent, doesNotExist, hasNoAddresses, answersOld, answersBoth, answersElse
    }

    enum PassageFault: Sendable, Equatable, CaseIterable {
        case refused, swallowed, carriedInSilence, cutOff, slow
    }

    enum Refusal: Sendable, Equatable, CaseIterable {
        case throttling, internalFailure, unavailable, denied, rubbish, invalidState
    }

    var kind: Kind
    var begins: Duration
    var lasts: Duration

    /// A region that is not well again while the world lasts.
    var isForEver: Bool { lasts > .seconds(50_000) }

    func isOn(at time: Duration) -> Bool { begins <= time && time < begins + lasts }
}

extension Incident.Kind {
    /// What coverage counts it as.
    var name: String {
        switch self {
        case .outage: "health: outage"
        case .nameServers(_, let fault): "name servers: \(fault)"
        case .passage(_, _, let fault, _): "network: \(fault)"
        case .refusal(_, let refusal, _): "service: \(refusal)"
        case .staleReads: "service: stale reads"
        case .failingFailovers: "groups: failovers come to nothing"
        case .slowFailovers: "groups: failovers take long"
        case .flapping: "health: flapping"
        case .busy: "operator: changes the groups"
        case .apart: "groups: a member takes no part"
        case .lag: "groups: a member lags"
        case .crash: "process: killed"
        case .freeze: "process: frozen"
        case .overlap: "process: a second one"
        case .wallClock: "process: wrong wall clock"
        case .promotedByHand: "operator: promotes"
        case .paused: "operator: pauses"
        case .records(let incident): incident.name
        }
    }
}
