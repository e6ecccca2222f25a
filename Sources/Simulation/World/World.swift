internal import AWSClient
internal import HTTPTransport
internal import NameResolution

/// AWS and the name servers as the functions of all regions see them, and what is true behind that.
final class World: @unchecked Sendable {
    let time: VirtualTime
    let weather: Weather
    let script: Script
    let nameServers: NameServers
    let witness: Witness
    var random: SeededGenerator
    var groups: [GroupModel]
    /// Of each group what it was from when on, for reads that are out of date.
    var past: [[(since: Duration, group: GroupModel)]] = []
    /// By region and name.
    var parameters: [String: (value: String, version: Int)] = [:]
    /// Where the authoritative name servers lead.
    private(set) var active: String
    /// nil where nobody keeps any.
    var records: RecordWorld?

    /// How long AWS is at a promotion.
    static let operation = Duration.seconds(30)...(.seconds(180))
    static let slowOperation = Duration.seconds(180)...(.seconds(600))
    /// When a world begins, by the wall clock.
    static let midnight = Timestamp(secondsSince1970: 1_767_225_600)

    init(_ script: Script, time: VirtualTime, weather: Weather, witness: Witness, random: SeededGenerator) {
        self.script = script
        self.time = time
        self.weather = weather
        self.witness = witness
        self.random = random
        active = script.regions[0]
        groups = script.kinds.map { kind in
            let members = script.regions.map { GroupModel.Member(id: Script.memberID(kind, $0), region: $0) }
            return GroupModel(kind: kind, id: Script.groupID(kind), members: members, primary: members[0].id)
        }
        nameServers = NameServers(
            names: Dictionary(uniqueKeysWithValues: script.regions.map { ($0, Script.target($0)) }), ttl: script.ttl)
        for group in groups { witness.note(.ended(group: group, succeeded: true), at: .zero) }
        past = groups.map { [(.zero, $0)] }
        keepHealth()
        for incident in script.incidents { schedule(incident) }
    }

    var wallClock: Timestamp { Self.midnight.adding(seconds: Int64(time.now / .seconds(1))) }

    /// As the machines of a region have it.
    func wallClock(in region: String) -> Timestamp {
        wallClock.adding(seconds: Int64(weather.wallClockError(of: region, at: time.now) / .seconds(1)))
    }

    // MARK: DNS

    /// The health checks see each change a while after it, and DNS follows them.
    private func keepHealth() {
        for moment in weather.changesOfHealth {
            time.after(moment + script.healthDelay) { [self] in
                let down = Set(script.regions.filter { weather.isDown($0, at: moment) })
                // Both unhealthy: the primary record answers.
                let leads = script.regions.prefix(2).first { !down.contains($0) } ?? script.regions[0]
                guard leads != active else { return }
                active = leads
                witness.note(.dnsMoved(to: leads), at: time.now)
            }
        }
    }

    func resolve(_ name: String, from origin: String) -> NameServers.Answer? {
        let fault = weather.nameServerFault(of: origin, at: time.now)
        guard name != Script.name, let region = script.regions.first(where: { Script.target($0) == name }) else {
            return nameServers.answer(active, to: origin, fault, at: time.now)
        }
        switch fault {
        case nil, .answersOld, .answersBoth, .answersElse: return nameServers.target(name, in: region)
        default: return nameServers.answer(active, to: origin, fault, at: time.now)
        }
    }

    // MARK: What people do, and what happens to the groups

    private func schedule(_ incident: Incident) {
        switch incident.kind {
        case .paused:
            time.after(incident.begins) { [self] in setPause() }
            time.after(incident.begins + incident.lasts) { [self] in setPause() }
        case .promotedByHand(let region):
            time.after(incident.begins) { [self] in promoteByHand(region) }
        case .busy:
            time.after(incident.begins) { [self] in
                for index in groups.indices where groups[index].operation == nil {
                    begin(nil, ofGroup: index, incident)
                }
            }
        case .apart(let region):
            time.after(incident.begins) { [self] in join(region) }
            time.after(incident.begins + incident.lasts) { [self] in join(region) }
        case .lag(let region, let lag):
            for (moment, lag) in [(incident.begins, lag), (incident.begins + incident.lasts, .zero)] {
                time.after(moment) { [self] in
                    for kind in script.kinds {
                        witness.note(.lags(lag, member: Script.memberID(kind, region)), at: time.now)
                    }
                }
            }
        default: break
        }
    }

    /// As the incidents of this moment have it, of which several can overlap.
    private func setPause() {
        let isPaused = weather.isPaused(at: time.now)
        for region in script.regions { put(isPaused ? "true" : "running", region, Script.pauseParameter) }
        witness.note(isPaused ? .paused : .resumed, at: time.now)
    }

    private func join(_ region: String) {
        let isIn = !weather.isApart(region, at: time.now)
        for index in groups.indices {
            guard let member = groups[index].members.firstIndex(where: { $0.region == region }),
                groups[index].members[member].isAssociated != isIn
            else { continue }
            groups[index].members[member].isAssociated = isIn
            remember(index)
            witness.note(.joined(isIn, member: groups[index].members[member].id, group: groups[index].id), at: time.now)
        }
    }

    /// Somebody promotes a member in the console.
    private func promoteByHand(_ region: String) {
        for index in groups.indices {
            guard let member = groups[index].member(in: region), groups[index].operation == nil,
                groups[index].primary != member.id
            else { continue }
            witness.note(.accepted(.promotion, group: groups[index], member: member.id, nil), at: time.now)
            begin(member.id, ofGroup: index)
        }
    }
}
