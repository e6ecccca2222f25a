import AWSClient
import HTTPTransport
import Testing

@Suite("RDS: building a global cluster anew")
struct RDSRejoinTests {
    /// The parameters of the request that `body` sends, without those of the protocol.
    private func form(
        _ answer: FakeExecutor.Outcome, _ body: (RDS, ContinuousClock.Instant) async throws -> Void
    ) async throws -> Set<String> {
        let world = World()
        let executor = FakeExecutor(answer)
        try await body(RDS(try world.client(executor), region: "eu-west-1"), world.deadline)
        #expect(executor.requests.count == 1)
        #expect(executor.requests.first?.url.contains("rds.eu-west-1.") == true)
        let form = String(decoding: executor.requests.first?.body ?? [], as: UTF8.self)
        return Set(form.split(separator: "&").map(String.init)).subtracting(["Version=2014-10-31"])
    }

    private static let clusterXML =
        "<DBCluster><DBClusterIdentifier>orders</DBClusterIdentifier><Status>creating</Status></DBCluster>"
    private static let instanceXML =
        "<DBInstance><DBInstanceIdentifier>orders-1</DBInstanceIdentifier><DBInstanceClass>c</DBInstanceClass></DBInstance>"

    private static func answer(_ operation: String, _ element: String) -> FakeExecutor.Outcome {
        .xml(200, "<\(operation)Response><\(operation)Result>\(element)</\(operation)Result></\(operation)Response>")
    }

    private static func global(_ operation: String) -> FakeExecutor.Outcome {
        RDSTests.changed(operation, RDSTests.cluster("orders", members: ""))
    }

