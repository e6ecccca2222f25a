import AWSClient
import HTTPTransport
import Testing

@Suite("Replication groups") struct ReplicationGroupTests {
    private func describe(_ status: Int, _ body: String) async throws -> ReplicationGroup {
        let world = World()
        return try await ElastiCache(try world.client(FakeExecutor(.xml(status, body)))).describeReplicationGroup(
            id: "Use1", deadline: world.deadline)
    }

    private func page(_ info: String) -> String {
        "<DescribeReplicationGroupsResponse><DescribeReplicationGroupsResult><ReplicationGroups><ReplicationGroup>"
            + "<ReplicationGroupId>use1</ReplicationGroupId>\(info)<Status>available</Status></ReplicationGroup>"
            + "</ReplicationGroups></DescribeReplicationGroupsResult></DescribeReplicationGroupsResponse>"
    }

    private func endpoint(_ element: String, _ address: String) -> String {
        "<\(element)><Address>\(address)</Address><Port>6379</Port></\(element)>"
    }

    private func member(_ id: String, _ rest: String) -> String {
        "<NodeGroupMember><CacheClusterId>\(id)</CacheClusterId>\(rest)</NodeGroupMember>"
    }

    @Test("A replication group says which datastore it is a member of, or that it stands alone")
    func membership() async throws {
        #expect(try await describe(200, page("")) == ReplicationGroup(id: "use1", status: "available"))
        let info =
            "<GlobalReplicationGroupInfo><GlobalReplicationGroupId>ldgnf-x</GlobalReplicationGroupId>"
            + "<GlobalReplicationGroupMemberRole>SECONDARY</GlobalReplicationGroupMemberRole></GlobalReplicationGroupInfo>"
        #expect(
            try await describe(200, page(info))
                == ReplicationGroup(
                    id: "use1", status: "available", globalDatastoreID: "ldgnf-x", globalRole: "SECONDARY"))
        let missing =
            "<ErrorResponse><Error><Code>ReplicationGroupNotFoundFault</Code><Message>no</Message></Error></ErrorResponse>"
        let error = await awsError { try await describe(404, missing) }
        #expect(error?.code == .notFound)
    }

    @Test("Its nodes come with their roles, names and zones, and its shard with its endpoints")
    func nodes() async throws {
        let info =
            "<ClusterEnabled>false</ClusterEnabled><MemberClusters><ClusterId>use1-001</ClusterId>"
            + "<ClusterId>use1-002</ClusterId></MemberClusters><NodeGroups><NodeGroup><NodeGroupId>0001</NodeGroupId>"
            + "<Status>available</Status>\(endpoint("PrimaryEndpoint", "master.use1.abc.use1.cache.amazonaws.com"))"
            + endpoint("ReaderEndpoint", "replica.use1.abc.use1.cache.amazonaws.com") + "<NodeGroupMembers>"
            + member(
                "use1-001",
                "<CacheNodeId>0001</CacheNodeId>"
                    + endpoint("ReadEndpoint", "use1-001.use1.abc.use1.cache.amazonaws.com")
                    + "<PreferredAvailabilityZone>us-east-1a</PreferredAvailabilityZone>"
                    + "<CurrentRole>primary</CurrentRole>")
            + member("use1-002", "<CacheNodeId>0001</CacheNodeId><ReadEndpoint/>")
            + "</NodeGroupMembers></NodeGroup></NodeGroups>"
        #expect(
            try await describe(200, page(info))
                == ReplicationGroup(
                    id: "use1", status: "available", clusterEnabled: false, memberClusters: ["use1-001", "use1-002"],
                    nodeGroups: [
                        .init(
                            id: "0001", status: "available",
                            primaryEndpoint: .init(address: "master.use1.abc.use1.cache.amazonaws.com", port: 6379),
                            readerEndpoint: .init(address: "replica.use1.abc.use1.cache.amazonaws.com", port: 6379),
                            members: [
                                .init(
                                    cacheClusterID: "use1-001", cacheNodeID: "0001", currentRole: "primary",
                                    readEndpoint: .init(
                                        address: "use1-001.use1.abc.use1.cache.amazonaws.com", port: 6379),
                                    availabilityZone: "us-east-1a"),
                                .init(cacheClusterID: "use1-002", cacheNodeID: "0001"),
                            ])
                    ]))
    }

    @Test("In cluster mode it has a configuration endpoint, and of its nodes perhaps only the ids")
    func clusterMode() async throws {
        func shard(_ id: String) -> String {
            "<NodeGroup><NodeGroupId>\(id)</NodeGroupId><Slots>0-8191</Slots><NodeGroupMembers>"
                + member("use1-\(id)-001", "<CacheNodeId>0001</CacheNodeId>")
                + "</NodeGroupMembers></NodeGroup>"
        }
        let info =
            "<ClusterEnabled>true</ClusterEnabled>"
            + endpoint("ConfigurationEndpoint", "clustercfg.use1.abc.use1.cache.amazonaws.com")
            + "<NodeGroups>\(shard("0001"))\(shard("0002"))</NodeGroups>"
        #expect(
            try await describe(200, page(info))
                == ReplicationGroup(
                    id: "use1", status: "available", clusterEnabled: true,
                    configurationEndpoint: .init(address: "clustercfg.use1.abc.use1.cache.amazonaws.com", port: 6379),
                    nodeGroups: ["0001", "0002"].map {
                        .init(id: $0, members: [.init(cacheClusterID: "use1-\($0)-001", cacheNodeID: "0001")])
                    }))
    }

    @Test("A shard or node without its id makes the whole answer an error")
    func notWhole() async throws {
        for shard in [
            "<NodeGroup><Status>available</Status></NodeGroup>",
            "<NodeGroup><NodeGroupId>0001</NodeGroupId><NodeGroupMembers>\(member("", ""))</NodeGroupMembers></NodeGroup>",
        ] {
            let error = await awsError { try await describe(200, page("<NodeGroups>\(shard)</NodeGroups>")) }
            #expect(error?.code == .unexpectedAnswer)
        }
    }
}
