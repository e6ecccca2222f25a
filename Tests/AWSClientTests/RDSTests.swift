import AWSClient
import HTTPTransport
import Testing

@Suite struct RDSTests {
    static let east = "arn:aws:rds:us-east-1:123456789012:cluster:orders-east"
    static let west = "arn:aws:rds:us-west-2:123456789012:cluster:orders-west"

    /// A member as AWS writes it: what it does not know of a secondary is left out.
    static func member(_ arn: String, isWriter: String, status: String? = nil) -> String {
        """
        <GlobalClusterMember><DBClusterArn>\(arn)</DBClusterArn>
        <IsWriter>\(isWriter)</IsWriter><Readers><member>\(west)</member></Readers>
        \(status.map { "<SynchronizationStatus>\($0)</SynchronizationStatus>" } ?? "")
        <GlobalWriteForwardingStatus>disabled</GlobalWriteForwardingStatus></GlobalClusterMember>
        """
    }

    static func cluster(_ id: String, members: String, failoverState: String = "<FailoverState/>") -> String {
        """
        <GlobalClusterIdentifier>\(id)</GlobalClusterIdentifier>
        <GlobalClusterResourceId>cluster-0123456789abcdef</GlobalClusterResourceId>
        <GlobalClusterArn>arn:aws:rds::123456789012:global-cluster:\(id)</GlobalClusterArn>
        <Status>available</Status><Engine>aurora-postgresql</Engine><EngineVersion>16.4</EngineVersion>
        <Endpoint>\(id).global-0123456789ab.global.rds.amazonaws.com</Endpoint>
        <StorageEncrypted>true</StorageEncrypted><DeletionProtection>false</DeletionProtection>
        <GlobalClusterMembers>\(members)</GlobalClusterMembers>\(failoverState)<TagList/>
        """
    }

    static func page(_ clusters: String..., marker: String? = nil) -> String {
        """
        <DescribeGlobalClustersResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeGlobalClustersResult>
        \(marker.map { "<Marker>\($0)</Marker>" } ?? "")
        <GlobalClusters>\(clusters.map { "<GlobalClusterMember>\($0)</GlobalClusterMember>" }.joined())</GlobalClusters>
        </DescribeGlobalClustersResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>
        </DescribeGlobalClustersResponse>
        """
    }

    static func changed(_ operation: String, _ cluster: String) -> FakeExecutor.Outcome {
        .xml(
            200,
            "<\(operation)Response xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><\(operation)Result>"
                + "<GlobalCluster>\(cluster)</GlobalCluster></\(operation)Result></\(operation)Response>")
    }

    private func describe(_ body: String) async throws -> GlobalCluster {
        let world = World()
        return try await RDS(try world.client(FakeExecutor(.xml(200, body)))).describeGlobalCluster(
            id: "Orders", deadline: world.deadline)
    }

    private func forms(_ executor: FakeExecutor) -> [String] {
        executor.requests.map { String(decoding: $0.body, as: UTF8.self) }
    }

