/// What an invocation of the function is about. Events are hints that something has happened; what, the cluster itself
/// tells. See "Event notifications and Amazon SNS" in the user guide of ElastiCache.
package enum ClusterNotice: Sendable, Equatable {
    /// Of SNS, which can bring several.
    case messages([Message])
    /// A schedule of EventBridge.
    case schedule
    /// An event of ElastiCache that EventBridge brought: its `detail-type`.
    case bridged(String, names: ClusterNames)
    /// An event of another source that EventBridge brought.
    case otherSource(String, detailType: String)
    /// Invoked by hand, or by something that sends whatever it likes.
    case direct
    case unreadable(reason: Unreadable)

    package enum Message: Sendable, Equatable {
        case event(Event)
        /// SNS, or who set it up, tries whether messages arrive.
        case test
        /// Not ElastiCache's; how it begins.
        case other(String)
        case unreadable(Unreadable)
    }

    /// An event of a cluster.
    package struct Event: Sendable, Equatable {
        /// Without `ElastiCache:` before it, as in `FailoverComplete`.
        package var name: String
        package var names: ClusterNames

        package init(name: String, names: ClusterNames) {
            self.name = name
            self.names = names
        }
    }

    package enum Unreadable: Sendable, Equatable {
        /// Of another kind than an object; which.
        case notAnObject(String)
        case noRecords
        case tooManyRecords(Int)
        /// A record without a message of SNS; its source, as it names it.
        case noMessage(source: String?)
        case messageTooLong(bytes: Int)
        /// The message begins like JSON, and is none.
        case notJSON(String)
    }
}

/// What an event says that it is about. AWS names groups and nodes in several places, not all of them in each event.
package struct ClusterNames: Sendable, Equatable {
    /// `Replication Group ID`.
    package var group: String?
    /// Of nodes or groups: the value of the event, `Cache Cluster ID`, resources.
    package var others: [String]

    package init(group: String? = nil, others: [String] = []) {
        self.group = group
        self.others = others
    }

    /// Whether it names this group, or does not say which. Too often is harmless.
    ///
    /// - Parameter groupID: in any case.
    package func mayConcern(_ groupID: String) -> Bool {
        let groupID = groupID.lowercased()
        if let group { return group.lowercased() == groupID }
        // Where it went wrong, the value of the event can be a sentence.
        let others = others.filter { !$0.utf8.contains(UInt8(ascii: " ")) }
        guard !others.isEmpty else { return true }
        return others.contains { name in
            let name = name.lowercased()
            return name == groupID || name.hasPrefix("\(groupID)-")
        }
    }
}

extension ClusterNames {
    fileprivate func mayConcern(_ groupID: String, _ datastoreID: String?) -> Bool {
        mayConcern(groupID) || datastoreID.map(mayConcern) ?? false
    }
}

extension ClusterNotice {
    /// What to do about it.
    package enum Response: Sendable, Equatable {
        case reconcile
        /// Nothing in it is about this cluster; why, of each message.
        case ignore([Reason])
    }

    package enum Reason: Sendable, Equatable {
        case otherGroup(event: String, names: ClusterNames)
        /// An event that this version does not know.
        case unknownEvent(String)
        case otherSource(String, detailType: String)
        case test
        case otherMessage(String)
        case unreadable(Unreadable)
    }

    /// - Parameters:
    ///   - groupID: nil where any group's events count.
    ///   - datastoreID: of the global datastore, whose events count as well.
    package func response(for groupID: String?, datastoreID: String? = nil) -> Response {
        switch self {
        case .schedule, .direct: return .reconcile
        case .otherSource(let source, let type): return .ignore([.otherSource(source, detailType: type)])
        case .unreadable(let reason): return .ignore([.unreadable(reason)])
        case .bridged(let type, let names):
            guard let groupID, !names.mayConcern(groupID, datastoreID) else { return .reconcile }
            return .ignore([.otherGroup(event: type, names: names)])
        case .messages(let messages):
            var reasons: [Reason] = []
            for message in messages {
                guard let reason = message.reasonToIgnore(for: groupID, datastoreID) else { return .reconcile }
                reasons.append(reason)
            }
            return .ignore(reasons)
        }
    }
}

extension ClusterNotice.Message {
    /// nil where it is a reason to look at the cluster.
    fileprivate func reasonToIgnore(for groupID: String?, _ datastoreID: String?) -> ClusterNotice.Reason? {
        switch self {
        case .test: return .test
        case .other(let beginning): return .otherMessage(beginning)
        case .unreadable(let why): return .unreadable(why)
        case .event(let event):
            if let groupID, !event.names.mayConcern(groupID, datastoreID) {
                return .otherGroup(event: event.name, names: event.names)
            }
            return event.isKnown ? nil : .unknownEvent(event.name)
        }
    }
}

extension ClusterNotice.Event {
    /// Whether it is one of those that ElastiCache is known to send.
    package var isKnown: Bool { Self.known.contains(name) }

    private static let known: Set<String> = [
        "AddCacheNodeComplete", "AddCacheNodeFailed", "RemoveCacheNodeComplete", "CacheNodeReplaceStarted",
        "CacheNodeReplaceComplete", "CacheNodesRebooted", "NodeReplacementScheduled", "NodeReplacementRescheduled",
        "NodeReplacementCanceled", "CacheClusterParametersChanged", "CacheClusterProvisioningComplete",
        "CacheClusterProvisioningFailed", "CacheClusterScalingComplete", "CacheClusterScalingFailed",
        "CacheClusterSecurityGroupModified", "DeleteCacheClusterComplete", "CreateReplicationGroupComplete",
        "CreateReplicationGroupFailed", "FailoverComplete", "TestFailoverApiCalled",
        "ReplicationGroupIncreaseReplicaCountStarted", "ReplicationGroupIncreaseReplicaCountFinished",
        "ReplicationGroupDecreaseReplicaCountStarted", "ReplicationGroupDecreaseReplicaCountFinished",
        "ReplicationGroupScalingComplete", "ReplicationGroupScalingFailed", "ReplicationGroupPromotedAsPrimary",
        "CertificateRenewalComplete", "ServiceUpdateAvailableForNode", "SnapshotComplete", "SnapshotFailed",
    ]
}
