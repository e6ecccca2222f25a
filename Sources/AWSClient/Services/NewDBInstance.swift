/// An instance that a DB cluster is to get.
package struct NewDBInstance: Sendable, Equatable {
    package var id: String
    package var clusterID: String
    package var engine: String
    package var instanceClass: String
    package var parameterGroup: String?
    package var isPublic: Bool?
    package var promotionTier: Int?

    package init(
        id: String, clusterID: String, engine: String, instanceClass: String, parameterGroup: String? = nil,
        isPublic: Bool? = nil, promotionTier: Int? = nil
    ) {
        self.id = id
        self.clusterID = clusterID
        self.engine = engine
        self.instanceClass = instanceClass
        self.parameterGroup = parameterGroup
        self.isPublic = isPublic
        self.promotionTier = promotionTier
    }

    /// As the query protocol has them.
    package var parameters: [(name: String, value: String?)] {
        [
            ("DBInstanceIdentifier", id), ("DBClusterIdentifier", clusterID), ("Engine", engine),
            ("DBInstanceClass", instanceClass), ("DBParameterGroupName", parameterGroup),
            ("PubliclyAccessible", isPublic.map { "\($0)" }), ("PromotionTier", promotionTier.map { "\($0)" }),
        ]
    }
}