    @Test("A cluster comes with its members, the region of each from its ARN")
    func reading() async throws {
        let members =
            Self.member(Self.east, isWriter: "true") + Self.member(Self.west, isWriter: "false", status: "connected")
        let cluster = try await describe(Self.page(Self.cluster("orders", members: members)))
        #expect(
            cluster
                == GlobalCluster(
                    id: "orders", status: "available", engine: "aurora-postgresql", engineVersion: "16.4",
                    endpoint: "orders.global-0123456789ab.global.rds.amazonaws.com",
                    members: [
                        .init(clusterARN: Self.east, region: "us-east-1", isWriter: true),
                        .init(
                            clusterARN: Self.west, region: "us-west-2", isWriter: false,
                            synchronizationStatus: "connected"),
                    ]))
    }

    @Test("What is under way comes with its status; an empty element is nothing under way")
    func failoverState() async throws {
        let state = """
            <FailoverState><Status>failing-over</Status><FromDbClusterArn>\(Self.east)</FromDbClusterArn>
            <ToDbClusterArn>\(Self.west)</ToDbClusterArn><IsDataLossAllowed>true</IsDataLossAllowed></FailoverState>
            """
        let busy = try await describe(Self.page(Self.cluster("orders", members: "", failoverState: state)))
        #expect(
            busy.failoverState
                == .init(
                    status: "failing-over", fromClusterARN: Self.east, toClusterARN: Self.west, isDataLossAllowed: true)
        )
        for nothing in ["", "<FailoverState/>", "<FailoverState><Status></Status></FailoverState>"] {
            let idle = try await describe(Self.page(Self.cluster("orders", members: "", failoverState: nothing)))
            #expect(idle.failoverState == nil)
        }
    }

    @Test(
        "A cluster or member that is not whole makes the whole answer an error",
        arguments: [
            cluster("orders", members: member("", isWriter: "true")),
            cluster("orders", members: member("orders-east", isWriter: "true")),
            cluster("orders", members: member("arn:aws:rds::1:cluster:x", isWriter: "true")),
            cluster("orders", members: member("arn:aws:rds:us-east-1:1:cluster", isWriter: "true")),
            cluster("orders", members: member(east, isWriter: "")),
            cluster("orders", members: member(east, isWriter: "perhaps")),
            "<GlobalClusterIdentifier>orders</GlobalClusterIdentifier>",
            "<Status>available</Status>",
        ])
    func notWhole(cluster: String) async throws {
        let error = await awsError { try await describe(Self.page(cluster)) }
        #expect(error?.code == .unexpectedAnswer)
    }

    @Test("A cluster is asked for by its id, in the region of the facade")
    func request() async throws {
        let world = World()
        let executor = FakeExecutor(.xml(200, Self.page(Self.cluster("orders", members: ""))))
        _ = try await RDS(try world.client(executor), region: "us-west-2").describeGlobalCluster(
            id: "orders", deadline: world.deadline)
        let request = try #require(executor.requests.first)
        #expect(request.url == "https://rds.us-west-2.amazonaws.com/")
        #expect(request.headers["Authorization"]?.contains("/us-west-2/rds/aws4_request") == true)
        #expect(forms(executor) == ["Action=DescribeGlobalClusters&Version=2014-10-31&GlobalClusterIdentifier=orders"])
    }

    @Test("A cluster that is not there is not found, in whatever way AWS says so")
    func notFound() async throws {
        for outcome in [
            FakeExecutor.Outcome.error(404, "GlobalClusterNotFoundFault"), .xml(200, Self.page()),
            .xml(200, Self.page(Self.cluster("another", members: ""))),
        ] {
            let world = World()
            let client = try world.client(FakeExecutor(outcome))
            let error = await awsError {
                try await RDS(client).describeGlobalCluster(id: "orders", deadline: world.deadline)
            }
            #expect(error?.code == .notFound)
            #expect(error?.remedy != nil)
        }
    }

    @Test("All clusters are read by pages")
    func paging() async throws {
        let world = World()
        let executor = FakeExecutor(
            .xml(200, Self.page(Self.cluster("a", members: ""), marker: "m/1=")),
            .xml(200, Self.page(Self.cluster("b", members: ""))))
        let clusters = try await RDS(try world.client(executor)).describeGlobalClusters(deadline: world.deadline)
        #expect(clusters.map(\.id) == ["a", "b"])
        #expect(
            forms(executor) == [
                "Action=DescribeGlobalClusters&Version=2014-10-31&MaxRecords=100",
                "Action=DescribeGlobalClusters&Version=2014-10-31&MaxRecords=100&Marker=m%2F1%3D",
            ])
    }

    @Test("Pages that do not end are an error", arguments: [true, false])
    func loop(sameEachTime: Bool) async throws {
        let world = World()
        let executor = FakeExecutor { _, index in .xml(200, Self.page(marker: sameEachTime ? "m" : "m\(index)")) }
        let client = try world.client(executor)
        let error = await awsError { try await RDS(client).describeGlobalClusters(deadline: world.deadline) }
        #expect(error?.code == .unexpectedAnswer)
        #expect(executor.requests.count == (sameEachTime ? 2 : 100))
    }

    @Test("Each change has exactly its parameters, and a failover allows the loss of data")
    func changes() async throws {
        let world = World()
        let cluster = Self.cluster("orders", members: Self.member(Self.east, isWriter: "true"))
        let executor = FakeExecutor(
            Self.changed("FailoverGlobalCluster", cluster), Self.changed("SwitchoverGlobalCluster", cluster),
            Self.changed("RemoveFromGlobalCluster", cluster))
        let rds = RDS(try world.client(executor), region: "us-west-2")
        let failedOver = try await rds.failoverGlobalCluster(
            id: "orders", targetClusterARN: Self.west, deadline: world.deadline)
        _ = try await rds.switchoverGlobalCluster(id: "orders", targetClusterARN: Self.west, deadline: world.deadline)
        _ = try await rds.removeFromGlobalCluster(id: "orders", clusterARN: Self.west, deadline: world.deadline)
        #expect(failedOver.members.map(\.clusterARN) == [Self.east])
        let arn = "arn%3Aaws%3Ards%3Aus-west-2%3A123456789012%3Acluster%3Aorders-west"
        let id = "Version=2014-10-31&GlobalClusterIdentifier=orders"
        #expect(
            forms(executor) == [
                "Action=FailoverGlobalCluster&\(id)&TargetDbClusterIdentifier=\(arn)&AllowDataLoss=true",
                "Action=SwitchoverGlobalCluster&\(id)&TargetDbClusterIdentifier=\(arn)",
                "Action=RemoveFromGlobalCluster&\(id)&DbClusterIdentifier=\(arn)",
            ])
    }

    @Test(
        "What RDS refuses comes with its code",
        arguments: [
            ("InvalidGlobalClusterStateFault", AWSError.Code.refused), ("InvalidDBClusterStateFault", .refused),
            ("InvalidParameterCombination", .refused), ("GlobalClusterNotFoundFault", .notFound),
            ("DBClusterNotFoundFault", .notFound),
        ])
    func refusal(awsCode: String, code: AWSError.Code) async throws {
        let world = World()
        let executor = FakeExecutor(.error(code == .notFound ? 404 : 400, awsCode))
        let client = try world.client(executor)
        let error = await awsError {
            try await RDS(client).failoverGlobalCluster(
                id: "orders", targetClusterARN: Self.west, deadline: world.deadline)
        }
        #expect(error?.code == code)
        #expect(error?.awsCode == awsCode)
        #expect(error?.outcomeIsUnknown == false)
        #expect(executor.requests.count == 1)
    }

    @Test("A DB cluster is found by its id and by its ARN, with its endpoints")
    func dbCluster() async throws {
        let body = """
            <DescribeDBClustersResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBClustersResult>
            <DBClusters><DBCluster><DBClusterIdentifier>orders-west</DBClusterIdentifier>
            <DBClusterArn>\(Self.west)</DBClusterArn><Status>available</Status><Engine>aurora-postgresql</Engine>
            <EngineVersion>16.4</EngineVersion>
            <Endpoint>orders-west.cluster-abc.us-west-2.rds.amazonaws.com</Endpoint>
            <ReaderEndpoint>orders-west.cluster-ro-abc.us-west-2.rds.amazonaws.com</ReaderEndpoint><Port>5432</Port>
            </DBCluster></DBClusters></DescribeDBClustersResult></DescribeDBClustersResponse>
            """
        for id in ["Orders-West", Self.west] {
            let world = World()
            let cluster = try await RDS(try world.client(FakeExecutor(.xml(200, body)))).describeDBCluster(
                id: id, deadline: world.deadline)
            #expect(
                cluster
                    == DBCluster(
                        id: "orders-west", arn: Self.west, status: "available", engine: "aurora-postgresql",
                        engineVersion: "16.4", endpoint: "orders-west.cluster-abc.us-west-2.rds.amazonaws.com",
                        readerEndpoint: "orders-west.cluster-ro-abc.us-west-2.rds.amazonaws.com", port: 5432))
        }
        for outcome in [FakeExecutor.Outcome.error(404, "DBClusterNotFoundFault"), .xml(200, body)] {
            let world = World()
            let client = try world.client(FakeExecutor(outcome))
            let error = await awsError { try await RDS(client).describeDBCluster(id: "x", deadline: world.deadline) }
            #expect(error?.code == .notFound)
            #expect(error?.remedy != nil)
        }
    }
}
