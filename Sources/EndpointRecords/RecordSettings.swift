internal import AWSClient

/// Which records there are to be, and how.
package struct RecordSettings: Sendable, Equatable {
    /// What becomes of the records when there is no replica to point them at.
    package enum WhenNoReplicas: String, Sendable, CaseIterable {
        case keep, primary, delete
    }

    /// nil where only a primary record is wanted, and `primaryEndpoint` and `globalDatastoreID` say the rest.
    package let replicationGroupID: String?
    /// The region of the cluster.
    package var region: String
    /// A CNAME a replica: a number goes behind its first label. All names here are normalized.
    package let replicaName: String?
    /// One weighted CNAME over all replicas.
    package let weightedName: String?
    /// A CNAME that points at this region's primary endpoint while this region is primary.
    package let primaryName: String?
    /// nil: that of the group.
    package let primaryEndpoint: String?
    /// nil: that which the group says it is a member of.
    package let globalDatastoreID: String?
    /// In seconds.
    package let ttl: Int
    package let whenNoReplicas: WhenNoReplicas

    package static let ttlRange = 1...86400

    /// - Throws: `.noRecords`, `.noGroup`, `.sameName`, `.wrongName` or `.wrongTTL`.
    package init(
        replicationGroupID: String? = nil, region: String, replicaName: String? = nil, weightedName: String? = nil,
        primaryName: String? = nil, primaryEndpoint: String? = nil, globalDatastoreID: String? = nil, ttl: Int = 10,
        whenNoReplicas: WhenNoReplicas = .keep
    ) throws(EndpointRecordsError) {
        self.replicationGroupID = replicationGroupID
        self.region = region.lowercased()
        self.replicaName = replicaName.map(DNSName.normalized)
        self.weightedName = weightedName.map(DNSName.normalized)
        self.primaryName = primaryName.map(DNSName.normalized)
        self.primaryEndpoint = primaryEndpoint.map(DNSName.normalized)
        self.globalDatastoreID = globalDatastoreID
        self.ttl = ttl
        self.whenNoReplicas = whenNoReplicas
        try check()
    }

    /// Whether replicas have records.
    var followsReplicas: Bool { replicaName != nil || weightedName != nil }

    /// Whether the group has to be looked at.
    var needsGroup: Bool {
        followsReplicas || primaryName != nil && (primaryEndpoint == nil || globalDatastoreID == nil)
    }

    private func check() throws(EndpointRecordsError) {
        let names = [replicaName, weightedName, primaryName].compactMap(\.self)
        guard !names.isEmpty else { throw .noRecords }
        guard !needsGroup || replicationGroupID != nil else { throw .noGroup }
        guard Self.ttlRange.contains(ttl) else { throw .wrongTTL(ttl) }
        for name in names + [primaryEndpoint].compactMap(\.self) {
            let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            // Behind the first label of a replica's name, digits still have to go.
            let longest = name == replicaName ? 60 : 63
            guard labels.allSatisfy({ (1...63).contains($0.count) }),
                labels.first.map({ $0.count <= longest }) ?? false,
                name.utf8.count <= 250
            else { throw .wrongName(name) }
        }
        // The endpoint, too: a record that points at itself, or at one that follows the replicas, leads nowhere.
        let others = [weightedName, primaryName, primaryEndpoint].compactMap(\.self)
        if Set(others).count < others.count { throw .sameName(others[0]) }
        guard let replicaName else { return }
        let numbered = NumberedNames(after: replicaName)
        for name in others where numbered.number(of: name) != nil { throw .sameName(name) }
    }
}
