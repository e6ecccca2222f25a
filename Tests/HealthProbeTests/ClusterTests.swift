import HTTPTransport
import HealthProbe
import TestRedis
import Testing

@Suite("Probing a cluster")
struct ClusterTests {
    /// Two nodes that know each other, each with half of the slots.
    static func cluster() async throws -> [RedisServer] {
        let options = ["--cluster-enabled", "yes", "--cluster-node-timeout", "60000"]
        let nodes = [try await RedisServer(options), try await RedisServer(options)]
        try await nodes[0].command("CLUSTER", "ADDSLOTSRANGE", "0", "8191")
        try await nodes[1].command("CLUSTER", "ADDSLOTSRANGE", "8192", "16383")
        try await nodes[0].command("CLUSTER", "MEET", "127.0.0.1", "\(nodes[1].port)")
        for node in nodes {
            while true {
                let information = try await node.command("CLUSTER", "INFO")
                let isWhole = information.text?.contains("cluster_slots_assigned:16384") ?? false
                if isWhole, information.text?.contains("cluster_state:ok") ?? false { break }
            }
        }
        return nodes
    }

    @Test("Whichever node is asked, the probe finds the one that has the key")
    func moved() async throws {
        let nodes = try await Self.cluster()
        for node in nodes {
            let result = await RealRedisTests.probe(RealRedisTests.target(node.port, role: .primary))
            #expect(result.isHealthy, "\(String(describing: result.failure))")
        }
        // Each key is on one of them.
        var keys = 0
        for node in nodes {
            if case .array(let found) = try await node.command("KEYS", "*") { keys += found.count }
        }
        #expect(keys == 1)
    }

    @Test("A slot that is on its way to another node is written there")
    func asking() async throws {
        let nodes = try await Self.cluster()
        guard case .integer(let slot) = try await nodes[0].command("CLUSTER", "KEYSLOT", "promoter:probe:test") else {
            Issue.record("no slot")
            return
        }
        let (source, destination) = slot <= 8191 ? (nodes[0], nodes[1]) : (nodes[1], nodes[0])
        let sourceID = try #require(try await source.command("CLUSTER", "MYID").text)
        let destinationID = try #require(try await destination.command("CLUSTER", "MYID").text)
        try await destination.command("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", sourceID)
        try await source.command("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", destinationID)
        let result = await RealRedisTests.probe(RealRedisTests.target(source.port))
        #expect(result.isHealthy, "\(String(describing: result.failure))")
        #expect(try await source.command("DBSIZE") == .integer(0))
        #expect(try await destination.command("DBSIZE") == .integer(1))
    }

    @Test("One whose slots nobody has")
    func down() async throws {
        let node = try await RedisServer(["--cluster-enabled", "yes"])
        let failure = await RealRedisTests.probe(RealRedisTests.target(node.port)).failure
        #expect(failure?.reason == .write)
        #expect(failure?.code == "CLUSTERDOWN")
    }
}
