/// A replication group of one region: its shards and their nodes. (The API says node group for shard, and cache cluster
/// for node.)
package struct ReplicationGroup: Sendable, Equatable, Identifiable {
    package struct Key: Hashable, Sendable, Comparable {
        package let region: String
        package let id: String

        package init(region: String, id: String) {
            self.region = region
            self.id = id
        }

        package static func < (left: Key, right: Key) -> Bool { (left.region, left.id) < (right.region, right.id) }
    }

    package struct Options: Sendable, Equatable {
        package var clusterMode = false
        /// Transit encryption: it decides about the form of the endpoints' names.
        package var tls = true
        package var automaticFailover = true
        package var multiAZ = true
        /// Whether each node's role and endpoint are told in cluster mode too. AWS documents both for cluster mode
        /// disabled only; without cluster mode they are always told.
        package var tellsNodes = false
        package var port = 6379

        package init() {}
    }

    package enum Role: String, Sendable, Codable { case primary, replica }

    package struct Node: Sendable, Equatable {
        package enum Status: String, Sendable { case creating, available, modifying, deleting }

        package let id: String
        package let zone: String
        package var role = Role.replica
        package var status = Status.creating
        /// A node that is being replaced may be missing from the answers meanwhile.
        package var isListed = true
    }

    package struct Shard: Sendable, Equatable {
        /// `0001`
        package let id: String
        package var nodes: [Node]
        /// Of the failover under way.
        package var failover: Failover?

        package var primary: Node? { nodes.first { $0.role == .primary } }
        package var replicas: [Node] { nodes.filter { $0.role == .replica } }
        var isSettled: Bool { failover == nil && nodes.allSatisfy { $0.status == .available } }
    }

    package struct Failover: Sendable, Equatable {
        /// Counts them, so that the end of one cannot be taken for the end of a later one.
        package let number: Int
        package let shard: String
        package let from: String
        package let to: String
    }

    /// Of a shard.
    package static let mostReplicas = 5
    /// Of a group, once AWS has raised the quota of 90.
    package static let mostNodes = 500

    package let id: String
    package let region: String
    package var options: Options
    package var shards: [Shard]
    package var isCreating = false
    /// The SNS topic that it tells what happens.
    package var topicARN: String?
    package var topicIsActive = true
    package internal(set) var failoverNumber = 0

    /// All of it there and available; the first node of each shard is its primary.
    /// - Parameters:
    ///   - shards: 1 to 90; more than one in cluster mode only.
    ///   - replicas: of each shard, 0 to 5.
    package init(
        id: String, region: String, shards: Int = 1, replicas: Int = 1, options: Options = .init()
    ) {
        self.id = id
        self.region = region
        self.options = options
        self.shards = (1...max(shards, 1)).map { Shard(id: Self.padded($0, to: 4), nodes: []) }
        for index in self.shards.indices {
            for number in 0...replicas {
                var node = newNode(in: self.shards[index])
                (node.status, node.role) = (.available, number == 0 ? .primary : .replica)
                self.shards[index].nodes.append(node)
            }
        }
    }

    package var key: Key { Key(region: region, id: id) }
    package var nodes: [Node] { shards.flatMap(\.nodes) }

    package var status: String {
        if isCreating { return "creating" }
        return shards.allSatisfy(\.isSettled) ? "available" : "modifying"
    }

    /// Each shard has its part of the 16384 hash slots: `0-5461` of three.
    func slots(of shard: Shard) -> String {
        let index = shards.firstIndex { $0.id == shard.id } ?? 0
        let starts = [index, index + 1].map { ($0 * 16_384 + shards.count - 1) / shards.count }
        return "\(starts[0])-\(starts[1] - 1)"
    }

    package func shard(of node: String) -> Shard? { shards.first { $0.nodes.contains { $0.id == node } } }

    /// With the lowest free number, in the next availability zone.
    func newNode(in shard: Shard) -> Node {
        let prefix = options.clusterMode ? "\(id)-\(shard.id)-" : "\(id)-"
        let taken = Set(shard.nodes.map(\.id))
        let number = (1...).first { !taken.contains(prefix + Self.padded($0, to: 3)) } ?? 1
        let letters = Array("abc")
        return Node(id: prefix + Self.padded(number, to: 3), zone: region + String(letters[(number - 1) % 3]))
    }

    static func padded(_ number: Int, to length: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }

    /// "A name must contain from 1 to 40 alphanumeric characters or hyphens. The first character must be a letter. A
    /// name cannot end with a hyphen or contain two consecutive hyphens."
    static func isID(_ text: String) -> Bool {
        (1...40).contains(text.utf8.count) && text.hasOnlyLettersAndDigits(or: "-")
            && text.first?.isLetter == true && !text.hasSuffix("-") && !text.contains("--")
    }
}
