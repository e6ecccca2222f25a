import ArgumentParser
import Foundation
import LocalAWS

struct Cluster: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the nodes of ElastiCache's replication groups, and let things happen to them.",
        discussion: """
            They happen as in AWS: a failover lasts its time, with a moment without a primary, and the lost node comes \
            back as a replica; a new replica has no endpoint at first. A group that has a topic tells it. The \
            operations of the API work too: `local-aws run -- aws elasticache test-failover …`.
            """,
        subcommands: [
            Nodes.self, Create.self, Failover.self, AddReplica.self, RemoveReplica.self, Replace.self, Notify.self,
        ],
        defaultSubcommand: Nodes.self
    )

    /// Which group, of which emulator.
    struct GroupOptions: ParsableArguments {
        @OptionGroup var control: ControlOptions
        @OptionGroup var form: OutputOptions
        @Argument(help: "Such as sessions-use1.") var group: String
        @Option(help: "The region of the group, where several have one of this id.") var region: String?

        /// - Parameter path: after the group's.
        func send(_ method: String, _ path: String = "", _ body: Form = Form()) async throws -> String {
            try await control.send(
                method, "/_local/groups/\(group)\(path)", query: region.map { [("region", $0)] } ?? [],
                body: try JSONEncoder().encode(body))
        }

        /// - Parameter line: what has begun.
        func say(_ answer: String, _ line: String) throws {
            guard form.output == .text else { return Serve.say(answer) }
            Serve.say("\(line) \(group) is \(try view(answer)?.status ?? "gone").\n")
        }

        func view(_ answer: String) throws -> View? {
            try View.all(answer).first { $0.id == group && region ?? $0.region == $0.region }
        }
    }

    /// A body for the control API: what is nil is left out.
    struct Form: Encodable {
        var id: String?
        var region: String?
        var shards: Int?
        var replicas: Int?
        var shard: String?
        var to: String?
        var count: Int?
        var listed: Bool?
        var clusterMode: Bool?
        var tls: Bool?
        var tellsNodes: Bool?
        var topicARN: String?
        var functions: [String]?
    }

    /// As much of a group as the commands tell.
    struct View: Decodable {
        struct Node: Decodable {
            let id: String
            let shard: String
            let role: String
            let status: String
            let endpoint: String?
            let listed: Bool
        }

        let id: String
        let region: String
        let status: String
        let clusterMode: Bool
        let topicARN: String?
        let nodes: [Node]

        static func all(_ answer: String) throws -> [View] {
            try JSONDecoder().decode([View].self, from: Data(answer.utf8))
        }
    }
}

extension Cluster {
    struct Nodes: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the nodes with their roles and endpoints.")
        @OptionGroup var control: ControlOptions
        @OptionGroup var form: OutputOptions
        @Argument(help: "A replication group. Default: all.") var group: String?

        func run() async throws {
            let answer = try await control.send("GET", "/_local/groups")
            let groups = try View.all(answer).filter { $0.id == group ?? $0.id }
            if let group, groups.isEmpty { throw LocalAWSError("There is no replication group \(group).") }
            guard form.output == .text else { return Serve.say(answer) }
            guard !groups.isEmpty else { return Serve.say("No replication groups.\n") }
            for group in groups {
                let mode = group.clusterMode ? ", cluster mode" : ""
                let topic = group.topicARN.map { ", tells \($0)" } ?? ""
                Serve.say("\(group.id) in \(group.region): \(group.status)\(mode)\(topic)\n")
                for node in group.nodes { Serve.say("  \(Self.line(node, of: group))\n") }
            }
        }

