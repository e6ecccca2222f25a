import Foundation

/// Aurora: global clusters, which show in every region, and in extensions the clusters and instances of a region.
struct RDSService: QueryService {
    let name = "rds"
    let namespace = "http://rds.amazonaws.com/doc/2014-10-31/"
    let version = "2014-10-31"
    let operations: Set<String> = [
        "DescribeGlobalClusters", "FailoverGlobalCluster", "SwitchoverGlobalCluster", "RemoveFromGlobalCluster",
        "CreateGlobalCluster", "DeleteGlobalCluster", "DescribeDBClusters", "DescribeDBInstances", "CreateDBCluster",
        "ModifyDBCluster", "DeleteDBCluster", "CreateDBInstance", "DeleteDBInstance", "ModifyGlobalCluster",
        "DescribeDBClusterSnapshots",
    ]

    let world: World

    func result(of call: ServiceCall, into xml: inout XML) throws {
        switch call.operation {
        case "DescribeGlobalClusters": try describeGlobalClusters(call, into: &xml)
        case "DescribeDBClusters": try describeClusters(call, into: &xml)
        case "DescribeDBInstances": try describeInstances(call, into: &xml)
        case "DescribeDBClusterSnapshots": try describeSnapshots(call, into: &xml)
        case "CreateDBInstance", "DeleteDBInstance":
            let (instance, cluster) = try changedInstance(call)
            xml.element("DBInstance") { Self.write(instance, of: cluster, into: &$0) }
        case "CreateDBCluster", "ModifyDBCluster", "DeleteDBCluster":
            let cluster = try changedCluster(call)
            xml.element("DBCluster") { Self.write(cluster, in: world.snapshot, into: &$0) }
        default:
            let group = try changedGlobalCluster(call)
            xml.element("GlobalCluster") { Self.write(group, into: &$0) }
        }
    }

    // MARK: Global clusters

    private func describeGlobalClusters(_ call: ServiceCall, into xml: inout XML) throws {
        let filters = try Self.filters(call, known: ["region"])
        let all = world.snapshot.globalClusters.values.sorted { $0.id < $1.id }.filter { group in
            filters["region"].map { $0.contains { region in group.members.contains { $0.cluster.region == region } } }
                ?? true
        }
        let only = try call.parameters["GlobalClusterIdentifier"].map { id throws(AWSFailure) in
            try world.snapshot.knownGlobalCluster(id.lowercased())
        }
        let page = try ElastiCacheService.page(all, only: only, of: call)
        xml.element("Marker", page.marker)
        xml.element("GlobalClusters") { xml in
            // The model's own name for the members of this list.
            for group in page.groups { xml.element("GlobalClusterMember") { Self.write(group, into: &$0) } }
        }
    }

    /// - Returns: the global cluster as it is now.
    private func changedGlobalCluster(_ call: ServiceCall) throws(AWSFailure) -> GlobalCluster {
        let id = try call.required("GlobalClusterIdentifier").lowercased()
        switch call.operation {
        case "FailoverGlobalCluster":
            let (loss, switchover) = (try call.flag("AllowDataLoss"), try call.flag("Switchover"))
            guard loss == nil || switchover == nil else {
                throw Self.invalidCombination("AllowDataLoss can't be specified together with Switchover.")
            }
            return try start(loss == true ? .failover : .switchover, of: id, call)
        case "SwitchoverGlobalCluster": return try start(.switchover, of: id, call)
        case "RemoveFromGlobalCluster": return try world.detach(try Self.arn("DbClusterIdentifier", call), from: id)
        case "DeleteGlobalCluster": return try world.deleteGlobalCluster(id)
        case "ModifyGlobalCluster": return try modify(id, call)
        default: return try create(id, call)
        }
    }

    private func start(_ kind: GlobalCluster.Operation.Kind, of id: String, _ call: ServiceCall) throws(AWSFailure)
        -> GlobalCluster
    {
        try world.startOperation(kind, of: id, to: try Self.arn("TargetDbClusterIdentifier", call))
    }

