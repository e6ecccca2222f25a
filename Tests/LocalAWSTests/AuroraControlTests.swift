import Foundation
import Testing

@testable import LocalAWS

/// Aurora over the control API, and in CloudWatch.
@Suite struct AuroraControlTests {
    private func control(_ method: String, _ path: String, _ form: String = "{}", _ aws: LocalAWS) async throws -> (
        status: Int, body: String
    ) {
        try await aws.ask(LocalHTTPRequest(method: method, path: "/_local/\(path)", body: Data(form.utf8)))
    }

    @Test func `A global cluster can be put there, its lag and the end of its failovers be chosen`() async throws {
        let aws = try LocalAWS.sample()
        let form = #"{"id": "g", "regions": ["eu-west-1", "us-west-2"], "engine": "aurora-mysql", "instances": 2}"#
        #expect(try await control("POST", "globalclusters", form, aws).status == 200)
        let group = try #require(aws.globalCluster("g"))
        #expect(group.members.map(\.cluster.id) == ["g-euw1", "g-usw2"])
        #expect(group.writer?.region == "eu-west-1")
        let cluster = try #require(aws.dbCluster("g-usw2", region: "us-west-2"))
        #expect((cluster.engine, cluster.port, cluster.instances.count) == (.mysql, 3306, 2))
        #expect(try await control("POST", "globalclusters/g/lag", #"{"milliseconds": 7}"#, aws).status == 200)
        #expect(aws.globalCluster("g")?.lag == 7)
        #expect(try await control("POST", "globalclusters/g/lag", "{}", aws).status == 200)
        #expect(aws.globalCluster("g")?.lag == nil)
        let stalls = #"{"behavior": "stall"}"#
        #expect(try await control("POST", "globalclusters/g/failovers", stalls, aws).status == 200)
        #expect(aws.globalCluster("g")?.failoverBehavior == .stall)
    }

    @Test(
        "What cannot be done is refused, and changes nothing",
        arguments: [
            ("POST", "globalclusters", #"{"id": "orders-global", "regions": ["eu-west-1"]}"#),
            ("POST", "globalclusters", #"{"id": "orders", "regions": ["us-west-2"]}"#),
            ("POST", "globalclusters", #"{"id": "G", "regions": ["us-west-2"]}"#),
            ("POST", "globalclusters", #"{"id": "g-", "regions": ["us-west-2"]}"#),
            ("POST", "globalclusters", #"{"id": "g", "regions": []}"#),
            ("POST", "globalclusters", #"{"id": "g", "regions": ["us-west-2", "us-west-2"]}"#),
            ("POST", "globalclusters", #"{"id": "g", "regions": ["us-west-2"], "engine": "oracle"}"#),
            ("POST", "globalclusters", #"{"id": "g", "regions": ["us-west-2"], "instances": 17}"#),
            ("POST", "globalclusters/none/lag", #"{"milliseconds": 1}"#),
            ("POST", "globalclusters/orders-global/lag", #"{"milliseconds": -1}"#),
            ("POST", "globalclusters/orders-global/failovers", #"{"behavior": "explode"}"#),
            ("POST", "globalclusters/orders-global/explode", "{}"), ("DELETE", "globalclusters/orders-global", "{}"),
            ("POST", "dbclusters", "{}"),
        ])
    func refusal(_ method: String, _ path: String, _ form: String) async throws {
        let aws = try Orders.world()
        let before = (aws.world.snapshot.globalClusters, aws.world.snapshot.dbClusters)
        let answer = try await control(method, path, form, aws)
        #expect([400, 404].contains(answer.status))
        #expect(answer.body.contains("\"error\""))
        #expect((aws.world.snapshot.globalClusters, aws.world.snapshot.dbClusters) == before)
    }

    @Test func `The state tells the operation that is under way, and what stands alone`() async throws {
        struct State: Decodable {
            struct Operation: Decodable {
                let kind: String
                let status: String
                let to: String
            }

            struct Global: Decodable {
                let id: String
                let operation: Operation?
            }

            struct Cluster: Decodable {
                let id: String
                let globalCluster: String?
                let takesWrites: Bool
            }

            let globalClusters: [Global]
            let dbClusters: [Cluster]
        }
        let aws = try Orders.world()
        #expect(try await aws.failOver(loss: false).status == 200)
        aws.clock.advance(by: .seconds(5))
        func state() async throws -> State {
            try JSONDecoder().decode(State.self, from: Data(try await control("GET", "state", "", aws).body.utf8))
        }
        let operation = try #require(try await state().globalClusters.first?.operation)
        #expect([operation.kind, operation.status, operation.to] == ["switchover", "switching-over", "us-west-2"])
        #expect(try await aws.detach().status == 200)
        aws.clock.advance(by: .seconds(20))
        let after = try await state()
        #expect(after.globalClusters.first?.operation == nil)
        #expect(after.dbClusters.map(\.id) == ["orders-use1", "orders-usw2"])
        #expect(after.dbClusters.map(\.globalCluster) == ["orders-global", nil])
        #expect(after.dbClusters.map(\.takesWrites) == [true, true])
    }

    // MARK: The lag

    /// The values of the last minute and a half, by region.
    private func lags(_ aws: LocalAWS) -> [String: Set<String>] {
        let now = Date()
        let all = ReplicationLag.all(in: aws.world.snapshot, now: now, worldNow: aws.clock.now)
        return all.filter { $0.metric.namespace == "AWS/RDS" }.reduce(into: [:]) { result, lag in
            let points = lag.datapoints(
                from: now.addingTimeInterval(-90), to: now, now: now, each: CloudWatchMinute(seconds: 60))
            let values = points.map { "\(Int($0.maximum))" }
            result[lag.metric.region, default: []].formUnion(values.isEmpty ? ["none"] : values)
        }
    }

    @Test func `Each secondary has a lag in its region, and none while it is rebuilt`() async throws {
        let aws = try Orders.world(threeRegions: true)
        #expect(lags(aws) == ["us-west-2": ["120"], "eu-west-1": ["120"]])
        try aws.setLag(milliseconds: 3000, ofGlobalCluster: "orders-global")
        #expect(lags(aws) == ["us-west-2": ["3000"], "eu-west-1": ["3000"]])
        #expect(try await aws.failOver().status == 200)
        aws.clock.advance(by: .seconds(60))
        #expect(lags(aws) == [:])
        aws.clock.advance(by: .seconds(120))
        #expect(lags(aws) == ["us-east-1": ["3000"], "eu-west-1": ["3000"]])
        try aws.setLag(milliseconds: nil, ofGlobalCluster: "orders-global")
        #expect(lags(aws) == ["us-east-1": ["none"], "eu-west-1": ["none"]])
    }

    @Test func `Two minutes after the loss of the primary's region no lag is told any more`() throws {
        let aws = try Orders.world()
        aws.takeDown(region: "us-east-1")
        #expect(lags(aws) == ["us-west-2": ["120"]])
        aws.clock.advance(by: .seconds(120 + 90))
        #expect(lags(aws) == ["us-west-2": ["none"]])
        aws.bringUp(region: "us-east-1")
        #expect(lags(aws) == ["us-west-2": ["120"]])
    }
}
