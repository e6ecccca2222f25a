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
    /// Why targets were not resolved, by their names.
    var unresolved: [String: ResolutionError] = [:]

    /// - Parameter readsRecords: false where the zone is not known.
    static func take(
        _ watch: PromoterAssembly.Watch, readsRecords: Bool, resolver: any Resolver, deadline: ContinuousClock.Instant,
        now: () -> ContinuousClock.Instant = { .now }
    ) async -> NameReading {
        let name = watch.identity.dnsName
        let start = now()
        let answer = await lookUp(name, resolver, deadline)
        var reading = NameReading(
            dnsName: name, ownRegion: watch.identity.ownRegion, answer: answer, duration: now() - start)
        guard readsRecords else { return reading }
        do {
            // Whether or not the name resolves: without an answer the finder would not ask for the records.
            try await watch.finder.warmUp(deadline: deadline)
            reading.active = try await watch.finder.find(deadline: deadline)
            let records = await watch.finder.records ?? []
            reading.records = .success(records)
            reading.unresolved = await unresolved(records, resolver, deadline)
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

    private static func unresolved(
        _ records: [FailoverRecord], _ resolver: any Resolver, _ deadline: ContinuousClock.Instant
    ) async -> [String: ResolutionError] {
        let names = Set(
            records.compactMap { record -> String? in
                if case .name(let name) = record.target { name } else { nil }
            })
        return await withTaskGroup(of: (String, ResolutionError?).self) { group in
            for name in names {
                group.addTask {
                    if case .failure(let error) = await lookUp(name, resolver, deadline) {
                        (name, error)
                    } else {
                        (name, nil)
                    }
                }
            }
            var failures: [String: ResolutionError] = [:]
            for await (name, failure) in group { failures[name] = failure }
            return failures
        }
    }
}
