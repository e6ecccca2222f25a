internal import AWSClient
internal import Functions
internal import Promotion
internal import Synchronization

/// The set identifiers of all records that a watched name has, those behind aliases within the zone included: the
/// region of any of them may be in `RECORD_REGIONS`.
final class SetIdentifiers: RecordService {
    private let zone: HostedZoneRecords
    private let seen = Mutex<Set<String>>([])

    private init(_ zone: HostedZoneRecords) {
        self.zone = zone
    }

    /// - Returns: nil where they cannot be read.
    static func read(
        _ watch: WatchConfiguration, in zone: HostedZoneRecords, deadline: ContinuousClock.Instant
    ) async -> Set<String>? {
        guard let id = watch.hostedZoneID else { return nil }
        let identifiers = SetIdentifiers(zone)
        let reader = RecordSetReader(
            service: identifiers, hostedZoneID: id, name: watch.dnsName, regions: watch.recordRegions)
        guard (try? await reader.read(deadline: deadline)) != nil else { return nil }
        return identifiers.seen.withLock { $0 }
    }

    func recordSets(named name: String, deadline: ContinuousClock.Instant) async throws -> [ResourceRecordSet] {
        let sets = try await zone.recordSets(named: name, deadline: deadline)
        // A TXT record leads nowhere.
        let identifiers = sets.filter { ["A", "AAAA", "CNAME"].contains($0.type) }.compactMap(\.setIdentifier)
        seen.withLock { $0.formUnion(identifiers) }
        return sets
    }
}
