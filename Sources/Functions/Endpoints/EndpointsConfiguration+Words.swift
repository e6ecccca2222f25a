internal import EndpointRecords

extension EndpointsConfiguration {
    /// Which records it keeps, and of what: for the start-up line.
    var words: String {
        let records = [
            settings.replicaName.map { "\($0) and a number (a replica each)" },
            settings.weightedName.map { "\($0) (all replicas, weighted)" },
            settings.primaryName.map { "\($0) (the primary)" },
        ].compactMap(\.self).joined(separator: ", ")
        let group = settings.replicationGroupID.map { " of \($0)" } ?? ""
        return "keeps \(records)\(group), in zone \(hostedZoneID)\(dryRun ? "; dry run" : "")"
    }
}
