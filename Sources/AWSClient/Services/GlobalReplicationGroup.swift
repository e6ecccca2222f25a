/// A global datastore. What AWS has an open set of values for stays the text that it sent.
package struct GlobalReplicationGroup: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var replicationGroupID: String
        package var region: String
        /// `PRIMARY` or `SECONDARY`.
        package var role: String
        /// `enabled`, `disabled`, `enabling` or `disabling`.
        package var automaticFailover: String?
        /// `associating`, `associated`, `disassociating` or `disassociated`.
        package var status: String?

        package init(
            replicationGroupID: String, region: String, role: String, automaticFailover: String? = nil,
            status: String? = nil
        ) {
            self.replicationGroupID = replicationGroupID
            self.region = region
            self.role = role
            self.automaticFailover = automaticFailover
            self.status = status
        }
    }

    package var id: String
    package var description: String?
    /// `creating`, `modifying`, `available`, `deleting` or `primary-only`.
    package var status: String
    package var engine: String?
    package var engineVersion: String?
    package var members: [Member]

    package init(
        id: String, description: String? = nil, status: String, engine: String? = nil, engineVersion: String? = nil,
        members: [Member]
    ) {
        self.id = id
        self.description = description
        self.status = status
        self.engine = engine
        self.engineVersion = engineVersion
        self.members = members
    }

    /// A member without id, region or role is refused: whom to promote depends on all three.
    init(_ element: XMLElement) throws(XMLError) {
        id = try element.required("GlobalReplicationGroupId")
        description = element.optional("GlobalReplicationGroupDescription")
        status = try element.required("Status")
        engine = element.optional("Engine")
        engineVersion = element.optional("EngineVersion")
        members = []
        for member in element.list("Members", of: "GlobalReplicationGroupMember") {
            members.append(
                Member(
                    replicationGroupID: try member.required("ReplicationGroupId"),
                    region: try member.required("ReplicationGroupRegion"), role: try member.required("Role"),
                    automaticFailover: member.optional("AutomaticFailover"), status: member.optional("Status")))
        }
    }
}
