/// A secondary DB cluster that a global cluster is to get. Name and password of its master user, and its databases, are
/// the writer's: AWS takes none with it.
package struct NewDBCluster: Sendable, Equatable {
    package var id: String
    package var globalClusterID: String
    package var engine: String
    package var engineVersion: String?
    package var port: Int?
    package var settings: DBCluster.Settings

    package init(
        id: String, globalClusterID: String, engine: String, engineVersion: String? = nil, port: Int? = nil,
        settings: DBCluster.Settings = .init()
    ) {
        self.id = id
        self.globalClusterID = globalClusterID
        self.engine = engine
        self.engineVersion = engineVersion
        self.port = port
        self.settings = settings
    }

    /// As the query protocol has them.
    package var parameters: [(name: String, value: String?)] {
        var parameters: [(name: String, value: String?)] = [
            ("DBClusterIdentifier", id), ("GlobalClusterIdentifier", globalClusterID), ("Engine", engine),
            ("EngineVersion", engineVersion), ("Port", port.map { "\($0)" }),
            ("DBSubnetGroupName", settings.subnetGroup), ("DBClusterParameterGroupName", settings.parameterGroup),
            ("StorageEncrypted", settings.isEncrypted == true ? "true" : nil),
            ("KmsKeyId", settings.isEncrypted == false ? nil : settings.kmsKey),
            ("DeletionProtection", settings.isProtected.map { "\($0)" }),
            ("BackupRetentionPeriod", settings.backupRetentionDays.map { "\($0)" }),
            ("EnableIAMDatabaseAuthentication", settings.hasIAMAuthentication == true ? "true" : nil),
            ("CopyTagsToSnapshot", settings.copiesTagsToSnapshots == true ? "true" : nil),
            ("StorageType", settings.storageType),
            ("ServerlessV2ScalingConfiguration.MinCapacity", settings.minimumCapacity),
            ("ServerlessV2ScalingConfiguration.MaxCapacity", settings.maximumCapacity),
        ]
        for (index, group) in settings.securityGroups.enumerated() {
            parameters.append(("VpcSecurityGroupIds.VpcSecurityGroupId.\(index + 1)", group))
        }
        for (index, log) in settings.logExports.enumerated() {
            parameters.append(("EnableCloudwatchLogsExports.member.\(index + 1)", log))
        }
        return parameters
    }
}
