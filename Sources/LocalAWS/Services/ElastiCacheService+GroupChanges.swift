/// The operations that change replication groups and their nodes.
extension ElastiCacheService {
    /// - Returns: the group as it is now.
    func changed(_ call: ServiceCall) throws(AWSFailure) -> ReplicationGroup {
        let key = ReplicationGroup.Key(region: call.region, id: try call.required("ReplicationGroupId").lowercased())
        switch call.operation {
        case "CreateReplicationGroup": try create(key, call)
        case "ModifyReplicationGroup": try modify(key, call)
        case "TestFailover": try testFailover(key, call)
        case "IncreaseReplicaCount": try increase(key, call)
        default: try decrease(key, call)
        }
        guard let group = world.snapshot.replicationGroups[key] else { throw World.noGroup(key.id) }
        return group
    }

    /// Parameters that would change nothing here are read over.
    private func create(_ key: ReplicationGroup.Key, _ call: ServiceCall) throws(AWSFailure) {
        guard ReplicationGroup.isID(key.id) else {
            throw Self.invalid("The parameter ReplicationGroupId is not a valid identifier: \(key.id)")
        }
        _ = try call.required("ReplicationGroupDescription")
        guard call.parameters["GlobalReplicationGroupId"] == nil else {
            throw Self.invalid("local-aws adds no members to global datastores; give no GlobalReplicationGroupId.")
        }
        let shards = try call.number("NumNodeGroups", in: 1...500) ?? 1
        var options = ReplicationGroup.Options()
        options.clusterMode =
            shards > 1 || call.parameters["ClusterMode"] == "enabled"
            || call.parameters["CacheParameterGroupName"]?.hasSuffix(".cluster.on") == true
        options.tls = try call.flag("TransitEncryptionEnabled") ?? false
        options.automaticFailover = try call.flag("AutomaticFailoverEnabled") ?? false
        options.multiAZ = try call.flag("MultiAZEnabled") ?? false
        options.port = try call.number("Port", in: 1...65_535) ?? options.port
        let nodes = try call.number("NumCacheClusters", in: 1...(1 + ReplicationGroup.mostReplicas))
        let each = try call.number("ReplicasPerNodeGroup", in: 0...ReplicationGroup.mostReplicas)
        let replicas = each ?? nodes.map { $0 - 1 } ?? 0
        if options.clusterMode, !options.automaticFailover {
            throw Self.invalid("Redis with cluster mode enabled cannot be created with auto failover turned off.")
        }
        if !options.clusterMode, options.automaticFailover, replicas == 0 {
            throw Self.invalid("When using automatic failover, there must be at least 2 cache clusters.")
        }
        guard shards * (1 + replicas) <= ReplicationGroup.mostNodes else {
            throw AWSFailure(
                400, "NodeQuotaForClusterExceeded",
                "\(key.id) would have more than \(ReplicationGroup.mostNodes) nodes."
            )
        }
        var group = ReplicationGroup(
            id: key.id, region: key.region, shards: shards, replicas: replicas, options: options
        )
        group.topicARN = try topic(call)
        group.isCreating = true
        for shard in group.shards.indices {
            for node in group.shards[shard].nodes.indices { group.shards[shard].nodes[node].status = .creating }
        }
        try world.create(group)
    }

