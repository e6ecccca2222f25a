package import AWSClient

/// Who is who in a rejoin, as far as it is seen: which cluster keeps its data, which global cluster is the old one, and
/// where the new secondary belongs.
package struct RejoinRoles: Sendable, Equatable {
    /// Of the global cluster as it is to be.
    package let targetID: String
    /// What the old one is called when it is out of the way; it is that already where the new one has another id.
    package let setAsideID: String
    /// The detached cluster, whose data is kept; nil where nobody names it, or it is not there.
    package let own: DBCluster?
    /// By what it was looked for.
    package let wanted: String?
    /// The global cluster that has it now.
    package let holder: GlobalCluster?
    /// The new global cluster: with the own one in it, or about to have it.
    package let target: GlobalCluster?
    /// Where the old primary was left behind.
    package let old: GlobalCluster?
    /// A global cluster that has the wanted id and is neither.
    package let obstacle: GlobalCluster?
    /// Where the secondary is, or is to be made.
    package let otherRegion: String?
    /// What the old global cluster has there.
    package let oldMember: GlobalCluster.Member?

    package init(_ view: RejoinView, _ options: RejoinOptions) {
        func cluster(_ id: String) -> GlobalCluster? {
            view.globalClusters.first { $0.id.lowercased() == id.lowercased() }
        }
        let groupID = view.groupID.lowercased()
        let targetID = options.newID?.lowercased() ?? groupID
        let setAsideID = targetID == groupID ? "\(groupID)-old" : groupID
        let candidate = cluster(targetID)
        let inTarget = candidate?.members.first { $0.region == view.region }?.clusterARN
        // The history may be of another time; who is in it already was not detached, or is in it again.
        let wanted = options.member ?? inTarget ?? view.recordedMember
        let own = wanted.flatMap { wanted in
            view.clusters.first { [$0.id.lowercased(), $0.arn?.lowercased()].contains(wanted.lowercased()) }
        }
        let holder = own?.arn.flatMap { arn in
            view.globalClusters.first { $0.members.contains { $0.clusterARN == arn } }
        }
        // It is a member when AWS has finished; until then only the status of the one or the other tells.
        let isBeingAdopted =
            candidate?.members.isEmpty == true
            && (own?.globalClusterID?.lowercased() == targetID || candidate?.status == "creating"
                || own.map { $0.status != "available" } == true)
        let target = candidate.flatMap { $0.id == holder?.id || isBeingAdopted ? $0 : nil }

        let aside = cluster(setAsideID).flatMap { $0.id == holder?.id ? nil : $0 }
        let isInTheWay = target == nil && candidate != nil
        let old = aside ?? (isInTheWay && targetID == groupID ? candidate : nil)
        obstacle = isInTheWay && (aside != nil || targetID != groupID) ? candidate : nil

        let others = old?.members.filter { $0.region != view.region } ?? []
        let rejoined = target?.members.filter { $0.region != view.region } ?? []
        let recorded = view.recordRegions.filter { $0 != view.region }
        // Of several, only one that has nothing to do with an old cluster may be any of them. What the records say comes
        // last: an application may be in more regions than its database.
        let known = rejoined.count == 1 || old == nil ? rejoined.first : nil
        otherRegion =
            options.secondaryRegion ?? (others.first(where: \.isWriter) ?? others.first ?? known)?.region
            ?? (recorded.count == 1 && rejoined.isEmpty ? recorded[0] : nil)
        let region = otherRegion
        oldMember = others.first { $0.region == region }
        self.targetID = targetID
        self.setAsideID = setAsideID
        self.own = own
        self.wanted = wanted
        self.holder = holder
        self.target = target
        self.old = old
    }
}
