package import AWSClient
package import EndpointRecords

/// What the keeper of a group's records needs of the service that owns the group.
package protocol PrimarySource: Sendable {
    var groupID: String { get }

    /// The member of the own region; nil where there is none.
    func memberID(deadline: ContinuousClock.Instant) async throws -> String?

    /// nil for one that it has none of yet.
    func endpoints(
        ofMember id: String, deadline: ContinuousClock.Instant
    ) async throws -> (primary: String?, readers: String?)

    /// Whether the member of the own region is the primary, as of now.
    ///
    /// - Parameter isDetached: whether it has left the group, as far as is known.
    func standing(isDetached: Bool, deadline: ContinuousClock.Instant) async throws -> PrimaryStanding
}

/// A Global Datastore of ElastiCache.
package struct DatastorePrimary: PrimarySource {
    package let groupID: String
    private let region: String
    private let service: any ClusterService

    package init(groupID: String, region: String, service: any ClusterService) {
        self.groupID = groupID
        self.region = region
        self.service = service
    }

    package func memberID(deadline: ContinuousClock.Instant) async throws -> String? {
        let datastore = try await service.describeGlobalReplicationGroup(id: groupID, deadline: deadline)
        return datastore.members.first { $0.region.lowercased() == region }?.replicationGroupID
    }

    package func endpoints(
        ofMember id: String, deadline: ContinuousClock.Instant
    ) async throws -> (primary: String?, readers: String?) {
        let group = try await service.describeReplicationGroup(id: id, deadline: deadline)
        // Those of its replicas are the module endpoints'.
        return (ClusterView(group).primaryEndpoint, nil)
    }

    package func standing(isDetached: Bool, deadline: ContinuousClock.Instant) async throws -> PrimaryStanding {
        guard !isDetached else { return .primary }
        let datastore = try await service.describeGlobalReplicationGroup(id: groupID, deadline: deadline)
        return PrimaryStanding(in: datastore, region: region, groupID: nil)
    }
}

/// What the records of a global cluster need of RDS, of the region that they are for.
package protocol GlobalClusterService: Sendable {
    /// - Throws: an `AWSError` with the code `.notFound` where there is none of this id; so does the other.
    func describeGlobalCluster(id: String, deadline: ContinuousClock.Instant) async throws -> GlobalCluster

    /// - Parameter id: its identifier or its ARN.
    func describeDBCluster(id: String, deadline: ContinuousClock.Instant) async throws -> DBCluster
}

extension RDS: GlobalClusterService {}

/// An Aurora global cluster.
package struct GlobalClusterPrimary: PrimarySource {
    package let groupID: String
    private let region: String
    private let service: any GlobalClusterService

    package init(groupID: String, region: String, service: any GlobalClusterService) {
        self.groupID = groupID
        self.region = region
        self.service = service
    }

    package func memberID(deadline: ContinuousClock.Instant) async throws -> String? {
        let group = try await service.describeGlobalCluster(id: groupID, deadline: deadline)
        return group.members.first { $0.region == region }?.clusterARN
    }

    package func endpoints(
        ofMember id: String, deadline: ContinuousClock.Instant
    ) async throws -> (primary: String?, readers: String?) {
        let cluster = try await service.describeDBCluster(id: id, deadline: deadline)
        return (cluster.endpoint, cluster.readerEndpoint)
    }

    /// One that has left is the writer by itself, unless somebody has brought it back: then it is what it is there.
    package func standing(isDetached: Bool, deadline: ContinuousClock.Instant) async throws -> PrimaryStanding {
        let group: GlobalCluster
        do {
            group = try await service.describeGlobalCluster(id: groupID, deadline: deadline)
        } catch let error as AWSError where isDetached && error.code == .notFound {
            // AWS need not show it to a region that has no member of it.
            return .primary
        }
        let standing = PrimaryStanding(in: group, region: region)
        if isDetached, case .notMember = standing { return .primary }
        return standing
    }
}
