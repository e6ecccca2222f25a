internal import NameResolution

/// Where the records of the watched name are known from.
package protocol RecordSource: Sendable {
    /// - Parameter deadline: when to give up.
    /// - Returns: the records as they are now; none where the name has no address or CNAME record.
    func read(deadline: ContinuousClock.Instant) async throws -> RecordSet
}

extension RecordSetReader: RecordSource {}

/// `RECORD_TARGETS`: what the user says the records are. It asks nobody, so that nothing but DNS and the service that
/// promotes has to work in an outage.
package struct StaticRecords: RecordSource {
    private let records: [FailoverRecord]

    /// - Parameter targets: region → host names or addresses.
    package init(targets: [String: [String]]) {
        records = targets.sorted { $0.key < $1.key }.flatMap { region, targets in
            targets.map { target in
                let address = IPAddress(target)
                return FailoverRecord(
                    label: region, target: address.map { .addresses([$0]) } ?? .name(normalizedHostName(target)),
                    region: region)
            }
        }
    }

    package func read(deadline: ContinuousClock.Instant) async throws -> RecordSet { RecordSet(records: records) }
}
