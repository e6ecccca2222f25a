package import AWSClient

/// Whether the cluster of this region is the primary: what a primary record may be pointed at it for.
package enum PrimaryStanding: Sendable, Equatable {
    case primary
    /// The word of AWS for what it is instead, as in `SECONDARY`.
    case standby(role: String)
    /// The global datastore that is configured has no such member, or is not there.
    case notMember(datastoreID: String)
    /// AWS names several of them primary, or several of this region.
    case unclear(members: [String])
    /// The cluster is in no global datastore, and none is configured. It may be a primary by itself, or one that was
    /// taken out of its datastore: it gets a record that nobody has, and takes none from another.
    case alone
    /// It is the primary of its global datastore, and the record points at a cluster that is not in that: perhaps at
    /// one that was taken out of it, and is written to since.
    case recordOfOutsider(endpoint: String, datastoreID: String)
    /// It is the primary, and another one is being made, so that it may not be for long.
    case underWay(groupID: String, status: String)
    /// It could not be read; why.
    case unknown(String)
}

extension PrimaryStanding {
    /// By the global datastore as this region's ElastiCache tells of it.
    ///
    /// - Parameters:
    ///   - groupID: of the own replication group; nil for whichever member is in the region.
    ///   - target: what the record points at; nil where that is not to count, as for who knows by the DNS that traffic
    ///     is to come here.
    package init(in datastore: GlobalReplicationGroup, region: String, groupID: String?, target: String? = nil) {
        let local = datastore.members.filter { member in
            member.region.lowercased() == region.lowercased()
                && (groupID.map { $0.lowercased() == member.replicationGroupID.lowercased() } ?? true)
        }
        let primaries = datastore.members.filter(Self.isPrimary)
        guard let member = local.first else {
            self = .notMember(datastoreID: datastore.id)
            return
        }
        if local.count > 1 || Self.isPrimary(member) && primaries.count > 1 {
            let members = local.count > 1 ? local : primaries
            self = .unclear(members: members.map { "\($0.replicationGroupID) (\($0.region))" })
        } else if !Self.isPrimary(member) {
            self = .standby(role: member.role)
        } else if let target, let group = ClusterEndpoint.group(ofPrimary: target),
            !datastore.members.contains(where: { $0.replicationGroupID.lowercased() == group })
        {
            self = .recordOfOutsider(endpoint: DNSName.normalized(target), datastoreID: datastore.id)
        } else {
            self = .primary
        }
    }

    /// By the global cluster as this region's RDS tells of it.
    package init(in group: GlobalCluster, region: String) {
        let locals = group.members.filter { $0.region == region.lowercased() }
        let writers = group.members.filter(\.isWriter)
        guard let local = locals.first else {
            self = .notMember(datastoreID: group.id)
            return
        }
        if locals.count > 1 || local.isWriter && writers.count > 1 {
            self = .unclear(members: (locals.count > 1 ? locals : writers).map(\.clusterARN))
        } else if !local.isWriter {
            self = .standby(role: "a secondary")
        } else if let state = group.failoverState {
            self = .underWay(groupID: group.id, status: state.status)
        } else {
            self = .primary
        }
    }

    private static func isPrimary(_ member: GlobalReplicationGroup.Member) -> Bool {
        member.role.lowercased() == "primary"
    }
}
