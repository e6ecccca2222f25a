/// Clusters and instances as their own region knows them.
extension RDSService {
    // MARK: Describing

    func describeClusters(_ call: ServiceCall, into xml: inout XML) throws {
        let state = world.snapshot
        let filters = try Self.filters(call, known: ["db-cluster-id", "engine"])
        let all = state.dbClusters(in: call.region).filter { cluster in
            filters["db-cluster-id"].map { $0.contains(cluster.id) || $0.contains(cluster.arn) } ?? true
                && filters["engine"].map { $0.contains(cluster.engine.rawValue) } ?? true
        }
        let only = try call.parameters["DBClusterIdentifier"].map { id throws(AWSFailure) in
            try state.knownCluster(try key(id, call))
        }
        let page = try ElastiCacheService.page(all, only: only, of: call)
        xml.element("Marker", page.marker)
        xml.element("DBClusters") { xml in
            for cluster in page.groups { xml.element("DBCluster") { Self.write(cluster, in: state, into: &$0) } }
        }
    }

    private struct Instance: Identifiable {
        let cluster: DBCluster
        let instance: DBCluster.Instance
        var id: String { instance.id }
    }

    func describeInstances(_ call: ServiceCall, into xml: inout XML) throws {
        let filters = try Self.filters(call, known: ["db-cluster-id", "db-instance-id"])
        let all = world.snapshot.dbClusters(in: call.region).filter { cluster in
            filters["db-cluster-id"].map { $0.contains(cluster.id) || $0.contains(cluster.arn) } ?? true
        }
        .flatMap { cluster in cluster.instances.map { Instance(cluster: cluster, instance: $0) } }
        .filter { instance in filters["db-instance-id"].map { $0.contains(instance.id) } ?? true }
        .sorted { $0.id < $1.id }
        let only = try call.parameters["DBInstanceIdentifier"].map { id throws(AWSFailure) in
            guard let instance = all.first(where: { $0.id == id.lowercased() }) else { throw World.noInstance(id) }
            return instance
        }
        let page = try ElastiCacheService.page(all, only: only, of: call)
        xml.element("Marker", page.marker)
        xml.element("DBInstances") { xml in
            for one in page.groups {
                xml.element("DBInstance") { Self.write(one.instance, of: one.cluster, into: &$0) }
            }
        }
    }

    func describeSnapshots(_ call: ServiceCall, into xml: inout XML) throws {
        let all = world.snapshot.dbClusterSnapshots.values.filter { snapshot in
            snapshot.cluster.region == call.region
                && call.parameters["DBClusterIdentifier"].map { $0.lowercased() == snapshot.cluster.id } ?? true
        }
        .sorted { $0.id < $1.id }
        let only = try call.parameters["DBClusterSnapshotIdentifier"].map { id throws(AWSFailure) in
            guard let snapshot = all.first(where: { $0.id == id.lowercased() }) else {
                throw DBClusterSnapshot.notFound(id)
            }
            return snapshot
        }
        let page = try ElastiCacheService.page(all, only: only, of: call)
        xml.element("Marker", page.marker)
        xml.element("DBClusterSnapshots") { xml in
            for snapshot in page.groups { xml.element("DBClusterSnapshot") { Self.write(snapshot, into: &$0) } }
        }
    }

    /// By id, whatever the case, or by ARN.
    private func key(_ text: String, _ call: ServiceCall) throws(AWSFailure) -> DBCluster.Key {
        guard text.hasPrefix("arn:") else { return DBCluster.Key(region: call.region, id: text.lowercased()) }
        guard let key = DBCluster.Key(arn: text), key.region == call.region else { throw DBCluster.notFound(text) }
        return key
    }

    // MARK: Changing

    /// - Returns: the cluster as it is now.
    func changedCluster(_ call: ServiceCall) throws(AWSFailure) -> DBCluster {
        let key = try key(try call.required("DBClusterIdentifier"), call)
        switch call.operation {
        case "CreateDBCluster": return try create(key, call)
        case "ModifyDBCluster": return try modify(key, call)
        default:
            let (skips, snapshot) = (
                try call.flag("SkipFinalSnapshot") ?? false, call.parameters["FinalDBSnapshotIdentifier"]
            )
            guard skips == (snapshot == nil) else {
                throw Self.invalidCombination("Give either SkipFinalSnapshot or a FinalDBSnapshotIdentifier.")
            }
            if let snapshot { try Self.checkID(snapshot, "FinalDBSnapshotIdentifier") }
            return try world.deleteCluster(key, snapshot: snapshot?.lowercased())
        }
    }

