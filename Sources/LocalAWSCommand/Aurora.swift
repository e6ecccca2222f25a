import ArgumentParser
import Foundation
import LocalAWS

struct Aurora: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show Aurora's global clusters, and choose what becomes of their failovers.",
        discussion: """
            `serve --aurora` has one, \(LocalAWS.Sample.globalClusterID); `create` makes more. The operations are \
            those of the API: `local-aws run -- aws rds failover-global-cluster …`. A region fails by `local-aws \
            fail REGION --services`: then a failover with AllowDataLoss works, and a switchover stands still until \
            the region is healed.
            """,
        subcommands: [Clusters.self, Create.self, Failovers.self, Lag.self],
        defaultSubcommand: Clusters.self
    )

    /// As much of the world as the commands tell.
    struct View: Decodable {
        struct Global: Decodable {
            struct Member: Decodable {
                let cluster: String
                let region: String
                let writer: Bool
                let connected: Bool
            }

            struct Operation: Decodable {
                let kind: String
                let status: String
                let from: String
                let to: String
                let stalled: Bool
            }

            let id: String
            let status: String
            let endpoint: String
            let failovers: String
            let members: [Member]
            let operation: Operation?
        }

        struct Cluster: Decodable {
            let id: String
            let region: String
            let status: String
            let globalCluster: String?
            let takesWrites: Bool
            let endpoint: String
            let readerEndpoint: String
        }

        let globalClusters: [Global]
        let dbClusters: [Cluster]

        init(_ state: String) throws { self = try JSONDecoder().decode(View.self, from: Data(state.utf8)) }
    }
}

extension Aurora {
    struct Clusters: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List global clusters and clusters with their roles and endpoints.")
        @OptionGroup var control: ControlOptions

        func run() async throws {
            let view = try View(try await control.send("GET", "/_local/state"))
            guard !view.globalClusters.isEmpty || !view.dbClusters.isEmpty else { return Serve.say("No clusters.\n") }
            for global in view.globalClusters { Serve.say(Self.text(global, in: view)) }
            for cluster in view.dbClusters where cluster.globalCluster == nil {
                let role = cluster.takesWrites ? "takes writes" : "takes no writes yet"
                Serve.say("\(cluster.id) in \(cluster.region): \(cluster.status), by itself, \(role)\n")
                Serve.say(Self.endpoints(cluster))
            }
        }

        private static func text(_ global: View.Global, in view: View) -> String {
            var lines = ["\(global.id): \(global.status)  \(global.endpoint)"]
            if let operation = global.operation {
                let still = operation.stalled ? ", standing still" : ""
                lines.append(
                    "  \(operation.kind) from \(operation.from) to \(operation.to): \(operation.status)\(still)")
            }
            for member in global.members {
                let role = member.writer ? "primary" : member.connected ? "secondary" : "secondary, pending-resync"
                let cluster = view.dbClusters.first { $0.id == member.cluster && $0.region == member.region }
                lines.append("  \(member.cluster) in \(member.region): \(role), \(cluster?.status ?? "gone")")
                if let cluster { lines.append("  " + endpoints(cluster).dropLast()) }
            }
            return lines.map { $0 + "\n" }.joined()
        }

        private static func endpoints(_ cluster: View.Cluster) -> String {
            "  \(cluster.takesWrites ? cluster.endpoint : cluster.readerEndpoint)\n"
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a global cluster there, available at once.",
            discussion: "`aws rds create-global-cluster` and `create-db-cluster` work too, and take their time."
        )
        @OptionGroup var control: ControlOptions
        @OptionGroup var form: OutputOptions
        @Argument(help: "Such as orders.") var globalCluster: String
        @Option(help: "May be repeated; the first one is the primary's. Default: us-east-1 and us-west-2.")
        var region: [String] = []
        @Option(help: "aurora-postgresql or aurora-mysql.") var engine = "aurora-postgresql"
        @Option(help: "Of each cluster.") var instances = 1

        private struct Form: Encodable {
            let id: String
            let regions: [String]
            let engine: String
            let instances: Int
        }

        func run() async throws {
            let regions =
                region.isEmpty ? [LocalAWS.Sample.primaryRegion, LocalAWS.Sample.secondaryRegion] : region
            let form = Form(id: globalCluster, regions: regions, engine: engine, instances: instances)
            let state = try await control.send("POST", "/_local/globalclusters", body: try JSONEncoder().encode(form))
            guard self.form.output == .text else { return Serve.say(state) }
            Serve.say("\(globalCluster) is there, with a cluster in \(regions.joined(separator: " and in ")).\n")
        }
    }

    struct Failovers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Choose what becomes of a FailoverGlobalCluster and a SwitchoverGlobalCluster.",
            discussion: """
                It may succeed; be refused (InvalidDBClusterStateFault); be accepted and stall until this is \
                changed; or be accepted and revert, `cancelling` at first, with the roles as before. For other \
                errors see `POST /_local/faults` in GET /_local/, with the service rds.
                """
        )
        @OptionGroup var control: ControlOptions
        @OptionGroup var form: OutputOptions
        @Argument(help: "Such as \(LocalAWS.Sample.globalClusterID).") var globalCluster: String
        @Argument(help: "One of succeed, refuse, stall and revert.") var behavior: FailoverBehavior

        func run() async throws {
            let path = "/_local/globalclusters/\(globalCluster)/failovers"
            let body = try JSONEncoder().encode(["behavior": behavior.rawValue])
            let state = try await control.send("POST", path, body: body)
            guard form.output == .text else { return Serve.say(state) }
            let status = try View(state).globalClusters.first { $0.id == globalCluster }?.status ?? "gone"
            Serve.say("Failovers of \(globalCluster) \(behavior.rawValue) from now on; it is \(status).\n")
        }
    }

    struct Lag: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set how far the secondaries of a global cluster are behind, as CloudWatch tells it.",
            discussion: "For all three metrics, and for all minutes; see `local-aws lag` for what else there is to it."
        )
        @OptionGroup var control: ControlOptions
        @OptionGroup var form: OutputOptions
        @Argument(help: "Such as \(LocalAWS.Sample.globalClusterID).") var globalCluster: String
        @Argument(help: "Milliseconds, or 'none' for no datapoints.") var lag: AuroraLagArgument

        func run() async throws {
            let path = "/_local/globalclusters/\(globalCluster)/lag"
            let body = try JSONEncoder().encode(lag.milliseconds.map { ["milliseconds": $0] } ?? [:])
            let state = try await control.send("POST", path, body: body)
            guard form.output == .text else { return Serve.say(state) }
            let what =
                lag.milliseconds.map { "the secondaries are \($0) ms behind" }
                ?? "CloudWatch has no datapoints of the lag"
            Serve.say("\(globalCluster): \(what).\n")
        }
    }
}

struct AuroraLagArgument: ExpressibleByArgument {
    /// nil: no datapoints.
    let milliseconds: Double?

    init?(argument: String) {
        guard argument != "none" else {
            milliseconds = nil
            return
        }
        guard let milliseconds = Double(argument), (0...1e9).contains(milliseconds) else { return nil }
        self.milliseconds = milliseconds
    }
}