    @Test("A global cluster is renamed, made of a cluster, and deleted")
    func globalClusters() async throws {
        #expect(
            try await form(Self.global("ModifyGlobalCluster")) {
                try await $0.renameGlobalCluster(id: "orders", to: "orders-old", deadline: $1)
            } == [
                "Action=ModifyGlobalCluster", "GlobalClusterIdentifier=orders", "NewGlobalClusterIdentifier=orders-old",
            ])
        for isProtected in [false, true] {
            let protection: Set<String> = isProtected ? ["DeletionProtection=true"] : []
            #expect(
                try await form(Self.global("CreateGlobalCluster")) {
                    try await $0.createGlobalCluster(
                        id: "orders", sourceClusterARN: "arn:x", isProtected: isProtected, deadline: $1)
                }
                    == protection.union([
                        "Action=CreateGlobalCluster", "GlobalClusterIdentifier=orders",
                        "SourceDBClusterIdentifier=arn%3Ax",
                    ]))
        }
        #expect(
            try await form(Self.global("DeleteGlobalCluster")) {
                try await $0.deleteGlobalCluster(id: "orders", deadline: $1)
            } == ["Action=DeleteGlobalCluster", "GlobalClusterIdentifier=orders"])
    }

    @Test("A secondary is made with all settings that are known, and none that are not")
    func cluster() async throws {
        let settings = DBCluster.Settings(
            subnetGroup: "private", securityGroups: ["sg-1", "sg-2"], parameterGroup: "own", isEncrypted: true,
            kmsKey: "key", isProtected: false, backupRetentionDays: 7, hasIAMAuthentication: true,
            copiesTagsToSnapshots: true, logExports: ["postgresql"], storageType: "aurora-iopt1",
            minimumCapacity: "0.5", maximumCapacity: "16")
        let cluster = NewDBCluster(
            id: "orders", globalClusterID: "g", engine: "aurora-postgresql", engineVersion: "16.9", port: 5433,
            settings: settings)
        #expect(
            try await form(Self.answer("CreateDBCluster", Self.clusterXML)) {
                try await $0.createDBCluster(cluster, deadline: $1)
            } == [
                "Action=CreateDBCluster", "DBClusterIdentifier=orders", "GlobalClusterIdentifier=g",
                "Engine=aurora-postgresql", "EngineVersion=16.9", "Port=5433", "DBSubnetGroupName=private",
                "DBClusterParameterGroupName=own", "StorageEncrypted=true", "KmsKeyId=key", "DeletionProtection=false",
                "BackupRetentionPeriod=7", "EnableIAMDatabaseAuthentication=true", "CopyTagsToSnapshot=true",
                "StorageType=aurora-iopt1", "ServerlessV2ScalingConfiguration.MinCapacity=0.5",
                "ServerlessV2ScalingConfiguration.MaxCapacity=16", "VpcSecurityGroupIds.VpcSecurityGroupId.1=sg-1",
                "VpcSecurityGroupIds.VpcSecurityGroupId.2=sg-2", "EnableCloudwatchLogsExports.member.1=postgresql",
            ])
        let bare = NewDBCluster(id: "orders", globalClusterID: "g", engine: "aurora-mysql")
        #expect(
            try await form(Self.answer("CreateDBCluster", Self.clusterXML)) {
                try await $0.createDBCluster(bare, deadline: $1)
            } == [
                "Action=CreateDBCluster", "DBClusterIdentifier=orders", "GlobalClusterIdentifier=g",
                "Engine=aurora-mysql",
            ])
    }

    @Test("An instance is made and deleted, and a cluster never without a final snapshot")
    func instances() async throws {
        let instance = NewDBInstance(
            id: "orders-1", clusterID: "orders", engine: "aurora-mysql", instanceClass: "db.r7g.large",
            parameterGroup: "own", isPublic: false, promotionTier: 2)
        #expect(
            try await form(Self.answer("CreateDBInstance", Self.instanceXML)) {
                try await $0.createDBInstance(instance, deadline: $1)
            } == [
                "Action=CreateDBInstance", "DBInstanceIdentifier=orders-1", "DBClusterIdentifier=orders",
                "Engine=aurora-mysql", "DBInstanceClass=db.r7g.large", "DBParameterGroupName=own",
                "PubliclyAccessible=false", "PromotionTier=2",
            ])
        #expect(
            try await form(Self.answer("DeleteDBInstance", Self.instanceXML)) {
                try await $0.deleteDBInstance(id: "orders-1", deadline: $1)
            } == ["Action=DeleteDBInstance", "DBInstanceIdentifier=orders-1"])
        #expect(
            try await form(Self.answer("DeleteDBCluster", Self.clusterXML)) {
                try await $0.deleteDBCluster(id: "orders", finalSnapshotID: "last", deadline: $1)
            } == ["Action=DeleteDBCluster", "DBClusterIdentifier=orders", "FinalDBSnapshotIdentifier=last"])
    }

    @Test("All clusters of a region are read, page by page, with what they were made with")
    func clusters() async throws {
        func page(_ body: String, marker: String?) -> FakeExecutor.Outcome {
            Self.answer(
                "DescribeDBClusters",
                "\(marker.map { "<Marker>\($0)</Marker>" } ?? "")<DBClusters>\(body)</DBClusters>")
        }
        let whole = """
            <DBCluster><DBClusterIdentifier>a</DBClusterIdentifier><Status>available</Status>
            <DBSubnetGroup>private</DBSubnetGroup><DBClusterParameterGroup>own</DBClusterParameterGroup>
            <VpcSecurityGroups>
            <VpcSecurityGroupMembership><VpcSecurityGroupId>sg-1</VpcSecurityGroupId><Status>active</Status>
            </VpcSecurityGroupMembership>
            <VpcSecurityGroupMembership><VpcSecurityGroupId>sg-2</VpcSecurityGroupId></VpcSecurityGroupMembership>
            </VpcSecurityGroups>
            <StorageEncrypted>true</StorageEncrypted><KmsKeyId>key</KmsKeyId>
            <DeletionProtection>true</DeletionProtection><BackupRetentionPeriod>7</BackupRetentionPeriod>
            <IAMDatabaseAuthenticationEnabled>false</IAMDatabaseAuthenticationEnabled>
            <CopyTagsToSnapshot>true</CopyTagsToSnapshot>
            <EnabledCloudwatchLogsExports><member>postgresql</member></EnabledCloudwatchLogsExports>
            <StorageType>aurora-iopt1</StorageType><ServerlessV2ScalingConfiguration><MinCapacity>0.5</MinCapacity>
            <MaxCapacity>16.0</MaxCapacity></ServerlessV2ScalingConfiguration>
            <GlobalClusterIdentifier>g</GlobalClusterIdentifier>
            <ReplicationSourceIdentifier>arn:x</ReplicationSourceIdentifier></DBCluster>
            """
        let world = World()
        let executor = FakeExecutor(page(whole, marker: "next"), page(Self.clusterXML, marker: nil))
        let clusters = try await RDS(try world.client(executor)).describeDBClusters(deadline: world.deadline)
        #expect(clusters.map(\.id) == ["a", "orders"])
        #expect(
            clusters.first?.settings
                == .init(
                    subnetGroup: "private", securityGroups: ["sg-1", "sg-2"], parameterGroup: "own", isEncrypted: true,
                    kmsKey: "key", isProtected: true, backupRetentionDays: 7, hasIAMAuthentication: false,
                    copiesTagsToSnapshots: true, logExports: ["postgresql"], storageType: "aurora-iopt1",
                    minimumCapacity: "0.5", maximumCapacity: "16.0"))
        #expect(clusters.first?.globalClusterID == "g")
        #expect(clusters.first?.replicationSource == "arn:x")
        #expect(clusters.last?.settings == .init())
        let second = String(decoding: executor.requests.last?.body ?? [], as: UTF8.self)
        #expect(second.split(separator: "&").contains("Marker=next"))
    }

    @Test("Instances are read with their cluster and class; pages that do not end are an error")
    func readInstances() async throws {
        let body = """
            <Marker>again</Marker><DBInstances><DBInstance><DBInstanceIdentifier>orders-1</DBInstanceIdentifier>
            <DBClusterIdentifier>orders</DBClusterIdentifier><DBInstanceStatus>deleting</DBInstanceStatus>
            <DBInstanceClass>db.serverless</DBInstanceClass><DBParameterGroups><DBParameterGroup>
            <DBParameterGroupName>own</DBParameterGroupName></DBParameterGroup></DBParameterGroups>
            <PubliclyAccessible>false</PubliclyAccessible><PromotionTier>3</PromotionTier></DBInstance></DBInstances>
            """
        let last = body.split(separator: "</Marker>").last.map(String.init) ?? ""
        var world = World()
        let executor = FakeExecutor(Self.answer("DescribeDBInstances", last))
        #expect(
            try await RDS(try world.client(executor)).describeDBInstances(deadline: world.deadline) == [
                DBInstance(
                    id: "orders-1", clusterID: "orders", status: "deleting", instanceClass: "db.serverless",
                    parameterGroup: "own", isPublic: false, promotionTier: 3)
            ])
        world = World()
        let client = try world.client(
            FakeExecutor(Self.answer("DescribeDBInstances", body), Self.answer("DescribeDBInstances", body)))
        let deadline = world.deadline
        let error = await awsError { try await RDS(client).describeDBInstances(deadline: deadline) }
        #expect(error?.code == .unexpectedAnswer)
    }
}
