/// A global cluster in the control API's JSON.
struct GlobalClusterForm: Encodable {
    struct Member: Encodable {
        let cluster: String
        let region: String
        let arn: String
        let writer: Bool
        let connected: Bool
    }

    struct Operation: Encodable {
        let kind: String
        let status: String
        let from: String
        let to: String
        let stalled: Bool
    }

    let id: String
    let status: String
    let engine: String
    let endpoint: String
    let failovers: FailoverBehavior
    /// null: CloudWatch has no datapoints.
    let lagMilliseconds: Double?
    let members: [Member]
    /// null: none is under way.
    let operation: Operation?

    init(_ group: GlobalCluster) {
        id = group.id
        status = group.status
        engine = group.engine.rawValue
        endpoint = group.endpoint
        failovers = group.failoverBehavior
        lagMilliseconds = group.lag
        members = group.members.map {
            Member(
                cluster: $0.cluster.id, region: $0.cluster.region, arn: $0.cluster.arn, writer: $0.isWriter,
                connected: $0.isConnected)
        }
        operation = group.operation.map {
            Operation(
                kind: $0.kind.rawValue, status: $0.status, from: $0.from.region, to: $0.to.region,
                stalled: $0.isStalled)
        }
    }
}

/// A DB cluster in the control API's JSON.
struct DBClusterForm: Encodable {
    struct Instance: Encodable {
        let id: String
        let status: String
        let writer: Bool
        let endpoint: String?
    }

    let id: String
    let region: String
    let status: String
    /// nil: it stands alone.
    let globalCluster: String?
    let takesWrites: Bool
    let endpoint: String
    let readerEndpoint: String
    let port: Int
    let instances: [Instance]

    init(_ cluster: DBCluster, in world: WorldState) {
        id = cluster.id
        region = cluster.region
        status = world.status(of: cluster)
        globalCluster = world.globalCluster(of: cluster.key)?.id
        takesWrites = cluster.takesWrites
        endpoint = cluster.endpoint
        readerEndpoint = cluster.readerEndpoint
        port = cluster.port
        instances = cluster.instances.map {
            Instance(
                id: $0.id, status: $0.status.rawValue, writer: $0.id == cluster.writer?.id,
                endpoint: cluster.endpoint(of: $0))
        }
    }
}

/// All but the id and the regions may be left out.
struct NewGlobalClusterForm: Decodable {
    let id: String
    /// The first one is the primary's.
    let regions: [String]
    let engine: DBCluster.Engine?
    /// Of each cluster; null or missing: one.
    let instances: Int?
}

struct AuroraLagForm: Decodable {
    /// null or missing: no datapoints.
    let milliseconds: Double?
}
