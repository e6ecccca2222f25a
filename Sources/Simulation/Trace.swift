extension Simulation.Outcome {
    /// What happened, a line each.
    ///
    /// - Parameter isWhole: also what DNS told as before, and each call.
    package func trace(isWhole: Bool = false) -> [String] {
        var told: [Witness.Source: [String]] = [:]
        return facts.compactMap { time, fact in
            switch fact {
            case .told(let regions, let source):
                let isNew = told.updateValue(regions, forKey: source) != regions
                guard isWhole || isNew else { return nil }
            case .called, .invoked, .answered(_, .response), .records(.called), .records(.began),
                .records(.ended(_, .response)):
                guard isWhole else { return nil }
            default: break
            }
            return "\(time.inSeconds.padded(to: 11))  \(fact.words)"
        }
    }
}

extension Script {
    /// How it is set up, and what goes wrong, a line each.
    package var lines: [String] {
        var settings = [
            "\(regions.count) regions", kinds.map(\.rawValue).joined(separator: " and "), "TTL \(ttl.inSeconds)",
            "health checks \(healthDelay.inSeconds)", "invocations of \(timeout) s every \(schedule.inSeconds)",
            "CONFIRMATIONS=\(confirmations)",
            "HOLD_DOWN_SECONDS=\(holdDown)", "CACHE_MAX_AGE_SECONDS=\(cacheMaxAge)",
            interval.map { "CHECK_INTERVAL_SECONDS=\($0)" } ?? "one check a minute",
        ]
        if dryRun { settings.append("DRY_RUN=true") }
        if let detachAfter { settings.append("DETACH_AFTER_SECONDS=\(detachAfter)") }
        if let maximumLag { settings.append("MAX_REPLICATION_LAG_SECONDS=\(maximumLag)") }
        if kinds.count > 1 { settings.append("PROMOTE_ORDER=\(promoteOrder)") }
        if let records { settings += records.settings }
        return [settings.joined(separator: ", ")]
            + incidents.sorted { $0.begins < $1.begins }.map { incident in
                "\(incident.begins.inSeconds.padded(to: 11))  for \(incident.isForEver ? "ever" : incident.lasts.inSeconds):"
                    + " \(incident.kind.words)"
            }
    }
}

extension Witness.Fact {
    package var words: String {
        switch self {
        case .dnsMoved(let region): "DNS leads to \(region)"
        case .told(let regions, let source):
            "\(source): told \(regions.isEmpty ? "of no region" : regions.joined(separator: " and "))"
        case .called(let operation, let source): "\(source): calls \(operation)"
        case .read(let group, let source): "\(source): reads \(group)"
        case .readPause(let isPaused, let source):
            "\(source): reads that promotions are \(isPaused ? "" : "not ")paused"
        case .requested(let change, let group, let member, let source):
            "\(source): asks for the \(change) of \(member) in \(group.id), which is \(group.words)"
        case .refused(let group, let source): "\(source): refused, of \(group)"
        case .accepted(let change, let group, let member, let source):
            "\(source.map { "\($0)" } ?? "by hand"): accepted, the \(change) of \(member) in \(group.id)"
        case .begun(let group): "\(group.id) is \(group.words)"
        case .ended(let group, let succeeded): "\(group.id) is \(group.words)\(succeeded ? "" : ", nothing promoted")"
        case .joined(let isIn, let member, let group):
            "\(member) \(isIn ? "takes part again in" : "takes no part in") \(group)"
        case .lags(let lag, let member): "\(member) lags \(lag.inSeconds) behind"
        case .paused: "paused"
        case .resumed: "resumed"
        case .started(let region): "a process starts in \(region)"
        case .killed(let region): "the processes of \(region) are killed"
        case .invoked(let region): "invoked in \(region)"
        case .answered(let region, .response(let reasons)): "answered in \(region): \(reasons.joined(separator: ", "))"
        case .answered(let region, .error): "failed in \(region)"
        case .answered(let region, .tooLate): "killed in \(region), not having answered"
        case .settled: "all is right"
        case .records(let fact): fact.words
        }
    }
}

extension Witness.Source: CustomStringConvertible {
    package var description: String { "\(function == .promoter ? "" : "\(function) ")\(region)/\(process)" }
}

extension GroupModel {
    fileprivate var words: String {
        "\(status), primary in \(primaryRegion ?? "no region")\(detached.map { ", without \($0.id)" }.joined())"
    }
}

extension Incident.Kind {
    fileprivate var words: String {
        switch self {
        case .outage(let region): "\(name) of \(region)"
        case .nameServers(let region, _), .crash(let region), .freeze(let region), .overlap(let region),
            .apart(let region), .promotedByHand(let region):
            "\(name), \(region)"
        case .passage(let origin, let service, _, let probability):
            "\(name), of \(origin) to \(service ?? "all services"), \(Int(probability * 100)) %"
        case .refusal(let service, _, let probability): "\(name), by \(service), \(Int(probability * 100)) %"
        case .staleReads(let region, let age): "\(name), \(age.inSeconds), in \(region)"
        case .flapping(let region, let every): "\(name), \(region), every \(every.inSeconds)"
        case .lag(let region, let lag): "\(name), \(region), by \(lag.inSeconds)"
        case .wallClock(let region, let error): "\(name), \(region), by \(error.inSeconds)"
        case .failingFailovers, .slowFailovers, .busy, .paused: name
        case .records(let incident): "\(name), \(incident.region)"
        }
    }

    /// All that coverage can have counted.
    static let names: [String] =
        Incident.NameServerFault.allCases.map { Self.nameServers(region: "", $0).name }
        + Incident.PassageFault.allCases.map { Self.passage(origin: "", service: nil, $0, probability: 1).name }
        + Incident.Refusal.allCases.map { Self.refusal(service: "", $0, probability: 1).name }
        + [Self.staleReads(region: "", age: .zero).name]
}

extension String {
    /// With spaces before it.
    fileprivate func padded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
