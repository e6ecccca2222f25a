/// What whoever orders a rejoin of an Aurora cluster says himself. What he leaves out is what is seen.
package struct RejoinOptions: Sendable, Equatable {
    /// The DB cluster that was detached, by its id or ARN; nil for what the history says.
    package var member: String?
    /// Of the new global cluster, where the old one is to keep its own.
    package var newID: String?
    /// Where the new secondary is made.
    package var secondaryRegion: String?
    package var secondaryID: String?
    package var subnetGroup: String?
    package var securityGroups: [String]
    package var kmsKey: String?
    package var instanceClass: String?
    /// 1 to 16, the writer of later days included.
    package var instances: Int?
    /// The old cluster of the secondary's region, to be deleted in the end, with a final snapshot.
    package var oldClusterToDelete: String?

    package static let instanceRange = 1...16

    package init(
        member: String? = nil, newID: String? = nil, secondaryRegion: String? = nil, secondaryID: String? = nil,
        subnetGroup: String? = nil, securityGroups: [String] = [], kmsKey: String? = nil, instanceClass: String? = nil,
        instances: Int? = nil, oldClusterToDelete: String? = nil
    ) {
        self.member = member
        self.newID = newID
        self.secondaryRegion = secondaryRegion
        self.secondaryID = secondaryID
        self.subnetGroup = subnetGroup
        self.securityGroups = securityGroups
        self.kmsKey = kmsKey
        self.instanceClass = instanceClass
        self.instances = instances
        self.oldClusterToDelete = oldClusterToDelete
    }
}
