/// How AWS takes a FailoverGlobalReplicationGroup. Its own pages disagree about what it does while the old
/// primary's region is down, so all that it could do can be had.
package enum FailoverBehavior: String, Sendable, Codable, CaseIterable {
    case succeed
    /// InvalidGlobalReplicationGroupState at once.
    case refuse
    /// Accepted, and `modifying` until the behavior is changed.
    case stall
    /// Accepted, and in the end `available` with the roles as before.
    case revert
}

/// An ElastiCache global replication group and its state machine.
package struct GlobalDatastore: Sendable, Equatable, Codable, Identifiable {
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
    /// The failover under way would have ended by now, but for its behavior.
    package private(set) var isStalled = false
    package private(set) var failoverBehavior = FailoverBehavior.succeed
    /// How far the secondaries are behind, in seconds, as CloudWatch tells it; nil: it tells nothing.
    package var lag: Double? = 0.2
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
        guard failoverBehavior != .refuse else {
            throw AWSFailure(
                400, "InvalidGlobalReplicationGroupState",
                "Global replication group \(self.id) cannot be failed over at this time."
            )
        }
        status = "modifying"
        failingOverTo = region
        failoverNumber += 1
    }

    /// - Returns: whether the roles were swapped; nil if that failover is not under way any more.
    package mutating func finishFailover(number: Int) -> Bool? {
        guard let region = failingOverTo, number == failoverNumber else { return nil }
        isStalled = failoverBehavior == .stall
        guard !isStalled else { return nil }
        failingOverTo = nil
        status = "available"
        // A failover that was accepted before they were to be refused came to nothing, too.
        guard failoverBehavior == .succeed else { return false }
        guard !nextFailoverFails else {
            nextFailoverFails = false
            return false
        }
        for index in members.indices {
            members[index].role = members[index].region == region ? "PRIMARY" : "SECONDARY"
        }
        return true
    }

    /// - Returns: the number of the failover that stood still and must be finished now.
    package mutating func setFailoverBehavior(_ behavior: FailoverBehavior) -> Int? {
        failoverBehavior = behavior
        return isStalled && behavior != .stall ? failoverNumber : nil
    }

    /// The member is there until `finishDisassociation`.
    package mutating func startDisassociation(ofMember id: String, region: String) throws(AWSFailure) {
        guard let index = members.firstIndex(where: { $0.id == id && $0.region == region }) else {
            throw AWSFailure(
                400, "InvalidParameterValue", "Replication group \(id) in \(region) is not a member of \(self.id)."
            )
        }
        guard members[index].role == "SECONDARY" else {
            throw AWSFailure(
                400, "InvalidParameterValue", "Replication group \(id) is primary and cannot be disassociated."
            )
        }
        guard status == "available" else {
            throw AWSFailure(
                400, "InvalidGlobalReplicationGroupState",
                "Global replication group \(self.id) is \(status); it must be available."
            )
        }
        status = "modifying"
        members[index].status = "disassociating"
    }

    /// - Returns: the member that left; nil if none was about to.
    package mutating func finishDisassociation(ofMember id: String) -> Member? {
        guard let index = members.firstIndex(where: { $0.id == id && $0.status == "disassociating" }) else {
            return nil
        }
        status = members.count == 2 ? "primary-only" : "available"
        return members.remove(at: index)
    }
}
