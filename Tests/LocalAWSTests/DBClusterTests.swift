import Foundation
import Testing

@testable import LocalAWS

/// Aurora's clusters: their names, what DNS answers to them, and how they come and go.
@Suite struct DBClusterTests {
    @Test(
        "The endpoints have the forms that AWS gives them",
        arguments: [("us-west-2", "us-west-2.rds.amazonaws.com"), ("cn-north-1", "rds.cn-north-1.amazonaws.com.cn")])
    func endpoints(_ region: String, _ suffix: String) throws {
        let cluster = DBCluster(id: "orders", region: region, instances: 1)
        let writer = cluster.endpoint.split(separator: ".", maxSplits: 2)
        let hash = try #require(writer.dropFirst().first).dropFirst("cluster-".count)
        #expect(hash.count == 12)
        #expect(cluster.endpoint == "orders.cluster-\(hash).\(suffix)")
        #expect(cluster.readerEndpoint == "orders.cluster-ro-\(hash).\(suffix)")
        #expect(cluster.endpoint(of: cluster.instances[0]) == "orders-1.\(hash).\(suffix)")
        #expect(DBCluster(id: "other", region: region).endpoint.contains(hash), "it is the region's")
        #expect(!DBCluster(id: "orders", region: "us-east-1").endpoint.contains(hash))
    }

    @Test(
        "An ARN names a cluster, or nothing",
        arguments: [
            ("arn:aws:rds:us-west-2:111122223333:cluster:orders-usw2", Orders.west), ("orders-usw2", nil),
            ("arn:aws:rds:us-west-2:111122223333:db:orders-usw2", nil),
            ("arn:aws:rds:us-west-2:111122223333:cluster:", nil),
            ("arn:aws:elasticache:us-west-2:111122223333:cluster:orders-usw2", nil), ("", nil),
        ])
    func arns(_ text: String, _ key: DBCluster.Key?) {
        #expect(DBCluster.Key(arn: text) == key)
    }

