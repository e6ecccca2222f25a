/// An instance of a DB cluster. What AWS has an open set of values for stays the text that it sent.
package struct DBInstance: Sendable, Equatable {
    package var id: String
    /// nil: it is in no cluster.
    package var clusterID: String?
    /// As in `available` or `deleting`.
    package var status: String
    /// As in `db.r7g.large` or `db.serverless`.
    package var instanceClass: String
    package var parameterGroup: String?
    package var isPublic: Bool?
    /// Whose turn it is to be the writer: 0 to 15, the lowest first.
    package var promotionTier: Int?

    package init(
        id: String, clusterID: String? = nil, status: String, instanceClass: String, parameterGroup: String? = nil,
        isPublic: Bool? = nil, promotionTier: Int? = nil
    ) {
        self.id = id
        self.clusterID = clusterID
        self.status = status
        self.instanceClass = instanceClass
        self.parameterGroup = parameterGroup
        self.isPublic = isPublic
        self.promotionTier = promotionTier
    }

    init(_ element: XMLElement) throws(XMLError) {
        id = try element.required("DBInstanceIdentifier")
        clusterID = element.optional("DBClusterIdentifier")
        // One whose making has failed may have none.
        status = element.optional("DBInstanceStatus") ?? "unknown"
        instanceClass = try element.required("DBInstanceClass")
        parameterGroup = element.list("DBParameterGroups", of: "DBParameterGroup").first?.optional(
            "DBParameterGroupName")
        isPublic = try element.boolean("PubliclyAccessible")
        promotionTier = try element.integer("PromotionTier")
    }
}
