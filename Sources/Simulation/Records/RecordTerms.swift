/// What the promises of records are to be held to.
struct RecordTerms: Sendable {
    var script: RecordScript
    var regions: [String]
    var isDryRun = false
    /// How long ago what a change stands on may have been read, and was so.
    var slack = Duration.seconds(35)
    /// Whether something goes wrong between two times, or did a moment before.
    var isTroubled: @Sendable (_ from: Duration, _ to: Duration) -> Bool = { _, _ in false }
    /// Whether an invocation of a region's function that was not answered at this time is no fault of the function's.
    var excusesLateness: @Sendable (_ region: String, _ time: Duration) -> Bool = { _, _ in false }

    init(_ script: RecordScript, regions: [String]) {
        self.script = script
        self.regions = regions
    }

    /// - Returns: nil for a world without records.
    init?(_ world: Script) {
        guard let script = world.records else { return nil }
        self.init(script, regions: world.regions)
        isDryRun = world.dryRun
        slack = world.recordSlack
        let incidents = world.incidents
        isTroubled = { from, to in
            incidents.contains { incident in
                // Once a clock is right again, the next request is refused for what was learnt of it before.
                if case .wallClock = incident.kind, incident.begins <= to { return true }
                return incident.begins <= to && from <= incident.begins + incident.lasts + .seconds(30)
            }
        }
        excusesLateness = { region, time in
            incidents.contains { incident in
                incident.kind == .records(.freeze(region: region)) && incident.begins <= time
                    && time <= incident.begins + incident.lasts + RecordScript.timeout
            }
        }
    }
}