    @Test func `A secondary's writer endpoint leads nowhere, and the global one to the primary`() async throws {
        let aws = try Orders.world()
        let (east, west) = (try aws.dbCluster(Orders.east), try aws.dbCluster(Orders.west))
        let own = [east.address(of: east.instances[0]), west.address(of: west.instances[0])]
        let global = try aws.orders.endpoint
        #expect(global == "orders-global.global-\(global.split(separator: "-")[2])")
        func leads() -> [[String]] { [east.endpoint, west.endpoint, west.readerEndpoint, global].map(aws.addresses) }
        #expect(leads() == [[own[0]], [], [own[1]], [own[0]]])
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(59))
        #expect(leads() == [[own[0]], [], [own[1]], [own[0]]])
        aws.clock.advance(by: .seconds(1))
        #expect(leads() == [[], [own[1]], [own[1]], [own[1]]])
        #expect(aws.activeRegion(of: global) == "us-west-2")
    }

    @Test func `What the endpoints answer is told by their cluster, not as names that lead elsewhere`() async throws {
        let aws = try Orders.world()
        let timeline = aws.events.stream()
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(60))
        for await event in timeline {
            if case .answerChanged(let name, _, _, _) = event.kind { Issue.record("\(name) is told") }
            if case .auroraChanged(let change) = event.kind, case .operationFinished = change.kind { break }
        }
    }

    @Test func `The global endpoint does not move when a cluster is detached`() async throws {
        let aws = try Orders.world()
        let (global, west) = (try aws.orders.endpoint, try aws.dbCluster(Orders.west))
        #expect(try await aws.detach().status == 200)
        aws.clock.advance(by: .seconds(19))
        #expect(aws.addresses(of: west.endpoint).isEmpty)
        aws.clock.advance(by: .seconds(1))
        #expect(aws.addresses(of: west.endpoint) == [west.address(of: west.instances[0])])
        #expect(aws.activeRegion(of: global) == "us-east-1")
        #expect(try await aws.detach(Orders.east).status == 200)
        #expect(aws.addresses(of: global).isEmpty, "there is no primary")
    }

    @Test func `Readers have the reader endpoint, and the writer where there are none`() throws {
        let aws = try LocalAWS.sample()
        for (instances, readers) in [(1, [0]), (3, [1, 2])] {
            let cluster = DBCluster(id: "one", region: "us-east-1", instances: instances)
            aws.put(cluster)
            #expect(aws.addresses(of: cluster.endpoint) == [cluster.address(of: cluster.instances[0])])
            #expect(
                aws.addresses(of: cluster.readerEndpoint) == readers.map { cluster.address(of: cluster.instances[$0]) })
        }
        aws.put(DBCluster(id: "one", region: "us-east-1", instances: 0))
        #expect(aws.addresses(of: DBCluster(id: "one", region: "us-east-1").endpoint).isEmpty)
    }

    @Test func `A real server may stand for an instance`() throws {
        let aws = try Orders.world()
        var cluster = try aws.dbCluster(Orders.east)
        cluster.instances[0].address = "127.0.0.1"
        cluster.port = 5433
        aws.put(cluster)
        #expect(try [cluster.endpoint, aws.orders.endpoint].map(aws.addresses) == [["127.0.0.1"], ["127.0.0.1"]])
    }

    @Test func `When the writer is deleted the next one writes`() async throws {
        let aws = try LocalAWS.sample()
        let cluster = DBCluster(id: "one", region: "us-west-2", instances: 2)
        aws.put(cluster)
        #expect(try await aws.rds("DeleteDBInstance", ["DBInstanceIdentifier": "one-1"]).status == 200)
        #expect(aws.dbCluster("one", region: "us-west-2")?.writer?.id == "one-2")
        #expect(
            try await aws.rds("DeleteDBInstance", ["DBInstanceIdentifier": "one-1"]).body.element("Code")
                == "InvalidDBInstanceState")
        aws.clock.advance(by: .seconds(60))
        #expect(aws.dbCluster("one", region: "us-west-2")?.instances.map(\.id) == ["one-2"])
        #expect(aws.addresses(of: cluster.endpoint) == [cluster.address(of: cluster.instances[1])])
    }

    @Test func `A cluster that is renamed has other endpoints, and its old name is free`() async throws {
        let aws = try LocalAWS.sample()
        aws.put(DBCluster(id: "one", region: "us-west-2"))
        let parameters = ["DBClusterIdentifier": "one", "NewDBClusterIdentifier": "Two"]
        #expect(try await aws.rds("ModifyDBCluster", parameters).status == 200)
        #expect(aws.dbCluster("one", region: "us-west-2") != nil, "not before the maintenance window")
        let now = parameters.merging(["ApplyImmediately": "true"]) { $1 }
        #expect(try await aws.rds("ModifyDBCluster", now).status == 200)
        #expect(aws.dbCluster("one", region: "us-west-2") == nil)
        let renamed = try #require(aws.dbCluster("two", region: "us-west-2"))
        #expect(renamed.instances.map(\.id) == ["one-1"])
        #expect(aws.addresses(of: renamed.endpoint).count == 1)
        #expect(aws.addresses(of: DBCluster(id: "one", region: "us-west-2").endpoint).isEmpty)
        aws.put(DBCluster(id: "three", region: "us-west-2"))
        let taken = ["DBClusterIdentifier": "three", "NewDBClusterIdentifier": "two", "ApplyImmediately": "true"]
        #expect(
            try await aws.rds("ModifyDBCluster", taken).body.element("Code") == "DBClusterAlreadyExistsFault")
    }

    @Test func `A new secondary has the primary's data when it is created`() async throws {
        let aws = try Orders.world()
        let parameters = [
            "DBClusterIdentifier": "orders-euw1", "GlobalClusterIdentifier": "orders-global",
            "Engine": "aurora-postgresql",
        ]
        #expect(try await aws.rds("CreateDBCluster", parameters, region: "eu-west-1").status == 200)
        #expect(try aws.waitingRegions == ["eu-west-1"])
        #expect(try await aws.detach(Orders.europe).body.element("Code") == "InvalidDBClusterStateFault")
        aws.clock.advance(by: .seconds(299))
        #expect(try aws.waitingRegions == ["eu-west-1"])
        aws.clock.advance(by: .seconds(1))
        #expect(try aws.waitingRegions == [])
        #expect(try !aws.dbCluster(Orders.europe).takesWrites)
        #expect(try aws.dbCluster(Orders.europe).databaseName == "orders")
        #expect(try aws.orders.writer == Orders.east)
    }

    @Test func `Of a cluster that stands alone a global one is made in a while, and not twice`() async throws {
        let aws = try LocalAWS.sample()
        let cluster = DBCluster(id: "one", region: "us-west-2", engine: .mysql)
        aws.put(cluster)
        func make(_ id: String) async throws -> String? {
            let source = ["GlobalClusterIdentifier": id, "SourceDBClusterIdentifier": cluster.arn]
            return try await aws.rds("CreateGlobalCluster", source).body.element("Code")
        }
        #expect(try await make("new") == nil)
        #expect(try await make("newer") == "InvalidDBClusterStateFault")
        #expect(aws.globalCluster("new")?.members.isEmpty == true)
        let join = ["DBClusterIdentifier": "two", "GlobalClusterIdentifier": "new", "Engine": "aurora-mysql"]
        #expect(
            try await aws.rds("CreateDBCluster", join, region: "us-east-1").body.element("Code")
                == "InvalidDBClusterStateFault")
        let delete = ["GlobalClusterIdentifier": "new"]
        #expect(
            try await aws.rds("DeleteGlobalCluster", delete).body.element("Code") == "InvalidGlobalClusterStateFault")
        aws.clock.advance(by: .seconds(29))
        #expect(aws.globalCluster("new")?.members.isEmpty == true)
        aws.clock.advance(by: .seconds(1))
        #expect(aws.globalCluster("new")?.writer == cluster.key)
        #expect(aws.globalCluster("new")?.engine == .mysql)
        #expect(try await make("newer") == "InvalidDBClusterStateFault")
    }
}
