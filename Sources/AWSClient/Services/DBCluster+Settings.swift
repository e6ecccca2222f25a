extension DBCluster {
    /// What another cluster like it has to be made with. What AWS does not tell is nil.
    package struct Settings: Sendable, Equatable {
        package var subnetGroup: String?
        /// Of the VPC.
        package var securityGroups: [String]
        package var parameterGroup: String?
        package var isEncrypted: Bool?
        /// The ARN of the key of its own region.
        package var kmsKey: String?
        package var isProtected: Bool?
        package var backupRetentionDays: Int?
        package var hasIAMAuthentication: Bool?
        package var copiesTagsToSnapshots: Bool?
        /// Such as `postgresql`: what goes to CloudWatch.
        package var logExports: [String]
        /// As in `aurora-iopt1`; AWS leaves the standard one out.
        package var storageType: String?
        /// Of Aurora Serverless v2, in capacity units, as AWS writes them.
        package var minimumCapacity: String?
        package var maximumCapacity: String?

        package init(
            subnetGroup: String? = nil, securityGroups: [String] = [], parameterGroup: String? = nil,
            isEncrypted: Bool? = nil, kmsKey: String? = nil, isProtected: Bool? = nil, backupRetentionDays: Int? = nil,
            hasIAMAuthentication: Bool? = nil, copiesTagsToSnapshots: Bool? = nil, logExports: [String] = [],
            storageType: String? = nil, minimumCapacity: String? = nil, maximumCapacity: String? = nil
        ) {
            self.subnetGroup = subnetGroup
            self.securityGroups = securityGroups
            self.parameterGroup = parameterGroup
            self.isEncrypted = isEncrypted
            self.kmsKey = kmsKey
            self.isProtected = isProtected
            self.backupRetentionDays = backupRetentionDays
            self.hasIAMAuthentication = hasIAMAuthentication
            self.copiesTagsToSnapshots = copiesTagsToSnapshots
            self.logExports = logExports
            self.storageType = storageType
            self.minimumCapacity = minimumCapacity
            self.maximumCapacity = maximumCapacity
        }

        init(_ element: XMLElement) throws(XMLError) {
            subnetGroup = element.optional("DBSubnetGroup")
            securityGroups = element.list("VpcSecurityGroups", of: "VpcSecurityGroupMembership").compactMap {
                $0.optional("VpcSecurityGroupId")
            }
            parameterGroup = element.optional("DBClusterParameterGroup")
            isEncrypted = try element.boolean("StorageEncrypted")
            kmsKey = element.optional("KmsKeyId")
            isProtected = try element.boolean("DeletionProtection")
            backupRetentionDays = try element.integer("BackupRetentionPeriod")
            hasIAMAuthentication = try element.boolean("IAMDatabaseAuthenticationEnabled")
            copiesTagsToSnapshots = try element.boolean("CopyTagsToSnapshot")
            logExports = element.list("EnabledCloudwatchLogsExports", of: "member").map(\.text)
            storageType = element.optional("StorageType")
            let scaling = element["ServerlessV2ScalingConfiguration"]
            minimumCapacity = scaling?.optional("MinCapacity")
            maximumCapacity = scaling?.optional("MaxCapacity")
        }
    }
}
