package import Failover
internal import JSON

extension GlobalGroup {
    /// Whose group it is, and all in which the words for people and machines differ by that.
    package enum Kind: Sendable, Hashable, CaseIterable {
        /// ElastiCache's.
        case datastore
        /// Aurora's.
        case cluster
    }
}

extension GlobalGroup.Kind {
    private func either<Word>(_ ofElastiCache: Word, _ ofAurora: Word) -> Word {
        self == .datastore ? ofElastiCache : ofAurora
    }

    // MARK: For people

    /// As in a sentence.
    package var noun: String { either("datastore", "global cluster") }
    /// As a heading.
    package var title: String { either("Global Datastore", "Aurora global cluster") }
    /// Where there is little room.
    package var label: String { either("Datastore", "Cluster") }
    package var service: String { either("ElastiCache", "RDS") }
    /// The variable that has its id.
    package var variable: String { either("GLOBAL_DATASTORE_ID", "GLOBAL_CLUSTER_ID") }
    /// What a promotion makes of a member.
    package var primary: String { either("PRIMARY", "the writer") }
    /// What a member is that takes part in the replication.
    package var associated: String { either("associated", "connected") }
    /// What a detachment makes necessary: an order.
    package var rebuilding: String {
        either(
            "rebuild the datastore: 'promoter rejoin --plan' says how",
            "rebuild the global cluster: 'promoter rejoin' shows the steps, and carries them out with --apply")
    }
    /// What else can be the matter with a region that has no member. That a member was detached is on record only with
    /// `PAUSE_PARAMETER`.
    package var mayBeDetached: String {
        either(
            "If its member was detached, 'promoter rejoin --plan' says how to rebuild the datastore.",
            "If its cluster was detached, 'promoter rejoin' shows how to rebuild the global cluster.")
    }

    /// Whether there is a promotion that loses nothing.
    var hasSwitchover: Bool { self == .cluster }

    // MARK: For machines

    /// The member of JSON that has the group.
    package var key: String { either("globalDatastore", "globalCluster") }
    /// The member of JSON that has its id.
    package var idKey: String { key + "Id" }

    /// The operations, as policies of IAM name them.
    package var readAction: String {
        either("elasticache:DescribeGlobalReplicationGroups", "rds:DescribeGlobalClusters")
    }
    package func action(_ means: Decision.Means) -> String {
        switch means {
        case .failover: either("elasticache:FailoverGlobalReplicationGroup", "rds:FailoverGlobalCluster")
        case .switchover: either("elasticache:FailoverGlobalReplicationGroup", "rds:SwitchoverGlobalCluster")
        case .detachment: either("elasticache:DisassociateGlobalReplicationGroup", "rds:RemoveFromGlobalCluster")
        }
    }

    /// The request, in the service's own words.
    func detail(of promotion: Decision.Promotion, detaches: Bool) -> JSONValue {
        let (group, member) = (JSONValue.string(promotion.groupID), JSONValue.string(promotion.memberID))
        let region = JSONValue.string(promotion.region)
        switch (self, detaches) {
        case (.datastore, false):
            return ["GlobalReplicationGroupId": group, "PrimaryRegion": region, "PrimaryReplicationGroupId": member]
        case (.datastore, true):
            return ["GlobalReplicationGroupId": group, "ReplicationGroupId": member, "ReplicationGroupRegion": region]
        case (.cluster, false): return ["GlobalClusterIdentifier": group, "TargetDbClusterIdentifier": member]
        case (.cluster, true): return ["GlobalClusterIdentifier": group, "DbClusterIdentifier": member]
        }
    }

    /// By what the request names a member.
    var memberKey: String { either("ReplicationGroupId", "DbClusterIdentifier") }
}
