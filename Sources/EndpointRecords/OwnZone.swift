internal import AWSClient
internal import Synchronization

/// The zone of the records, of which is asked once what its name is.
final class OwnZone: Sendable {
    let service: any ZoneService
    private let known = Mutex<HostedZone?>(nil)

    init(_ service: any ZoneService) {
        self.service = service
    }

    /// - Parameter names: normalized; of replicas, one with its number.
    /// - Throws: `.outsideZone` or `.topOfZone`, or what the service throws.
    func check(_ names: [String], deadline: ContinuousClock.Instant) async throws -> HostedZone {
        let zone: HostedZone
        if let read = known.withLock({ $0 }) {
            zone = read
        } else {
            zone = try await service.zone(deadline: deadline)
            known.withLock { $0 = zone }
        }
        for name in names {
            guard zone.contains(name) else { throw EndpointRecordsError.outsideZone(name: name, zone: zone.name) }
            guard name != zone.name else { throw EndpointRecordsError.topOfZone(name: name) }
        }
        return zone
    }
}