        private static func line(_ node: View.Node, of group: View) -> String {
            let shard = group.clusterMode ? "shard \(node.shard)  " : ""
            let listed = node.listed ? "" : ", not listed"
            return "\(node.id)  \(shard)\(node.role), \(node.status)\(listed)  \(node.endpoint ?? "no endpoint yet")"
        }
    }

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a replication group there, available at once.",
            discussion: "`aws elasticache create-replication-group` works too, and takes its time."
        )
        @OptionGroup var group: GroupOptions
        @Option(help: "More than one: cluster mode.") var shards = 1
        @Option(help: "Of each shard.") var replicas = 1
        @Flag(help: "Cluster mode with one shard, too.") var clusterMode = false
        @Flag(help: "Without transit encryption: the endpoints have other names.") var noTls = false
        @Flag(help: "Tell roles and endpoints of the nodes in cluster mode too, which AWS does not document.")
        var tellsNodes = false

        func run() async throws {
            var form = Form()
            form.id = group.group
            form.region = group.region ?? LocalAWS.Sample.primaryRegion
            (form.shards, form.replicas) = (shards, replicas)
            form.clusterMode = clusterMode || shards > 1
            (form.tls, form.tellsNodes) = (!noTls, tellsNodes)
            let body = try JSONEncoder().encode(form)
            let answer = try await group.control.send("POST", "/_local/groups", body: body)
            try group.say(answer, "There is a new group in \(form.region ?? "").")
        }
    }

    struct Failover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lose the primary of a shard: a replica takes its place, and the lost node comes back as one.")
        @OptionGroup var group: GroupOptions
        @Option(help: "In cluster mode, such as 0001.") var shard: String?
        @Option(help: "The replica that becomes primary. Default: the first that is available.") var to: String?

        func run() async throws {
            let answer = try await group.send("POST", "/failover", Form(shard: shard, to: to))
            try group.say(answer, "The failover has begun.")
        }
    }

    struct AddReplica: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add replicas to a shard.")
        @OptionGroup var group: GroupOptions
        @Option(help: "In cluster mode, such as 0001.") var shard: String?
        @Option(help: "How many.") var count = 1

        func run() async throws {
            let answer = try await group.send("POST", "/replicas", Form(shard: shard, count: count))
            try group.say(answer, "Replicas are being made: \(count).")
        }
    }

    struct RemoveReplica: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a replica.")
        @OptionGroup var group: GroupOptions
        @Argument(help: "Such as sessions-use1-002.") var node: String

        func run() async throws {
            try group.say(try await group.send("DELETE", "/nodes/\(node)"), "\(node) goes.")
        }
    }

    struct Replace: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Replace a node: it comes back with its id and its endpoint. Of a primary: fail over first.")
        @OptionGroup var group: GroupOptions
        @Argument(help: "Such as sessions-use1-002.") var node: String
        @Flag(help: "No answer has the node until it is back.") var unlisted = false

        func run() async throws {
            let answer = try await group.send("POST", "/nodes/\(node)", Form(listed: !unlisted))
            try group.say(answer, "\(node) is being replaced.")
        }
    }

    struct Notify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Choose the SNS topic that a group tells what happens.",
            discussion: """
                A function of `serve --function` can be told, too; without a topic there is a new one, GROUP-events. \
                AWS's own tools do the same: `local-aws run -- aws sns subscribe --protocol lambda …`. What can go \
                wrong on the way is a fault: see loseNotification and its siblings in GET /_local/.
                """
        )
        @OptionGroup var group: GroupOptions
        @Argument(help: "The topic's ARN, or 'none'.") var topic: String?
        @Option(help: "A function that subscribes to it. May be repeated.") var function: [String] = []

        func validate() throws {
            guard topic != nil || !function.isEmpty else { throw ValidationError("Say a topic, or a function.") }
            guard topic != "none" || function.isEmpty else {
                throw ValidationError("A function cannot be told without a topic.")
            }
        }

        func run() async throws {
            let form = Form(
                topicARN: topic == "none" ? "" : topic, functions: function.isEmpty ? nil : function)
            let answer = try await group.send("POST", "", form)
            try group.say(answer, try group.view(answer)?.topicARN.map { "It tells \($0)." } ?? "It tells nobody.")
        }
    }
}
