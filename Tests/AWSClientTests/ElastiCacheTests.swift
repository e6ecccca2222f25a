import AWSClient
import HTTPTransport
import Testing

@Suite struct ElastiCacheTests {
    static func group(_ id: String, members: String) -> String {
        "<GlobalReplicationGroup><GlobalReplicationGroupId>\(id)</GlobalReplicationGroupId>"
            + "<GlobalReplicationGroupDescription>text</GlobalReplicationGroupDescription><Status>available</Status>"
            + "<CacheNodeType>cache.r7g.large</CacheNodeType><Engine>redis</Engine><EngineVersion>7.1</EngineVersion>"
            + "<Members>\(members)</Members></GlobalReplicationGroup>"
    }

    static func member(_ id: String, _ region: String, _ role: String) -> String {
        "<GlobalReplicationGroupMember><ReplicationGroupId>\(id)</ReplicationGroupId>"
            + "<ReplicationGroupRegion>\(region)</ReplicationGroupRegion><Role>\(role)</Role>"
            + "<AutomaticFailover>enabled</AutomaticFailover><Status>associated</Status></GlobalReplicationGroupMember>"
    }

    static func page(_ groups: String, marker: String? = nil) -> String {
        """
        <DescribeGlobalReplicationGroupsResponse xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/">
          <DescribeGlobalReplicationGroupsResult>\(marker.map { "<Marker>\($0)</Marker>" } ?? "")
            <GlobalReplicationGroups>\(groups)</GlobalReplicationGroups>
          </DescribeGlobalReplicationGroupsResult>
          <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>
        </DescribeGlobalReplicationGroupsResponse>
        """
    }

    private func describe(_ body: String, world: World = World()) async throws -> GlobalReplicationGroup {
        try await ElastiCache(try world.client(FakeExecutor(.xml(200, body)))).describeGlobalReplicationGroup(
            id: "ldgnf-test", deadline: world.deadline)
    }

