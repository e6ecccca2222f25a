import Foundation
import Testing

@testable import LocalAWS

/// The global cluster of the sample world, and requests to it.
enum Orders {
    static let east = LocalAWS.Sample.cluster(in: "us-east-1")
    static let west = LocalAWS.Sample.cluster(in: "us-west-2")
    static let europe = LocalAWS.Sample.cluster(in: "eu-west-1")

    /// With a clock that stands still.
    static func world(
        threeRegions: Bool = false, _ change: (inout LocalAWSConfiguration) -> Void = { _ in }
    ) throws -> LocalAWS {
        var configuration = LocalAWSConfiguration()
        configuration.clock = .manual
        change(&configuration)
        return try LocalAWS.sampleWorld(configuration, threeRegions: threeRegions, aurora: true)
    }
}

extension LocalAWS {
    func rds(_ action: String, _ parameters: [String: String] = [:], region: String = "us-west-2") async throws -> (
        status: Int, body: String
    ) {
        try await ask(Self.query(action, parameters, service: "rds", version: "2014-10-31", region: region))
    }

    func failOver(to target: DBCluster.Key = Orders.west, loss: Bool = true) async throws -> (
        status: Int, body: String
    ) {
        try await rds(
            "FailoverGlobalCluster",
            [
                "GlobalClusterIdentifier": "orders-global", "TargetDbClusterIdentifier": target.arn,
                "AllowDataLoss": loss ? "true" : "false",
            ], region: target.region)
    }

    func detach(_ cluster: DBCluster.Key = Orders.west) async throws -> (status: Int, body: String) {
        try await rds(
            "RemoveFromGlobalCluster",
            ["GlobalClusterIdentifier": "orders-global", "DbClusterIdentifier": cluster.arn], region: cluster.region)
    }

    var orders: GlobalCluster {
        get throws { try #require(globalCluster("orders-global")) }
    }

    /// Of the members that are no writers and have not the writer's data.
    var waitingRegions: [String] {
        get throws { try orders.members.filter { !$0.isConnected }.map(\.cluster.region) }
    }

    func dbCluster(_ key: DBCluster.Key) throws -> DBCluster { try #require(dbCluster(key.id, region: key.region)) }

    /// The addresses that a name leads to.
    func addresses(of name: String) -> [String] { world.snapshot.answers[DNSName(name)]?.addresses ?? [] }
}

/// What happened to Aurora, in order.
final class AuroraTimeline: Sendable {
    private let seen: AsyncStream<LocalEvent>

    init(of aws: LocalAWS) { seen = aws.events.stream() }

    /// Up to the first event that is like this one.
    func events(until last: @Sendable (AuroraEvent.Kind) -> Bool) async -> [AuroraEvent] {
        var events: [AuroraEvent] = []
        for await event in seen {
            guard case .auroraChanged(let change) = event.kind else { continue }
            events.append(change)
            if last(change.kind) { break }
        }
        return events
    }
}
