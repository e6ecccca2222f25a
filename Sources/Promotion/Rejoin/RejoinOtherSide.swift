internal import AWSClient

/// What there is in the region of the secondary.
struct RejoinOtherSide {
    /// The cluster that was the writer before, with data that nobody wants any more; nil where it is gone.
    let old: DBCluster?
    let oldInstances: [DBInstance]
    /// That the new secondary is to have, or has; nil where nothing says one.
    let secondaryID: String?
    let secondary: DBCluster?
    let secondaryMember: GlobalCluster.Member?
    /// Without those that are on their way out.
    let secondaryInstances: [DBInstance]
    /// Another cluster that has the id which the secondary is to have.
    let namesake: DBCluster?

    init(
        _ clusters: [DBCluster], _ instances: [DBInstance], _ roles: RejoinRoles, _ options: RejoinOptions
    ) {
        func cluster(_ id: String?) -> DBCluster? {
            id.flatMap { id in clusters.first { $0.id.lowercased() == id.lowercased() } }
        }
        func those(of cluster: DBCluster?) -> [DBInstance] {
            guard let cluster else { return [] }
            return instances.filter { $0.clusterID?.lowercased() == cluster.id.lowercased() }.sorted { $0.id < $1.id }
        }
        let member = roles.target?.members.first { $0.region == roles.otherRegion }
        let oldID = roles.oldMember.map { Self.id(ofARN: $0.clusterARN) }
        let old = roles.oldMember.flatMap { member in clusters.first { $0.arn == member.clusterARN } }
        let planned = options.secondaryID?.lowercased() ?? oldID.map { old == nil ? $0 : "\($0)-rejoined" }
        // AWS may show a new cluster before it shows it among the members.
        func belongs(_ cluster: DBCluster) -> Bool {
            cluster.arn == member?.clusterARN || cluster.globalClusterID?.lowercased() == roles.targetID
                || cluster.replicationSource.map { $0 == roles.own?.arn } == true
        }
        let named = cluster(planned)
        let secondary =
            member.flatMap { member in clusters.first { $0.arn == member.clusterARN } }
            ?? named.flatMap { belongs($0) ? $0 : nil }
        secondaryID = secondary?.id ?? planned
        self.secondary = secondary
        secondaryMember = member
        secondaryInstances = those(of: secondary).filter { $0.status != "deleting" }
        namesake = secondary == nil ? named : nil
        // In the middle of its deletion it is no member any more.
        let leaving = cluster(options.oldClusterToDelete).flatMap { $0.id == secondary?.id ? nil : $0 }
        self.old = old ?? leaving
        oldInstances = those(of: self.old)
    }

    static func id(ofARN arn: String) -> String {
        arn.lastIndex(of: ":").map { String(arn[arn.index(after: $0)...]) } ?? arn
    }
}