    /// Parameters that would change nothing here are read over.
    private func create(_ key: DBCluster.Key, _ call: ServiceCall) throws(AWSFailure) -> DBCluster {
        try Self.checkID(key.id, "DBClusterIdentifier")
        var cluster = DBCluster(id: key.id, region: key.region, engine: try Self.engine(call), instances: 0)
        let id = call.parameters["GlobalClusterIdentifier"]?.lowercased()
        let group = try id.map { id throws(AWSFailure) in try world.snapshot.knownGlobalCluster(id) }
        cluster.engineVersion = call.parameters["EngineVersion"] ?? group?.engineVersion ?? cluster.engineVersion
        cluster.port = try call.number("Port", in: 1150...65_535) ?? cluster.port
        cluster.subnetGroup = call.parameters["DBSubnetGroupName"] ?? cluster.subnetGroup
        cluster.parameterGroup = call.parameters["DBClusterParameterGroupName"]
        cluster.keyARN = call.parameters["KmsKeyId"] ?? cluster.keyARN
        let groups = Self.list("VpcSecurityGroupIds.VpcSecurityGroupId", call)
        if !groups.isEmpty { cluster.securityGroups = groups }
        cluster.isProtected = try call.flag("DeletionProtection") ?? false
        cluster.databaseName = call.parameters["DatabaseName"] ?? group?.databaseName
        let isSecondary = group.map { $0.writer != nil || $0.source != nil } ?? false
        let managesPassword = try call.flag("ManageMasterUserPassword") == true
        if isSecondary {
            for name in ["MasterUsername", "MasterUserPassword", "DatabaseName"] where call.parameters[name] != nil {
                throw Self.invalidCombination("Cannot specify \(name) for a cross region replication cluster.")
            }
        } else {
            _ = try call.required("MasterUsername")
            if !managesPassword { _ = try call.required("MasterUserPassword") }
        }
        try world.create(cluster, in: id)
        return try world.snapshot.knownCluster(key)
    }

    /// Another name, and whether it may be deleted.
    private func modify(_ key: DBCluster.Key, _ call: ServiceCall) throws(AWSFailure) -> DBCluster {
        let protection = try call.flag("DeletionProtection")
        var name = call.parameters["NewDBClusterIdentifier"]?.lowercased()
        if let name { try Self.checkID(name, "NewDBClusterIdentifier") }
        // It would wait for the maintenance window, which never comes here.
        if try call.flag("ApplyImmediately") != true { name = nil }
        try world.operate { state throws(AWSFailure) in
            _ = try state.available(key)
            if let protection { state.dbClusters[key]?.isProtected = protection }
        }
        guard let name, name != key.id else { return try world.snapshot.knownCluster(key) }
        return try world.rename(key, to: name)
    }

    /// - Returns: the instance, and its cluster, as they are now.
    func changedInstance(_ call: ServiceCall) throws(AWSFailure) -> (DBCluster.Instance, DBCluster) {
        let id = try call.required("DBInstanceIdentifier").lowercased()
        let cluster: DBCluster
        if call.operation == "DeleteDBInstance" {
            guard call.parameters["FinalDBSnapshotIdentifier"] == nil else {
                throw Self.invalidCombination("The snapshot of an Aurora instance is that of its cluster.")
            }
            cluster = try world.deleteInstance(id, in: call.region)
        } else {
            try Self.checkID(id, "DBInstanceIdentifier")
            let key = try key(try call.required("DBClusterIdentifier"), call)
            let owner = try world.snapshot.knownCluster(key)
            guard try Self.engine(call) == owner.engine else {
                throw Self.invalidCombination("The engine of cluster \(key.id) is \(owner.engine.rawValue).")
            }
            let instance = owner.newInstance(
                id, class: try call.required("DBInstanceClass"), zone: call.parameters["AvailabilityZone"])
            try world.create(instance, in: key)
            cluster = try world.snapshot.knownCluster(key)
        }
        guard let instance = cluster.instances.first(where: { $0.id == id }) else { throw World.noInstance(id) }
        return (instance, cluster)
    }
}
