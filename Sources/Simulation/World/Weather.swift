internal import HTTPTransport

/// What the incidents of a world make of requests and look-ups at each moment.
final class Weather {
    private let incidents: [Incident]
    private var random: SeededGenerator
    private let seen: Coverage

    /// - Parameter seen: counts what an incident did to somebody.
    init(_ incidents: [Incident], random: SeededGenerator, seen: Coverage) {
        self.incidents = incidents
        hasSkews = incidents.contains { if case .wallClock = $0.kind { true } else { false } }
        self.random = random
        self.seen = seen
    }

    func passage(of call: ServiceCall, at time: Duration) -> Passage {
        let there = random.duration(in: .milliseconds(2)...(.milliseconds(40)))
        let back = there + random.duration(in: .milliseconds(2)...(.milliseconds(80)))
        for incident in incidents where incident.isOn(at: time) {
            guard case .passage(let origin, let service, let fault, let probability) = incident.kind,
                origin == call.origin.region, call.isOf(service), random.chance(probability)
            else { continue }
            seen.count(.fault, incident.kind.name)
            switch fault {
            case .refused: return .refused(after: there)
            case .swallowed: return .swallowed
            case .carriedInSilence: return .carriedInSilence(there: there)
            case .cutOff: return .cutOff(there: there, after: back)
            case .slow:
                let delay = random.duration(in: .milliseconds(200)...(.seconds(12)))
                return .carried(there: there + delay / 2, back: back + delay)
            }
        }
        return .carried(there: there, back: back)
    }

    /// What a service answers by itself; nil where it does what it is asked.
    func refusal(of call: ServiceCall, at time: Duration) -> HTTPResponse? {
        for incident in incidents where incident.isOn(at: time) {
            guard case .refusal(let service, let refusal, let probability) = incident.kind, call.isOf(service),
                random.chance(probability)
            else { continue }
            if refusal == .invalidState, !call.isChange { continue }
            seen.count(.fault, incident.kind.name)
            return Answers.refusal(refusal, of: call)
        }
        return nil
    }

    func age(ofReadsIn region: String, at time: Duration) -> Duration {
        for incident in incidents where incident.isOn(at: time) {
            if case .staleReads(region, let age) = incident.kind {
                seen.count(.fault, incident.kind.name)
                return age
            }
        }
        return .zero
    }

    func nameServerFault(of region: String, at time: Duration) -> Incident.NameServerFault? {
        for incident in incidents where incident.isOn(at: time) {
            if case .nameServers(region, let fault) = incident.kind {
                seen.count(.fault, incident.kind.name)
                return fault
            }
        }
        return nil
    }

    func isDown(_ region: String, at time: Duration) -> Bool {
        incidents.contains { incident in
            switch incident.kind {
            case .outage(region): incident.isOn(at: time)
            case .flapping(region, let every):
                incident.isOn(at: time) && Int((time - incident.begins) / every) % 2 == 0
            default: false
            }
        }
    }

    /// When a region becomes ill, or well again.
    var changesOfHealth: [Duration] {
        incidents.flatMap { incident -> [Duration] in
            let end = incident.begins + incident.lasts
            switch incident.kind {
            case .outage: return [incident.begins, end]
            case .flapping(_, let every):
                let turns = Int(incident.lasts / every)
                return (0...turns).map { incident.begins + every * $0 } + [end]
            default: return []
            }
        }
    }

    func isPaused(at time: Duration) -> Bool { isOn(.paused, at: time) }
    func isApart(_ region: String, at time: Duration) -> Bool { isOn(.apart(region: region), at: time) }
    func failoversComeToNothing(at time: Duration) -> Bool { isOn(.failingFailovers, at: time) }
    func failoversAreSlow(at time: Duration) -> Bool { isOn(.slowFailovers, at: time) }

    private func isOn(_ kind: Incident.Kind, at time: Duration) -> Bool {
        incidents.contains { $0.kind == kind && $0.isOn(at: time) }
    }

    func lag(of region: String, at time: Duration) -> Duration {
        for incident in incidents where incident.isOn(at: time) {
            if case .lag(region, let lag) = incident.kind { return lag }
        }
        return .milliseconds(500)
    }

    /// Whether any clock is wrong at any time.
    let hasSkews: Bool

    func wallClockError(of region: String, at time: Duration) -> Duration {
        for incident in incidents where incident.isOn(at: time) {
            if case .wallClock(region, let error) = incident.kind { return error }
        }
        return .zero
    }
}
