import AWSClient
import Promotion
import Testing

@Suite("Routing policies")
struct RoutingTests {
    typealias Reader = RecordSetReaderTests

    static let routings: [(String, [ResourceRecordSet], String?)] = [
        (
            "failover",
            [
                Reader.plain("A", "10.0.0.1", set: "us-east-1", failover: .primary),
                Reader.plain("A", "10.0.0.2", set: "us-west-2", failover: .secondary),
            ], nil
        ),
        ("one simple record", [Reader.plain("A", "10.0.0.1")], nil),
        (
            "all weight on one region",
            [
                Reader.plain("A", "10.0.0.1", set: "us-east-1", weight: 1),
                Reader.plain("A", "10.0.0.2", set: "us-west-2", weight: 0),
            ], nil
        ),
        (
            "weight on two regions",
            [
                Reader.plain("A", "10.0.0.1", set: "us-east-1", weight: 1),
                Reader.plain("A", "10.0.0.2", set: "us-west-2", weight: 9),
            ], "weighted"
        ),
        (
            "weights within one region",
            [
                Reader.alias(to: Reader.east, set: "one"), Reader.alias(to: Reader.east, set: "two"),
            ], nil
        ),
        (
            "latency",
            [
                Reader.plain("A", "10.0.0.1", set: "a", latency: "us-east-1"),
                Reader.plain("A", "10.0.0.2", set: "b", latency: "us-west-2"),
            ], "latency"
        ),
        (
            "latency within one region",
            [
                Reader.plain("A", "10.0.0.1", set: "us-east-1", latency: "us-east-1"),
                Reader.plain("AAAA", "2001:db8::1", set: "us-east-1", latency: "us-east-1"),
            ], nil
        ),
        (
            "multivalue answer",
            [Reader.plain("A", "10.0.0.1", set: "us-east-1"), Reader.plain("A", "10.0.0.2", set: "us-west-2")],
            "geolocation or multivalue answer"
        ),
        (
            "latency behind a failover alias",
            [
                Reader.alias(to: "in.example.com", in: World.zone, set: "p", failover: .primary),
                Reader.plain("A", "10.0.0.1", of: "in.example.com", set: "us-east-1", latency: "us-east-1"),
                Reader.plain("A", "10.0.0.2", of: "in.example.com", set: "us-west-2", latency: "us-west-2"),
            ], "latency"
        ),
        (
            "simple records behind latency aliases",
            [
                Reader.alias(to: "one.example.com", in: World.zone, set: "us-east-1", latency: "us-east-1"),
                Reader.alias(to: "two.example.com", in: World.zone, set: "us-west-2", latency: "us-west-2"),
                Reader.plain("A", "10.0.0.1", of: "one.example.com"),
                Reader.plain("A", "10.0.0.2", of: "two.example.com"),
            ], "latency"
        ),
        (
            "weights on aliases to two regions",
            [
                Reader.alias(to: "one.example.com", in: World.zone, set: "us-east-1", weight: 1),
                Reader.alias(to: "two.example.com", in: World.zone, set: "us-west-2", weight: 1),
                Reader.plain("A", "10.0.0.1", of: "one.example.com"),
                Reader.plain("A", "10.0.0.2", of: "two.example.com"),
            ], "weighted"
        ),
        (
            "weights within latency aliases",
            [
                Reader.alias(to: "one.example.com", in: World.zone, set: "us-east-1", latency: "us-east-1"),
                Reader.alias(to: "two.example.com", in: World.zone, set: "us-west-2", latency: "us-west-2"),
                Reader.plain("A", "10.0.0.1", of: "one.example.com", set: "a", weight: 1),
                Reader.plain("A", "10.0.0.2", of: "two.example.com", set: "b", weight: 0),
            ], "latency"
        ),
    ]

    @Test("Routing that sends clients to several regions at once is named", arguments: routings)
    func routing(_ name: String, sets: [ResourceRecordSet], expected: String?) async throws {
        let world = World()
        world.records.set(sets)
        #expect(try await world.reader().read(deadline: world.deadline).routingByClient == expected, "\(name)")
    }
}
