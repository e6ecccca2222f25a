/// A replication group as its own region knows it. What AWS has an open set of values for stays the text that it sent.
package struct ReplicationGroup: Sendable, Equatable {
    package var id: String
    /// `creating`, `available`, `modifying`, `deleting`, `create-failed` or `snapshotting`.
    package var status: String
    /// The global datastore that it is a member of; nil where it stands alone.
    package var globalDatastoreID: String?
    /// Its role there, as in `PRIMARY`.
    package var globalRole: String?
    /// Whether its keys are spread over shards; nil where AWS does not say.
    package var clusterEnabled: Bool?
    /// Of a group with shards, the name to begin with.
    package var configurationEndpoint: Endpoint?
    /// The cache clusters that are its nodes, those that are only being made included.
    package var memberClusters: [String]
    package var nodeGroups: [NodeGroup]

    package init(
        id: String, status: String, globalDatastoreID: String? = nil, globalRole: String? = nil,
        clusterEnabled: Bool? = nil, configurationEndpoint: Endpoint? = nil, memberClusters: [String] = [],
        nodeGroups: [NodeGroup] = []
    ) {
        self.id = id
        self.status = status
        self.globalDatastoreID = globalDatastoreID
        self.globalRole = globalRole
        self.clusterEnabled = clusterEnabled
        self.configurationEndpoint = configurationEndpoint
        self.memberClusters = memberClusters
        self.nodeGroups = nodeGroups
    }

    init(_ element: XMLElement) throws(XMLError) {
        id = try element.required("ReplicationGroupId")
        status = try element.required("Status")
        let membership = element["GlobalReplicationGroupInfo"]
        globalDatastoreID = membership?.optional("GlobalReplicationGroupId")
        globalRole = membership?.optional("GlobalReplicationGroupMemberRole")
        clusterEnabled = try element.boolean("ClusterEnabled")
        configurationEndpoint = try Endpoint(element["ConfigurationEndpoint"])
        memberClusters = element.list("MemberClusters", of: "ClusterId").map(\.text).filter { !$0.isEmpty }
        nodeGroups = []
        for group in element.list("NodeGroups", of: "NodeGroup") { nodeGroups.append(try NodeGroup(group)) }
    }
}

extension ReplicationGroup {
    package struct Endpoint: Sendable, Equatable {
        package var address: String
        package var port: Int?

        package init(address: String, port: Int? = nil) {
            self.address = address
            self.port = port
        }

        /// nil where there is none yet: AWS then leaves the element out, or empty.
        init?(_ element: XMLElement?) throws(XMLError) {
            guard let address = element?.optional("Address") else { return nil }
            self.address = address
            port = try element?.integer("Port")
        }
    }

    /// A shard: a primary and its replicas.
    package struct NodeGroup: Sendable, Equatable {
        /// As in `0001`.
        package var id: String
        /// `creating`, `available`, `modifying` or `deleting`.
        package var status: String?
        package var primaryEndpoint: Endpoint?
        package var readerEndpoint: Endpoint?
        package var members: [Member]

        package init(
            id: String, status: String? = nil, primaryEndpoint: Endpoint? = nil, readerEndpoint: Endpoint? = nil,
            members: [Member]
        ) {
            self.id = id
            self.status = status
            self.primaryEndpoint = primaryEndpoint
            self.readerEndpoint = readerEndpoint
            self.members = members
        }

        init(_ element: XMLElement) throws(XMLError) {
            id = try element.required("NodeGroupId")
            status = element.optional("Status")
            primaryEndpoint = try Endpoint(element["PrimaryEndpoint"])
            readerEndpoint = try Endpoint(element["ReaderEndpoint"])
            members = []
            for member in element.list("NodeGroupMembers", of: "NodeGroupMember") {
                members.append(try Member(member))
            }
        }
    }

    /// A node.
    package struct Member: Sendable, Equatable {
        package var cacheClusterID: String
        /// As in `0001`.
        package var cacheNodeID: String?
        /// `primary` or `replica`; AWS documents it only for groups without shards.
        package var currentRole: String?
        /// Its own name; documented likewise.
        package var readEndpoint: Endpoint?
        package var availabilityZone: String?

        package init(
            cacheClusterID: String, cacheNodeID: String? = nil, currentRole: String? = nil,
            readEndpoint: Endpoint? = nil, availabilityZone: String? = nil
        ) {
            self.cacheClusterID = cacheClusterID
            self.cacheNodeID = cacheNodeID
            self.currentRole = currentRole
            self.readEndpoint = readEndpoint
            self.availabilityZone = availabilityZone
        }

        init(_ element: XMLElement) throws(XMLError) {
            cacheClusterID = try element.required("CacheClusterId")
            cacheNodeID = element.optional("CacheNodeId")
            currentRole = element.optional("CurrentRole")
            readEndpoint = try Endpoint(element["ReadEndpoint"])
            availabilityZone = element.optional("PreferredAvailabilityZone")
        }
    }
}
