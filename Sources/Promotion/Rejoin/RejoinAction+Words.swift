internal import AWSClient

extension RejoinAction {
    /// For those who watch.
    package var sentence: String {
        switch self {
        case .rename(let id, let newID, _): "the old global cluster \(id) gets the id \(newID)"
        case .createGlobal(let id, let source, _, _):
            "a global cluster \(id) is made of \(RejoinOtherSide.id(ofARN: source))"
        case .createCluster(let cluster, let region):
            "the secondary \(cluster.id) is made in \(region), without instances as yet"
        case .createInstance(let instance, let region):
            "\(instance.clusterID) in \(region) gets the instance \(instance.id), \(instance.instanceClass)"
        case .deleteInstance(let id, let region): "the instance \(id) of the old cluster in \(region) is deleted"
        case .remove(let arn, let id, _): "\(RejoinOtherSide.id(ofARN: arn)) is taken out of \(id)"
        case .deleteCluster(let id, let snapshot, let region):
            "the old cluster \(id) in \(region) is deleted, with the final snapshot \(snapshot)"
        case .deleteGlobal(let id, _): "the old global cluster \(id), which is empty, is deleted"
        }
    }

    /// The same with the AWS CLI, version 2.
    package var command: String {
        let text: String
        switch self {
        case .rename(let id, let newID, _):
            text =
                "modify-global-cluster --global-cluster-identifier \(id) --new-global-cluster-identifier \(newID)"
        case .createGlobal(let id, let source, let isProtected, _):
            text =
                "create-global-cluster --global-cluster-identifier \(id) --source-db-cluster-identifier \(source)"
                + (isProtected ? " --deletion-protection" : "")
        case .createCluster(let cluster, _): text = "create-db-cluster\(Self.options(cluster))"
        case .createInstance(let instance, _): text = "create-db-instance\(Self.options(instance))"
        case .deleteInstance(let id, _): text = "delete-db-instance --db-instance-identifier \(id)"
        case .remove(let arn, let id, _):
            text = "remove-from-global-cluster --global-cluster-identifier \(id) --db-cluster-identifier \(arn)"
        case .deleteCluster(let id, let snapshot, _):
            text = "delete-db-cluster --db-cluster-identifier \(id) --final-db-snapshot-identifier \(snapshot)"
        case .deleteGlobal(let id, _): text = "delete-global-cluster --global-cluster-identifier \(id)"
        }
        return "aws rds --region \(region) \(text)"
    }

    private static func options(_ cluster: NewDBCluster) -> String {
        let settings = cluster.settings
        let values: [(String, String?)] = [
            ("db-cluster-identifier", cluster.id), ("global-cluster-identifier", cluster.globalClusterID),
            ("engine", cluster.engine), ("engine-version", cluster.engineVersion),
            ("port", cluster.port.map { "\($0)" }), ("db-subnet-group-name", settings.subnetGroup),
            ("vpc-security-group-ids", words(settings.securityGroups)),
            ("db-cluster-parameter-group-name", settings.parameterGroup),
            ("kms-key-id", settings.isEncrypted == false ? nil : settings.kmsKey),
            ("backup-retention-period", settings.backupRetentionDays.map { "\($0)" }),
            ("storage-type", settings.storageType),
            ("enable-cloudwatch-logs-exports", words(settings.logExports)),
            ("serverless-v2-scaling-configuration", scaling(settings)),
        ]
        var flags: [String] = []
        if settings.isEncrypted == true { flags.append("storage-encrypted") }
        if let isProtected = settings.isProtected {
            flags.append(isProtected ? "deletion-protection" : "no-deletion-protection")
        }
        if settings.hasIAMAuthentication == true { flags.append("enable-iam-database-authentication") }
        if settings.copiesTagsToSnapshots == true { flags.append("copy-tags-to-snapshot") }
        return options(values) + flags.map { " --\($0)" }.joined()
    }

    private static func options(_ instance: NewDBInstance) -> String {
        options([
            ("db-instance-identifier", instance.id), ("db-cluster-identifier", instance.clusterID),
            ("engine", instance.engine), ("db-instance-class", instance.instanceClass),
            ("db-parameter-group-name", instance.parameterGroup),
            ("promotion-tier", instance.promotionTier.map { "\($0)" }),
        ]) + (instance.isPublic.map { $0 ? " --publicly-accessible" : " --no-publicly-accessible" } ?? "")
    }

    private static func options(_ values: [(String, String?)]) -> String {
        values.map { name, value in value.map { " --\(name) \($0)" } ?? "" }.joined()
    }

    private static func words(_ list: [String]) -> String? { list.isEmpty ? nil : list.joined(separator: " ") }

    private static func scaling(_ settings: DBCluster.Settings) -> String? {
        guard let least = settings.minimumCapacity, let most = settings.maximumCapacity else { return nil }
        return "MinCapacity=\(least),MaxCapacity=\(most)"
    }
}
