internal import EndpointRecords
package import Failover
internal import NameResolution
package import Promotion

/// The records that lead to the primary of a group.
extension WatchConfiguration {
    /// Of a group; nil where none leads to it.
    package func records(of kind: GlobalGroup.Kind) -> PrimaryRecordKeeper.Settings? {
        kind == .datastore ? primaryRecord : writerRecords
    }

    /// Of all of its groups.
    package var records: [PrimaryRecordKeeper.Settings] { [primaryRecord, writerRecords].compactMap(\.self) }

    static func primaryRecord(
        _ reader: inout EnvironmentReader, watched dnsName: String, hasDatastore: Bool
    ) -> PrimaryRecordKeeper.Settings? {
        guard let name = reader.value("PRIMARY_RECORD_NAME") else { return nil }
        guard hasDatastore else {
            if !reader.isInherited("PRIMARY_RECORD_NAME") {
                reader.refuse(
                    "PRIMARY_RECORD_NAME",
                    "leave it out: it is pointed at the primary of a datastore, and GLOBAL_DATASTORE_ID names none")
            }
            return nil
        }
        if !isHostName(name) {
            reader.refuse(
                "PRIMARY_RECORD_NAME", "set it to the name of the primary's record, such as redis.example.internal")
        } else if normalizedHostName(name) == dnsName {
            reader.refuse(
                "PRIMARY_RECORD_NAME",
                "set it to another name: DNS_NAME says where to promote, and must not follow from it"
            )
        }
        let endpoint = reader.value("PRIMARY_ENDPOINT")
        if let endpoint, isHostName(endpoint), normalizedHostName(endpoint) == normalizedHostName(name) {
            reader.refuse(
                "PRIMARY_ENDPOINT", "set it to the primary endpoint itself: PRIMARY_RECORD_NAME would point at itself")
        } else if let endpoint, !isHostName(endpoint) {
            reader.refuse(
                "PRIMARY_ENDPOINT",
                "set it to the primary endpoint of this region's member, such as"
                    + " master.sessions.abc123.use1.cache.amazonaws.com, without a port")
        }
        let zone = reader.hostedZoneID("set it to the id of the hosted zone of PRIMARY_RECORD_NAME")
        return .init(
            hostedZoneID: zone, name: normalizedHostName(name), endpoint: endpoint.map(normalizedHostName),
            ttl: reader.integer("RECORD_TTL_SECONDS", in: RecordSettings.ttlRange, default: 10))
    }

    /// - Parameter others: the names of the other group's records.
    static func writerRecords(
        _ reader: inout EnvironmentReader, watched dnsName: String, hasCluster: Bool, others: [String]
    ) -> PrimaryRecordKeeper.Settings? {
        let variables: [(variable: String, noun: String, leadsTo: PrimaryRecordKeeper.Settings.Endpoint)] = [
            ("WRITER_RECORD_NAME", "writer", .primary), ("READER_RECORD_NAME", "reader", .readers),
        ]
        var records: [PrimaryRecordKeeper.Settings.Record] = []
        for (variable, noun, leadsTo) in variables {
            guard let text = reader.value(variable) else { continue }
            guard hasCluster else {
                if !reader.isInherited(variable) {
                    reader.refuse(
                        variable,
                        "leave it out: it is pointed at the \(noun) endpoint of a cluster, and GLOBAL_CLUSTER_ID names"
                            + " none"
                    )
                }
                continue
            }
            let name = normalizedHostName(text)
            if !isHostName(text) {
                reader.refuse(
                    variable, "set it to the name of the \(noun)'s record, such as orders-\(noun).example.internal")
            } else if name == dnsName {
                reader.refuse(
                    variable, "set it to another name: DNS_NAME says where to promote, and must not follow from it")
            } else if (others + records.map(\.name)).contains(name) {
                reader.refuse(variable, "set it to a name of its own: another record of this watch has it already")
            }
            records.append(.init(variable: variable, name: name, leadsTo: leadsTo))
        }
        guard !records.isEmpty else { return nil }
        return .init(
            hostedZoneID: reader.hostedZoneID(
                "set it to the id of the hosted zone of WRITER_RECORD_NAME and READER_RECORD_NAME"), records: records,
            ttl: reader.integer("RECORD_TTL_SECONDS", in: RecordSettings.ttlRange, default: 10))
    }
}
