/// An Aurora global cluster. What AWS has an open set of values for stays the text that it sent.
package struct GlobalCluster: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        /// Of the DB cluster; its region is in it.
        package var clusterARN: String
        /// Of the ARN, in lower case.
        package var region: String
        package var isWriter: Bool
        /// `connected` or `pending-resync`; nil where AWS does not say.
        package var synchronizationStatus: String?

        package init(clusterARN: String, region: String, isWriter: Bool, synchronizationStatus: String? = nil) {
            self.clusterARN = clusterARN
            self.region = region
            self.isWriter = isWriter
            self.synchronizationStatus = synchronizationStatus
        }
    }

    /// A switchover or failover that is under way, or about to be.
    package struct FailoverState: Sendable, Equatable {
        /// `pending`, `failing-over`, `switching-over` or `cancelling`.
        package var status: String
        package var fromClusterARN: String?
        package var toClusterARN: String?
        package var isDataLossAllowed: Bool?

        package init(
            status: String, fromClusterARN: String? = nil, toClusterARN: String? = nil, isDataLossAllowed: Bool? = nil
        ) {
            self.status = status
            self.fromClusterARN = fromClusterARN
            self.toClusterARN = toClusterARN
            self.isDataLossAllowed = isDataLossAllowed
        }
    }

    package var id: String
    /// As in `available`.
    package var status: String
    package var engine: String?
    package var engineVersion: String?
    /// The global writer endpoint, which moves with failovers and switchovers, and not with a detachment.
    package var endpoint: String?
    /// AWS does not delete it then.
    package var isProtected = false
    package var members: [Member]
    /// nil while nothing is under way.
    package var failoverState: FailoverState?

    package init(
        id: String, status: String, engine: String? = nil, engineVersion: String? = nil, endpoint: String? = nil,
        members: [Member], failoverState: FailoverState? = nil
    ) {
        self.id = id
        self.status = status
        self.engine = engine
        self.engineVersion = engineVersion
        self.endpoint = endpoint
        self.members = members
        self.failoverState = failoverState
    }

    /// A member without ARN, region or role is refused: whom to promote depends on all three.
    init(_ element: XMLElement) throws(XMLError) {
        id = try element.required("GlobalClusterIdentifier")
        status = try element.required("Status")
        engine = element.optional("Engine")
        engineVersion = element.optional("EngineVersion")
        endpoint = element.optional("Endpoint")
        isProtected = try element.boolean("DeletionProtection") ?? false
        members = []
        for member in element.list("GlobalClusterMembers", of: "GlobalClusterMember") {
            members.append(try Member(member))
        }
        // AWS sends the element empty, too.
        failoverState = try element["FailoverState"].flatMap { state throws(XMLError) in try FailoverState(state) }
    }
}

extension GlobalCluster.Member {
    fileprivate init(_ element: XMLElement) throws(XMLError) {
        let arn = try element.required("DBClusterArn")
        let parts = arn.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
        guard parts.count == 7, parts[0] == "arn", !parts[3].isEmpty, !parts[6].isEmpty else {
            throw XMLError(reason: "DBClusterArn is no ARN of a cluster but \(arn)")
        }
        guard let isWriter = try element.boolean("IsWriter") else {
            throw XMLError(reason: "an element \(element.name) has no IsWriter")
        }
        self.init(
            clusterARN: arn, region: parts[3].lowercased(), isWriter: isWriter,
            synchronizationStatus: element.optional("SynchronizationStatus"))
    }
}

extension GlobalCluster.FailoverState {
    /// nil for an element without a status: nothing is under way.
    fileprivate init?(_ element: XMLElement) throws(XMLError) {
        guard let status = element.optional("Status") else { return nil }
        self.init(
            status: status, fromClusterARN: element.optional("FromDbClusterArn"),
            toClusterARN: element.optional("ToDbClusterArn"),
            isDataLossAllowed: try element.boolean("IsDataLossAllowed"))
    }
}
