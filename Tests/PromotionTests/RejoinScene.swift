import AWSClient
import Failover
import Promotion

/// `orders`, after `orders-west` was detached from it: the west has the data that is kept, the east the old writer.
enum RejoinScene {
    static let east = "us-east-1"
    static let west = "us-west-2"
    static let third = "eu-west-1"

    static func arn(_ id: String, _ region: String) -> String { "arn:aws:rds:\(region):123456789012:cluster:\(id)" }

    static func cluster(_ id: String, _ region: String, _ status: String = "available") -> DBCluster {
        var cluster = DBCluster(
            id: id, arn: arn(id, region), status: status, engine: "aurora-postgresql", engineVersion: "16.9", port: 5433
        )
        cluster.settings = .init(
            subnetGroup: "subnets-\(region)", securityGroups: ["sg-1-\(region)", "sg-2-\(region)"],
            parameterGroup: "orders-\(region)", isEncrypted: true, kmsKey: "key-\(region)", isProtected: false,
            backupRetentionDays: 7)
        return cluster
    }

    static func instance(_ id: String, of cluster: String, _ status: String = "available") -> DBInstance {
        DBInstance(
            id: id, clusterID: cluster, status: status, instanceClass: "db.r7g.xlarge", parameterGroup: "own-instances")
    }

    static func member(
        _ id: String, _ region: String, writer: Bool, _ status: String? = "connected"
    ) -> GlobalCluster.Member {
        .init(
            clusterARN: arn(id, region), region: region, isWriter: writer,
            synchronizationStatus: writer ? nil : status)
    }

    static func global(_ id: String, _ members: GlobalCluster.Member...) -> GlobalCluster {
        GlobalCluster(id: id, status: "available", members: members)
    }

    static let oldWriter = member("orders-east", east, writer: true)
    static let newWriter = member("orders-west", west, writer: true)
    static let newSecondary = member("orders-east-rejoined", east, writer: false)

    /// Just detached: nothing of the rejoin is done.
    static func detached() -> RejoinView {
        RejoinView(
            groupID: "orders", region: west, globalClusters: [global("orders", oldWriter)],
            clusters: [cluster("orders-west", west), cluster("other", west)],
            instances: [instance("orders-west-1", of: "orders-west")],
            other: .answers(
                clusters: [cluster("orders-east", east)],
                instances: [
                    instance("orders-east-a", of: "orders-east"), instance("orders-east-b", of: "orders-east"),
                    instance("other", of: "other"),
                ]),
            active: .region(west), recordRegions: [east, west], recordedMember: arn("orders-west", west))
    }

    /// The new global cluster stands, with nothing in the east yet.
    static func created() -> RejoinView {
        var view = detached()
        view.globalClusters = [global("orders", newWriter), global("orders-old", oldWriter)]
        return view
    }

    /// The secondary is there, with these instances; the old cluster as well, unless nil.
    static func added(
        _ status: String = "available", instances: [DBInstance] = [], member: GlobalCluster.Member? = newSecondary,
        old: DBCluster? = cluster("orders-east", east),
        oldInstances: [DBInstance] = [
            instance("orders-east-a", of: "orders-east"), instance("orders-east-b", of: "orders-east"),
        ]
    ) -> RejoinView {
        var view = created()
        view.globalClusters[0].members += [member].compactMap(\.self)
        view.other = .answers(
            clusters: [old, cluster("orders-east-rejoined", east, status)].compactMap(\.self),
            instances: oldInstances + instances)
        return view
    }

    static let twoInstances = [
        instance("orders-east-rejoined-1", of: "orders-east-rejoined"),
        instance("orders-east-rejoined-2", of: "orders-east-rejoined"),
    ]

    /// All is built.
    static func rebuilt() -> RejoinView { added(instances: twoInstances) }

    /// The deletion has come so far: the old cluster stands alone, and the old global cluster is empty.
    static func leftAlone(
        old: DBCluster? = cluster("orders-east", east), oldInstances: [DBInstance] = []
    ) -> RejoinView {
        var view = added(instances: twoInstances, old: old, oldInstances: oldInstances)
        view.globalClusters[1].members = []
        return view
    }

    static func changed(_ view: RejoinView, _ change: (inout RejoinView) -> Void) -> RejoinView {
        var view = view
        change(&view)
        return view
    }

    static func newCluster(
        _ id: String, global: String = "orders", settings: DBCluster.Settings? = nil
    ) -> RejoinAction {
        .createCluster(
            NewDBCluster(
                id: id, globalClusterID: global, engine: "aurora-postgresql", engineVersion: "16.9", port: 5433,
                settings: settings ?? cluster("", east).settings), region: east)
    }

    static func newInstance(_ number: Int, class name: String = "db.r7g.xlarge") -> RejoinAction {
        .createInstance(
            NewDBInstance(
                id: "orders-east-rejoined-\(number)", clusterID: "orders-east-rejoined", engine: "aurora-postgresql",
                instanceClass: name, parameterGroup: "own-instances"), region: east)
    }
}
