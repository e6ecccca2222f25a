/// Aurora for whoever plays with it: without the API's conditions, but for what cannot be.
extension LocalAWS {
    package func globalCluster(_ id: String) -> GlobalCluster? { world.snapshot.globalClusters[id] }

    package func dbCluster(_ id: String, region: String) -> DBCluster? {
        world.snapshot.dbClusters[DBCluster.Key(region: region, id: id)]
    }

    /// As DescribeDBClusters tells it: a cluster shows what its global cluster is in the middle of.
    package func status(of cluster: DBCluster) -> String { world.snapshot.status(of: cluster) }

    /// It is there at once, in place of one of the same id and region, and has what role it had in a global cluster.
    package func put(_ cluster: DBCluster) {
        world.change { state in
            var cluster = cluster
            if let group = state.globalCluster(of: cluster.key) { cluster.takesWrites = group.writer == cluster.key }
            state.dbClusters[cluster.key] = cluster
        }
        world.updateAnswers()
    }

    /// All of it is there at once and connected, in place of a global cluster of that id.
    /// - Parameters:
    ///   - clusters: one a region; the first one is primary.
    ///   - lag: in milliseconds.
    package func putGlobalCluster(_ id: String, of clusters: [DBCluster], lag: Double? = 120) {
        world.change { state in
            var group = GlobalCluster(
                id: id, engine: clusters.first?.engine ?? .postgresql, engineVersion: clusters.first?.engineVersion)
            group.lag = lag
            for (index, cluster) in clusters.enumerated() {
                var cluster = cluster
                cluster.takesWrites = index == 0
                state.dbClusters[cluster.key] = cluster
                group.members.append(GlobalCluster.Member(cluster: cluster.key, isWriter: index == 0))
            }
            state.globalClusters[id] = group
        }
        world.updateAnswers()
    }

    /// What becomes of switchovers and failovers from now on; one that stands still ends with the change, unless a
    /// region that it needs is down.
    package func setFailoverBehavior(_ behavior: FailoverBehavior, ofGlobalCluster id: String) throws {
        guard world.setFailoverBehavior(behavior, ofGlobalCluster: id) else {
            throw LocalAWSError("There is no global cluster \(id).")
        }
    }

    /// How far its secondaries are behind; nil: CloudWatch has no datapoints of it.
    package func setLag(milliseconds: Double?, ofGlobalCluster id: String) throws {
        let isThere = world.change { state in
            state.globalClusters[id]?.lag = milliseconds
            return state.globalClusters[id] != nil
        }
        guard isThere else { throw LocalAWSError("There is no global cluster \(id).") }
    }

    // MARK: The sample world's

    /// `orders-global`, with a cluster of one instance in each region, primary in the first.
    package func putSampleGlobalCluster(
        in regions: [String] = [Sample.primaryRegion, Sample.secondaryRegion], engine: DBCluster.Engine = .postgresql
    ) {
        putGlobalCluster(
            Sample.globalClusterID,
            of: regions.map { region in
                var cluster = DBCluster(id: Sample.cluster(in: region).id, region: region, engine: engine)
                cluster.databaseName = "orders"
                return cluster
            })
    }
}

extension LocalAWS.Sample {
    package static let globalClusterID = "orders-global"

    /// Of the global cluster that is there on request.
    package static func cluster(in region: String) -> DBCluster.Key {
        DBCluster.Key(region: region, id: "orders-\(RegionCode.short(of: region))")
    }
}
