/// A group of replicas over several regions, of which one is primary, as a service describes it: an
/// ElastiCache Global Datastore, or an Aurora global cluster.
package struct GlobalGroup: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        /// What the service calls the member when it is asked to promote it (`ReplicationGroupId`, or the ARN of the
        /// cluster).
        package var id: String
        package var region: String
        package var role: Role
        /// As the service spells it, such as `associated`.
        package var status: String

        /// Whether it takes part in the replication, in the word of ElastiCache or in that of Aurora.
        package var isAssociated: Bool { ["associated", "connected"].contains(status.lowercased()) }

        package init(id: String, region: String, role: Role, status: String) {
            self.id = id
            self.region = region
            self.role = role
            self.status = status
        }
    }

    package enum Role: Sendable, Equatable {
        case primary
        case secondary
        /// A word that this version does not know. It is neither a reason to promote nor one not to.
        case other(String)

        /// Compares without case, as AWS's free strings are to be.
        package init(_ word: String) {
            switch word.lowercased() {
            case "primary": self = .primary
            case "secondary": self = .secondary
            default: self = .other(word)
            }
        }
    }

    /// Whether nothing is under way in it: only then does what was read of it last.
    package var isSettled: Bool { status.lowercased() == "available" }

    package var id: String
    /// As the service spells it, such as `available` or `modifying`.
    package var status: String
    package var members: [Member]

    package init(id: String, status: String, members: [Member]) {
        self.id = id
        self.status = status
        self.members = members
    }
}
