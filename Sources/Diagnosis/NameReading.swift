internal import Failover
internal import Functions
internal import NameResolution
internal import Promotion

/// What DNS and the records say of a watched name.
struct NameReading: Sendable {
    var dnsName: String
    var ownRegion: String
    var answer: Result<ResolvedName, ResolutionError>
    /// How long the answer took.
    var duration: Duration
    /// nil where it is not known which records these are.
    var records: Result<[FailoverRecord], any Error>?
    /// `.notAsked` without records.
    var active: ActiveRegion = .notAsked
    /// What targets resolve to, by their names.
    var resolved: [String: [IPAddress]] = [:]
    /// Why targets were not resolved, by their names.
    var unresolved: [String: ResolutionError] = [:]
    /// Whether `RECORD_TARGETS` says what the records are, and of which region.
    var areTargetsGiven = false
    /// `RECORD_REGIONS`: set identifier → region.
    var recordRegions: [String: String] = [:]
    /// The set identifiers that the records have; nil where they were not asked for, or cannot be read.
    var setIdentifiers: Set<String>?

    /// - Parameters:
    ///   - readsRecords: false where the zone is not known.
    ///   - zone: that of the watch, to look at the set identifiers; nil where there is none.
    static func take(
        _ watch: PromoterAssembly.Watch, readsRecords: Bool, zone: HostedZoneRecords?, resolver: any Resolver,
        deadline: ContinuousClock.Instant, now: () -> ContinuousClock.Instant = { .now }
    ) async -> NameReading {
        let name = watch.identity.dnsName
        let start = now()
        let answer = await lookUp(name, resolver, deadline)
        var reading = NameReading(
            dnsName: name, ownRegion: watch.identity.ownRegion, answer: answer, duration: now() - start)
        reading.areTargetsGiven = watch.configuration.hostedZoneID == nil
        reading.recordRegions = watch.configuration.recordRegions
        guard readsRecords else { return reading }
        do {
            // Whether or not the name resolves: without an answer the finder would not ask for the records.
            try await watch.finder.warmUp(deadline: deadline)
            reading.active = try await watch.finder.find(deadline: deadline)
            let records = await watch.finder.records ?? []
            reading.records = .success(records)
            for (name, answer) in await targets(records, resolver, deadline) {
                switch answer {
                case .success(let answer): reading.resolved[name] = answer.addresses
                case .failure(let error): reading.unresolved[name] = error
                }
            }
            if let zone, !reading.recordRegions.isEmpty {
                reading.setIdentifiers = await SetIdentifiers.read(watch.configuration, in: zone, deadline: deadline)
            }
        } catch { reading.records = .failure(error) }
        return reading
    }

    private static func lookUp(
        _ name: String, _ resolver: any Resolver, _ deadline: ContinuousClock.Instant
    ) async -> Result<ResolvedName, ResolutionError> {
        do throws(ResolutionError) { return .success(try await resolver.resolve(name, deadline: deadline)) } catch {
            return .failure(error)
        }
    }

    private static func targets(
        _ records: [FailoverRecord], _ resolver: any Resolver, _ deadline: ContinuousClock.Instant
    ) async -> [(name: String, answer: Result<ResolvedName, ResolutionError>)] {
        let names = Set(
            records.compactMap { record -> String? in
                if case .name(let name) = record.target { name } else { nil }
            })
        return await withTaskGroup(of: (String, Result<ResolvedName, ResolutionError>).self) { group in
            for name in names { group.addTask { (name, await lookUp(name, resolver, deadline)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
}
