/// An ElastiCache global replication group and its state machine.
package struct GlobalDatastore: Sendable, Equatable, Codable {
    package struct Member: Sendable, Equatable, Codable {
        package var id: String
        package var region: String
        package var role: String
        package var status = "associated"
        package var automaticFailover = "enabled"

        package init(id: String, region: String, role: String) {
            self.id = id
            self.region = region
            self.role = role
        }
    }

    package let id: String
    package var status = "available"
    package var members: [Member]
    /// The region that becomes primary when the failover under way ends.
    package private(set) var failingOverTo: String?
    /// Counts the failovers, so that the end of one cannot be taken for the end of a later one.
    package private(set) var failoverNumber = 0
    /// The next failover ends as when AWS gives up: available again, nothing swapped.
    package var nextFailoverFails = false

    /// - Parameter members: id and region; the first one is primary.
    package init(id: String, members: [(id: String, region: String)]) {
        self.id = id
        self.members = members.enumerated().map { index, member in
            Member(id: member.id, region: member.region, role: index == 0 ? "PRIMARY" : "SECONDARY")
        }
    }

    package var primary: Member? { members.first { $0.role == "PRIMARY" } }

    /// Roles stay as they are until `finishFailover`.
    package mutating func startFailover(toRegion region: String, member id: String) throws(AWSFailure) {
        guard let member = members.first(where: { $0.id == id && $0.region == region }) else {
            throw AWSFailure(
                400, "InvalidParameterValue", "Replication group \(id) in \(region) is not a member of \(self.id)."
            )
        }
        guard status == "available" else {
            throw AWSFailure(
                400, "InvalidGlobalReplicationGroupState",
                "Global replication group \(self.id) is \(status); it must be available."
            )
        }
        guard member.role != "PRIMARY" else {
            throw AWSFailure(
                400, "InvalidGlobalReplicationGroupState", "Replication group \(id) in \(region) is already primary."
            )
        }
        guard member.status == "associated" else {
            throw AWSFailure(
                400, "InvalidGlobalReplicationGroupState",
                "Replication group \(id) in \(region) is \(member.status); it must be associated."
            )
        }
        status = "modifying"
        failingOverTo = region
        failoverNumber += 1
    }

    /// - Returns: whether the roles were swapped; nil if that failover is not under way any more.
    package mutating func finishFailover(number: Int) -> Bool? {
        guard let region = failingOverTo, number == failoverNumber else { return nil }
        failingOverTo = nil
        status = "available"
        guard !nextFailoverFails else {
            nextFailoverFails = false
            return false
        }
        for index in members.indices {
            members[index].role = members[index].region == region ? "PRIMARY" : "SECONDARY"
        }
        return true
    }

    package mutating func disassociate(region: String, member id: String) throws(AWSFailure) {
        guard let index = members.firstIndex(where: { $0.id == id && $0.region == region }) else {
            throw AWSFailure(
                400, "InvalidParameterValue", "Replication group \(id) in \(region) is not a member of \(self.id)."
            )
        }
        guard status == "available" || status == "primary-only" else {
            throw AWSFailure(
                400, "InvalidGlobalReplicationGroupState", "Global replication group \(self.id) is \(status)."
            )
        }
        guard members[index].role != "PRIMARY" else {
            throw AWSFailure(
                400, "InvalidParameterValue", "Replication group \(id) is primary and cannot be disassociated."
            )
        }
        members.remove(at: index)
        if members.count == 1 { status = "primary-only" }
    }
}