    private func modify(_ key: ReplicationGroup.Key, _ call: ServiceCall) throws(AWSFailure) {
        let topic = try topic(call)
        let topicStatus = call.parameters["NotificationTopicStatus"]
        if let topicStatus, !["active", "inactive"].contains(topicStatus) {
            throw Self.invalid("NotificationTopicStatus must be active or inactive, not \(topicStatus).")
        }
        let (automaticFailover, multiAZ) = (
            try call.flag("AutomaticFailoverEnabled"), try call.flag("MultiAZEnabled")
        )
        let primary = call.parameters["PrimaryClusterId"]
        let failover = try world.operate(key) { group throws(AWSFailure) -> ReplicationGroup.Failover? in
            group.options.automaticFailover = automaticFailover ?? group.options.automaticFailover
            group.options.multiAZ = multiAZ ?? group.options.multiAZ
            if !group.options.automaticFailover, group.options.clusterMode || group.options.multiAZ {
                throw AWSFailure(
                    400, "InvalidParameterCombination",
                    "Turning off automatic failover is not supported with cluster mode, or with Multi-AZ, enabled."
                )
            }
            if let topic { (group.topicARN, group.topicIsActive) = (topic, true) }
            if let topicStatus { group.topicIsActive = topicStatus == "active" }
            guard let primary, primary != group.shards.first?.primary?.id else { return nil }
            // To be disabled first, by the user guide.
            guard !group.options.automaticFailover else {
                throw AWSFailure(
                    400, "InvalidParameterCombination",
                    "A replica of \(group.id) cannot be promoted while automatic failover is enabled."
                )
            }
            guard group.nodes.contains(where: { $0.id == primary }) else {
                throw AWSFailure(404, "CacheClusterNotFound", "\(primary) is no node of \(group.id).")
            }
            return try group.startFailover(ofShard: nil, to: primary)
        }
        if let failover { world.follow(failover, of: key, because: .request) }
    }

    private func testFailover(_ key: ReplicationGroup.Key, _ call: ServiceCall) throws(AWSFailure) {
        let shard = try call.required("NodeGroupId")
        let failover = try world.operate(key) { group throws(AWSFailure) in
            guard group.options.automaticFailover else {
                throw ReplicationGroup.invalidState("Automatic failover of replication group \(group.id) is disabled.")
            }
            return try group.startFailover(ofShard: shard)
        }
        world.follow(failover, of: key, because: .test)
    }

    private func increase(_ key: ReplicationGroup.Key, _ call: ServiceCall) throws(AWSFailure) {
        try Self.applyImmediately(call)
        let added = try world.operate(key) { group throws(AWSFailure) in
            try group.startAdding(upTo: try Self.counts(call, group))
        }
        world.followAdding(added, to: key)
    }

    private func decrease(_ key: ReplicationGroup.Key, _ call: ServiceCall) throws(AWSFailure) {
        try Self.applyImmediately(call)
        let named = call.list("ReplicasToRemove")
        let removed = try world.operate(key) { group throws(AWSFailure) in
            guard !named.isEmpty else { return try group.startRemoving(downTo: try Self.counts(call, group)) }
            try group.startRemoving(named)
            return named
        }
        world.followRemoving(removed, from: key)
    }

    private static func applyImmediately(_ call: ServiceCall) throws(AWSFailure) {
        guard try call.flag("ApplyImmediately") == true else {
            throw invalid("ApplyImmediately must be true: false is not currently supported.")
        }
    }

    /// The numbers of replicas that are wanted, by shard.
    private static func counts(_ call: ServiceCall, _ group: ReplicationGroup) throws(AWSFailure) -> [String: Int] {
        var counts: [String: Int] = [:]
        let range = 0...ReplicationGroup.mostReplicas
        if let count = try call.number("NewReplicaCount", in: range) {
            for shard in group.shards { counts[shard.id] = count }
        }
        var number = 1
        while let shard = call.parameters["ReplicaConfiguration.ConfigureShard.\(number).NodeGroupId"] {
            counts[shard] = try call.number(
                "ReplicaConfiguration.ConfigureShard.\(number).NewReplicaCount", in: range)
            number += 1
        }
        guard !counts.isEmpty else {
            throw invalid("Either NewReplicaCount or ReplicaConfiguration must be provided.")
        }
        return counts
    }

    /// "The Amazon SNS topic has to be in the same Region as the ElastiCache cluster."
    private func topic(_ call: ServiceCall) throws(AWSFailure) -> String? {
        guard let arn = call.parameters["NotificationTopicArn"], !arn.isEmpty else { return nil }
        guard world.snapshot.topics[arn] != nil, arn.split(separator: ":").dropFirst(3).first ?? "" == call.region
        else {
            throw Self.invalid("There is no topic \(arn) in \(call.region).")
        }
        return arn
    }

    private static func invalid(_ message: String) -> AWSFailure { AWSFailure(400, "InvalidParameterValue", message) }
}
