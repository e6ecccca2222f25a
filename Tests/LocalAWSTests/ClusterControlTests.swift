import Foundation
import Testing

@testable import LocalAWS

/// Replication groups over the control API.
@Suite struct ClusterControlTests {
    private struct Group: Decodable {
        struct Node: Decodable {
            let id: String
            let role: String
            let status: String
            let endpoint: String?
            let listed: Bool
        }

        let id: String
        let region: String
        let status: String
        let topicARN: String?
        let tellsNodes: Bool
        let nodes: [Node]
    }

    /// - Returns: the group as it is now, nil where the answer was a refusal.
    private func control(
        _ method: String, _ path: String, _ form: String = "{}", query: String = "", of id: String = "sessions-use1",
        on aws: LocalAWS
    ) async throws -> Group? {
        let request = LocalHTTPRequest(
            method: method, path: "/_local/groups\(path)", query: query, body: Data(form.utf8))
        let answer = try await aws.ask(request)
        guard answer.status == 200 else { return nil }
        return try JSONDecoder().decode([Group].self, from: Data(answer.body.utf8)).first { $0.id == id }
    }

    @Test func `A failover, new replicas, one that goes and one that is replaced`() async throws {
        let aws = try LocalAWS.sample()
        let failing = try #require(try await control("POST", "/sessions-use1/failover", on: aws))
        #expect(failing.status == "modifying")
        aws.clock.advance(by: .seconds(150))
        let more = try #require(try await control("POST", "/sessions-use1/replicas", #"{"count": 2}"#, on: aws))
        #expect(more.nodes.map(\.role) == ["replica", "primary", "replica", "replica"])
        #expect(more.nodes.map { $0.endpoint == nil } == [false, false, true, true])
        aws.clock.advance(by: .seconds(300))
        let fewer = try #require(try await control("DELETE", "/sessions-use1/nodes/sessions-use1-001", on: aws))
        #expect(fewer.nodes.map(\.status) == ["deleting", "available", "available", "available"])
        aws.clock.advance(by: .seconds(60))
        let replaced = try #require(
            try await control("POST", "/sessions-use1/nodes/sessions-use1-003", #"{"listed": false}"#, on: aws))
        #expect(replaced.nodes.map(\.id) == ["sessions-use1-002", "sessions-use1-003", "sessions-use1-004"])
        #expect(replaced.nodes.map(\.listed) == [true, false, true])
    }

    @Test func `A failover of a shard may be to a replica of one's choice`() async throws {
        let aws = try LocalAWS.sample()
        aws.put(ReplicationGroupNodeTests.group(shards: 2, replicas: 2))
        let chosen = #"{"shard": "0002", "to": "rg-0002-003"}"#
        #expect(try await control("POST", "/rg/failover", chosen, of: "rg", on: aws) != nil)
        aws.clock.advance(by: .seconds(30))
        let primaries = aws.replicationGroup("rg", region: "us-east-1")?.shards.map(\.primary?.id)
        #expect(primaries == ["rg-0001-001", "rg-0002-003"])
    }

    @Test func `A group can be put there, and told whom to tell`() async throws {
        let aws = try LocalAWS.sample()
        let form = #"{"id": "rg", "region": "eu-west-1", "shards": 3, "replicas": 5}"#
        let made = try #require(try await control("POST", "", form, of: "rg", on: aws))
        #expect(made.nodes.count == 18)
        #expect(made.status == "available")
        #expect(!made.tellsNodes)
        #expect(try await control("POST", "", form, of: "rg", on: aws) == nil, "there is one already")
        let topic = aws.addTopic("events", region: "eu-west-1")
        let told = #"{"topicARN": "\#(topic)", "tellsNodes": true}"#
        let changed = try #require(try await control("POST", "/rg", told, of: "rg", on: aws))
        #expect(changed.topicARN == topic && changed.tellsNodes)
        let silent = try #require(try await control("POST", "/rg", #"{"topicARN": ""}"#, of: "rg", on: aws))
        #expect(silent.topicARN == nil && silent.tellsNodes)
    }

    @Test func `A function is told what happens to a group, by the topic it has or by a new one`() async throws {
        let aws = try LocalAWS.sample()
        for name in ["one", "two"] { try await aws.addFunction(name: name, region: "us-east-1") }
        func endpoints(_ topic: String?) -> [String] {
            let subscriptions = aws.world.snapshot.topics[topic ?? ""]?.subscriptions ?? []
            return subscriptions.filter { $0.networkProtocol == "lambda" }.map(\.endpoint)
        }
        let arns = ["one", "two"].map { "arn:aws:lambda:us-east-1:111122223333:function:\($0)" }
        let first = try await control("POST", "/sessions-use1", #"{"functions": ["one"]}"#, on: aws)
        #expect(first?.topicARN == "arn:aws:sns:us-east-1:111122223333:sessions-use1-events")
        #expect(endpoints(first?.topicARN) == [arns[0]])
        let second = try await control("POST", "/sessions-use1", #"{"functions": ["one", "two"]}"#, on: aws)
        #expect(second?.topicARN == first?.topicARN)
        #expect(endpoints(first?.topicARN) == arns)
        #expect(try await control("POST", "/sessions-use1", #"{"functions": ["three"]}"#, on: aws) == nil)
        await aws.stop()
    }

    @Test func `Where two regions have a group of one id, the region must be said`() async throws {
        let aws = try LocalAWS.sample()
        for region in ["us-east-1", "us-west-2"] { aws.put(ReplicationGroupNodeTests.group(region: region)) }
        #expect(try await control("POST", "/rg/failover", of: "rg", on: aws) == nil)
        #expect(try await control("POST", "/rg/failover", query: "region=us-west-2", of: "rg", on: aws) != nil)
        #expect(aws.replicationGroup("rg", region: "us-west-2")?.status == "modifying")
        #expect(aws.replicationGroup("rg", region: "us-east-1")?.status == "available")
    }

    @Test(
        "What cannot be done is refused, and changes nothing",
        arguments: [
            ("POST", "/none/failover", "{}"), ("POST", "/sessions-use1/failover", #"{"shard": "0002"}"#),
            ("POST", "/sessions-use1/failover", #"{"to": "sessions-use1-001"}"#),
            ("POST", "/sessions-use1/replicas", #"{"count": 5}"#),
            ("POST", "/sessions-use1/replicas", #"{"count": 0}"#),
            ("POST", "/sessions-use1/replicas", #"{"count": -1}"#), ("POST", "/sessions-use1/replicas", "none"),
            ("DELETE", "/sessions-use1/nodes/sessions-use1-001", "{}"),
            ("DELETE", "/sessions-use1/nodes/none", "{}"), ("POST", "/sessions-use1/nodes/none", "{}"),
            ("POST", "/sessions-use1", #"{"topicARN": "none"}"#),
            ("POST", "", #"{"id": "RG", "region": "us-east-1"}"#),
            ("POST", "", #"{"id": "rg", "region": "us-east-1", "replicas": 6}"#),
            ("POST", "", #"{"id": "rg", "region": "us-east-1", "shards": 2, "clusterMode": false}"#),
            ("PUT", "", "{}"), ("POST", "/sessions-use1/explode", "{}"),
        ])
    func refusal(_ method: String, _ path: String, _ form: String) async throws {
        let aws = try LocalAWS.sample()
        let before = aws.world.snapshot.replicationGroups
        let request = LocalHTTPRequest(method: method, path: "/_local/groups\(path)", body: Data(form.utf8))
        let answer = try await aws.ask(request)
        #expect([400, 404].contains(answer.status))
        #expect(answer.body.contains("\"error\""))
        #expect(aws.world.snapshot.replicationGroups == before)
    }

    @Test(
        "Faults of notifications are made over the control API",
        arguments: [
            (#"{"effect": "loseNotification"}"#, Fault.Notification.lost),
            (#"{"effect": "repeatNotification", "count": 3}"#, .repeated(3)),
            (#"{"effect": "delayNotification", "seconds": 5}"#, .delayed(.seconds(5))),
            (#"{"effect": "reorderNotification"}"#, .overtaken),
        ])
    func faults(_ form: String, _ expected: Fault.Notification) async throws {
        let aws = try LocalAWS.sample()
        let request = LocalHTTPRequest(method: "POST", path: "/_local/faults", body: Data(form.utf8))
        let answer = try await aws.ask(request)
        #expect(answer.status == 200)
        #expect(aws.activeFaults.first?.fault.notification == expected)
        let told = try JSONDecoder().decode(FaultForm.self, from: Data(answer.body.utf8))
        #expect(told.fault?.notification == expected)
    }

    @Test func `A zone is told to take one change at a time`() async throws {
        let aws = try LocalAWS.sample()
        func tell(_ zone: String) async throws -> Int {
            let form = Data(#"{"oneChangeAtATime": true}"#.utf8)
            return try await aws.ask(LocalHTTPRequest(method: "POST", path: "/_local/zones/\(zone)", body: form)).status
        }
        #expect(try await tell("Z0LOCALPROMOTER") == 200)
        #expect(aws.world.snapshot.zones["Z0LOCALPROMOTER"]?.takesOneChangeAtATime == true)
        #expect(try await tell("Z1") == 404)
    }
}