    /// Another name, and whether it may be deleted.
    private func modify(_ id: String, _ call: ServiceCall) throws(AWSFailure) -> GlobalCluster {
        let name = call.parameters["NewGlobalClusterIdentifier"]?.lowercased()
        if let name { try Self.checkID(name, "NewGlobalClusterIdentifier") }
        return try world.modifyGlobalCluster(id, name: name, isProtected: try call.flag("DeletionProtection"))
    }

    private func create(_ id: String, _ call: ServiceCall) throws(AWSFailure) -> GlobalCluster {
        try Self.checkID(id, "GlobalClusterIdentifier")
        var group: GlobalCluster
        if call.parameters["SourceDBClusterIdentifier"] != nil {
            let source = try Self.arn("SourceDBClusterIdentifier", call)
            for name in ["Engine", "EngineVersion", "DatabaseName", "StorageEncrypted"]
            where call.parameters[name] != nil {
                throw Self.invalidCombination("\(name) is the source cluster's, and cannot be specified with it.")
            }
            guard source.region == call.region else { throw DBCluster.notFound(source.arn) }
            let cluster = try world.snapshot.knownCluster(source)
            group = GlobalCluster(id: id, engine: cluster.engine, engineVersion: cluster.engineVersion)
            group.databaseName = cluster.databaseName
            group.source = source
        } else {
            group = GlobalCluster(
                id: id, engine: try Self.engine(call), engineVersion: call.parameters["EngineVersion"])
            group.databaseName = call.parameters["DatabaseName"]
        }
        group.isProtected = try call.flag("DeletionProtection") ?? false
        try world.create(group)
        return group
    }

    // MARK: Parameters

    /// The cluster that a parameter names by its ARN.
    static func arn(_ name: String, _ call: ServiceCall) throws(AWSFailure) -> DBCluster.Key {
        let text = try call.required(name)
        guard let key = DBCluster.Key(arn: text) else {
            throw AWSFailure(400, "InvalidParameterValue", "\(name) must be the ARN of a DB cluster, not \(text).")
        }
        return key
    }

    static func engine(_ call: ServiceCall) throws(AWSFailure) -> DBCluster.Engine {
        let text = try call.required("Engine")
        guard let engine = DBCluster.Engine(rawValue: text) else {
            let known = DBCluster.Engine.allCases.map(\.rawValue).joined(separator: " and ")
            throw AWSFailure(400, "InvalidParameterValue", "Here are the engines \(known), not \(text).")
        }
        return engine
    }

    static func checkID(_ id: String, _ name: String) throws(AWSFailure) {
        guard DBCluster.isID(id) else {
            throw AWSFailure(400, "InvalidParameterValue", "The parameter \(name) is not a valid identifier: \(id)")
        }
    }

    /// `Filters.Filter.1.Name` and `Filters.Filter.1.Values.Value.1`.
    static func filters(_ call: ServiceCall, known: Set<String>) throws(AWSFailure) -> [String: [String]] {
        var filters: [String: [String]] = [:]
        var number = 1
        while let name = call.parameters["Filters.Filter.\(number).Name"] {
            guard known.contains(name) else {
                throw AWSFailure(400, "InvalidParameterValue", "Unrecognized filter name: \(name)")
            }
            filters[name, default: []] += list("Filters.Filter.\(number).Values.Value", call)
            number += 1
        }
        return filters
    }

    /// `NAME.1` and so on, up to the first gap.
    static func list(_ name: String, _ call: ServiceCall) -> [String] {
        (1...).lazy.map { call.parameters["\(name).\($0)"] }.prefix { $0 != nil }.compactMap(\.self)
    }

    static func invalidCombination(_ message: String) -> AWSFailure {
        AWSFailure(400, "InvalidParameterCombination", message)
    }
}
