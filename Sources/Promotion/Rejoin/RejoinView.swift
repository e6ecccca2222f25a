package import AWSClient
package import Failover

/// All that was seen in one look, before a rejoin of an Aurora cluster goes one step further. Nothing of a rejoin is kept
/// anywhere else: where it stands is what is seen.
package struct RejoinView: Sendable, Equatable {
    package enum Region: Sendable, Equatable {
        case answers(clusters: [DBCluster], instances: [DBInstance])
        /// Why it could not be looked at.
        case silent(String)
    }

    /// `GLOBAL_CLUSTER_ID`.
    package var groupID: String
    /// Where the detached cluster is.
    package var region: String
    package var globalClusters: [GlobalCluster]
    /// Of the own region.
    package var clusters: [DBCluster]
    package var instances: [DBInstance]
    /// Of the region that the roles name; nil before it was looked at, or where none is known.
    package var other: Region?
    package var active: ActiveRegion
    /// The regions that the records lead to.
    package var recordRegions: [String]
    /// The member that was detached, as the history has it.
    package var recordedMember: String?

    package init(
        groupID: String, region: String, globalClusters: [GlobalCluster] = [], clusters: [DBCluster] = [],
        instances: [DBInstance] = [], other: Region? = nil, active: ActiveRegion = .notAsked,
        recordRegions: [String] = [], recordedMember: String? = nil
    ) {
        self.groupID = groupID
        self.region = region
        self.globalClusters = globalClusters
        self.clusters = clusters
        self.instances = instances
        self.other = other
        self.active = active
        self.recordRegions = recordRegions
        self.recordedMember = recordedMember
    }
}