    @Test("A group comes with its members, and unknown values stay as they are")
    func reading() async throws {
        let body = Self.page(
            Self.group(
                "ldgnf-test",
                members: Self.member("a", "us-east-1", "PRIMARY") + Self.member("b", "eu-west-1", "Observer")))
        let group = try await describe(body)
        #expect(
            group
                == GlobalReplicationGroup(
                    id: "ldgnf-test", description: "text", status: "available", engine: "redis", engineVersion: "7.1",
                    members: [
                        .init(
                            replicationGroupID: "a", region: "us-east-1", role: "PRIMARY", automaticFailover: "enabled",
                            status: "associated"),
                        .init(
                            replicationGroupID: "b", region: "eu-west-1", role: "Observer",
                            automaticFailover: "enabled",
                            status: "associated"),
                    ]))
    }

    @Test("Members are asked for, in the region of the facade")
    func request() async throws {
        let world = World()
        let executor = FakeExecutor(.xml(200, Self.page(Self.group("g", members: ""))))
        _ = try await ElastiCache(try world.client(executor), region: "us-west-2").describeGlobalReplicationGroup(
            id: "G", deadline: world.deadline)
        let request = try #require(executor.requests.first)
        #expect(request.url == "https://elasticache.us-west-2.amazonaws.com/")
        #expect(request.headers["Authorization"]?.contains("/us-west-2/elasticache/aws4_request") == true)
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "Action=DescribeGlobalReplicationGroups&Version=2015-02-02&GlobalReplicationGroupId=G&ShowMemberInfo=true"
        )
    }

    @Test(
        "A group or member that is not whole makes the whole answer an error",
        arguments: [
            "<GlobalReplicationGroup><GlobalReplicationGroupId>ldgnf-test</GlobalReplicationGroupId></GlobalReplicationGroup>",
            "<GlobalReplicationGroup><Status>available</Status></GlobalReplicationGroup>",
            group("ldgnf-test", members: member("", "eu-west-1", "PRIMARY")),
            group("ldgnf-test", members: member("a", "", "PRIMARY")),
            group("ldgnf-test", members: member("a", "eu-west-1", "")),
        ])
    func notWhole(groups: String) async throws {
        let error = await awsError { try await describe(Self.page(groups)) }
        #expect(error?.code == .unexpectedAnswer)
    }

    @Test("A group that is not there is not found, in whatever way AWS says so")
    func notFound() async throws {
        for outcome in [
            FakeExecutor.Outcome.error(404, "GlobalReplicationGroupNotFoundFault"), .xml(200, Self.page("")),
            .xml(200, Self.page(Self.group("another", members: ""))),
        ] {
            let world = World()
            let client = try world.client(FakeExecutor(outcome))
            let error = await awsError {
                try await ElastiCache(client).describeGlobalReplicationGroup(id: "ldgnf-test", deadline: world.deadline)
            }
            #expect(error?.code == .notFound)
            #expect(error?.remedy != nil)
        }
    }

    @Test("All groups are read by pages")
    func paging() async throws {
        let world = World()
        let executor = FakeExecutor(
            .xml(200, Self.page(Self.group("a", members: ""), marker: "m/1=")),
            .xml(200, Self.page(Self.group("b", members: ""))))
        let groups = try await ElastiCache(try world.client(executor)).describeGlobalReplicationGroups(
            deadline: world.deadline)
        #expect(groups.map(\.id) == ["a", "b"])
        #expect(
            executor.requests.map { String(decoding: $0.body, as: UTF8.self) } == [
                "Action=DescribeGlobalReplicationGroups&Version=2015-02-02&MaxRecords=100&ShowMemberInfo=true",
                "Action=DescribeGlobalReplicationGroups&Version=2015-02-02&MaxRecords=100&Marker=m%2F1%3D&ShowMemberInfo=true",
            ])
    }

    @Test("Pages that do not end are an error", arguments: [true, false])
    func loop(sameEachTime: Bool) async throws {
        let world = World()
        let executor = FakeExecutor { _, index in .xml(200, Self.page("", marker: sameEachTime ? "m" : "m\(index)")) }
        let client = try world.client(executor)
        let error = await awsError {
            try await ElastiCache(client).describeGlobalReplicationGroups(deadline: world.deadline)
        }
        #expect(error?.code == .unexpectedAnswer)
        #expect(executor.requests.count == (sameEachTime ? 2 : 100))
    }

    @Test("A promotion has exactly its three parameters")
    func failover() async throws {
        let world = World()
        let executor = FakeExecutor(NonRepeatableTests.Change.promoting.accepted)
        let group = try await ElastiCache(try world.client(executor)).failoverGlobalReplicationGroup(
            id: "ldgnf-test", primaryRegion: "eu-west-1", primaryReplicationGroupID: "rg+1", deadline: world.deadline)
        #expect(group.status == "modifying")
        #expect(
            executor.requests.map { String(decoding: $0.body, as: UTF8.self) } == [
                "Action=FailoverGlobalReplicationGroup&Version=2015-02-02&GlobalReplicationGroupId=ldgnf-test"
                    + "&PrimaryRegion=eu-west-1&PrimaryReplicationGroupId=rg%2B1"
            ])
    }

    @Test("Detaching has exactly its three parameters")
    func detaching() async throws {
        let world = World()
        let executor = FakeExecutor(NonRepeatableTests.Change.detaching.accepted)
        let elastiCache = ElastiCache(try world.client(executor), region: "us-west-2")
        let group = try await elastiCache.disassociateGlobalReplicationGroup(
            id: "ldgnf-test", replicationGroupID: "rg+1", replicationGroupRegion: "eu-west-1",
            deadline: world.deadline)
        #expect(group == GlobalReplicationGroup(id: "ldgnf-test", status: "modifying", members: []))
        #expect(executor.requests.map(\.url) == ["https://elasticache.us-west-2.amazonaws.com/"])
        #expect(
            executor.requests.map { String(decoding: $0.body, as: UTF8.self) } == [
                "Action=DisassociateGlobalReplicationGroup&Version=2015-02-02&GlobalReplicationGroupId=ldgnf-test"
                    + "&ReplicationGroupId=rg%2B1&ReplicationGroupRegion=eu-west-1"
            ])
    }

    @Test("A thousand groups are read by ten pages of a hundred")
    func thousand() async throws {
        let world = World()
        let executor = FakeExecutor { request, index in
            let form = String(decoding: request.body, as: UTF8.self)
            guard form.contains("&MaxRecords=100&"), index == 0 || form.contains("&Marker=\(index)&") else {
                return .error(400, "InvalidParameterValue")
            }
            let groups = (0..<100).map { Self.group("g-\(index * 100 + $0)", members: "") }.joined()
            return .xml(200, Self.page(groups, marker: index == 9 ? nil : "\(index + 1)"))
        }
        let groups = try await ElastiCache(try world.client(executor)).describeGlobalReplicationGroups(
            deadline: world.deadline)
        #expect(groups.map(\.id) == (0..<1000).map { "g-\($0)" })
        #expect(executor.requests.count == 10)
    }

    @Test(
        "What ElastiCache refuses comes with its code",
        arguments: ["InvalidGlobalReplicationGroupState", "InvalidParameterValue", "InvalidParameterCombination"])
    func refusal(code: String) async throws {
        let world = World()
        let executor = FakeExecutor(.error(400, code))
        let client = try world.client(executor)
        let error = await awsError {
            try await ElastiCache(client).failoverGlobalReplicationGroup(
                id: "g", primaryRegion: "eu-west-1", primaryReplicationGroupID: "rg", deadline: world.deadline)
        }
        #expect(error?.code == .refused)
        #expect(error?.awsCode == code)
        #expect(error?.outcomeIsUnknown == false)
        #expect(executor.requests.count == 1)
    }
}
