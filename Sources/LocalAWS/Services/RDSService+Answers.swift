/// How RDS tells what there is.
extension RDSService {
    static func write(_ group: GlobalCluster, into xml: inout XML) {
        xml.element("GlobalClusterIdentifier", group.id)
        xml.element("GlobalClusterResourceId", "cluster-\(resourceID(group.arn))")
        xml.element("GlobalClusterArn", group.arn)
        xml.element("Status", group.status)
        xml.element("Engine", group.engine.rawValue)
        xml.element("EngineVersion", group.engineVersion)
        xml.element("DatabaseName", group.databaseName)
        xml.element("StorageEncrypted", true)
        xml.element("DeletionProtection", group.isProtected)
        xml.element("GlobalClusterMembers") { xml in
            for member in group.members {
                xml.element("GlobalClusterMember") { write(member, of: group, into: &$0) }
            }
        }
        xml.element("Endpoint", group.endpoint)
        xml.element("FailoverState") { xml in
            // "This object is empty unless …"
            guard let operation = group.operation else { return }
            xml.element("Status", operation.status)
            xml.element("FromDbClusterArn", operation.from.arn)
            xml.element("ToDbClusterArn", operation.to.arn)
            xml.element("IsDataLossAllowed", operation.kind == .failover)
        }
    }

    private static func write(_ member: GlobalCluster.Member, of group: GlobalCluster, into xml: inout XML) {
        xml.element("DBClusterArn", member.cluster.arn)
        xml.element("Readers") { xml in
            guard member.isWriter else { return }
            for reader in group.members where !reader.isWriter { xml.element("member", reader.cluster.arn) }
        }
        xml.element("IsWriter", member.isWriter)
        if !member.isWriter { xml.element("GlobalWriteForwardingStatus", "disabled") }
        xml.element("SynchronizationStatus", member.isConnected ? "connected" : "pending-resync")
    }

    static func write(_ cluster: DBCluster, in state: WorldState, into xml: inout XML) {
        let group = state.globalCluster(of: cluster.key)
        xml.element("DBClusterIdentifier", cluster.id)
        xml.element("DBClusterArn", cluster.arn)
        xml.element("DbClusterResourceId", "cluster-\(resourceID(cluster.arn))")
        xml.element("Status", state.status(of: cluster))
        xml.element("Engine", cluster.engine.rawValue)
        xml.element("EngineVersion", cluster.engineVersion)
        xml.element("EngineMode", "provisioned")
        xml.element("DatabaseName", cluster.databaseName)
        xml.element("DBSubnetGroup", cluster.subnetGroup)
        xml.element("DBClusterParameterGroup", cluster.parameterGroup ?? "default.\(family(cluster))")
        xml.element("Endpoint", cluster.endpoint)
        xml.element("ReaderEndpoint", cluster.readerEndpoint)
        xml.element("HostedZoneId", zoneID)
        xml.element("Port", cluster.port)
        xml.element("MultiAZ", Set(cluster.instances.map(\.zone)).count > 1)
        xml.element("MasterUsername", "promoter")
        xml.element("DBClusterMembers") { xml in
            for instance in cluster.instances {
                xml.element("DBClusterMember") { xml in
                    xml.element("DBInstanceIdentifier", instance.id)
                    xml.element("IsClusterWriter", instance.id == cluster.writer?.id)
                    xml.element("DBClusterParameterGroupStatus", "in-sync")
                    xml.element("PromotionTier", 1)
                }
            }
        }
        write(securityGroups: cluster, into: &xml)
        if let group, let member = group.member(cluster.key) {
            xml.element("GlobalClusterIdentifier", group.id)
            if member.isWriter {
                xml.element("ReadReplicaIdentifiers") { xml in
                    for reader in group.members where !reader.isWriter {
                        xml.element("ReadReplicaIdentifier", reader.cluster.arn)
                    }
                }
            } else {
                xml.element("ReplicationSourceIdentifier", group.writer?.arn)
                xml.element("GlobalWriteForwardingStatus", "disabled")
            }
        }
        xml.element("StorageEncrypted", true)
        xml.element("KmsKeyId", cluster.keyARN)
        xml.element("DeletionProtection", cluster.isProtected)
        xml.element("IAMDatabaseAuthenticationEnabled", false)
        xml.element("HttpEndpointEnabled", false)
    }

    static func write(_ instance: DBCluster.Instance, of cluster: DBCluster, into xml: inout XML) {
        let arn = "arn:aws:rds:\(cluster.region):\(CredentialStore.account):db:\(instance.id)"
        xml.element("DBInstanceIdentifier", instance.id)
        xml.element("DBInstanceArn", arn)
        xml.element("DbiResourceId", "db-\(resourceID(arn))")
        xml.element("DBInstanceClass", instance.instanceClass)
        xml.element("DBInstanceStatus", instance.status.rawValue)
        xml.element("Engine", cluster.engine.rawValue)
        xml.element("EngineVersion", cluster.engineVersion)
        xml.element("DBClusterIdentifier", cluster.id)
        xml.element("AvailabilityZone", instance.zone)
        xml.element("PromotionTier", 1)
        if let address = cluster.endpoint(of: instance) {
            xml.element("Endpoint") { xml in
                xml.element("Address", address)
                xml.element("Port", cluster.port)
                xml.element("HostedZoneId", zoneID)
            }
        }
        write(securityGroups: cluster, into: &xml)
        xml.element("DBSubnetGroup") { $0.element("DBSubnetGroupName", cluster.subnetGroup) }
        xml.element("StorageEncrypted", true)
        xml.element("PubliclyAccessible", false)
    }

    static func write(_ snapshot: DBClusterSnapshot, into xml: inout XML) {
        xml.element("DBClusterSnapshotIdentifier", snapshot.id)
        xml.element("DBClusterSnapshotArn", snapshot.arn)
        xml.element("DBClusterIdentifier", snapshot.cluster.id)
        xml.element("Engine", snapshot.engine.rawValue)
        xml.element("EngineVersion", snapshot.engineVersion)
        xml.element("Status", "available")
        xml.element("SnapshotType", "manual")
        xml.element("PercentProgress", 100)
        xml.element("StorageEncrypted", true)
    }

    private static func write(securityGroups cluster: DBCluster, into xml: inout XML) {
        xml.element("VpcSecurityGroups") { xml in
            for group in cluster.securityGroups {
                xml.element("VpcSecurityGroupMembership") { xml in
                    xml.element("VpcSecurityGroupId", group)
                    xml.element("Status", "active")
                }
            }
        }
    }

    /// Of the endpoints: nobody's zone.
    private static let zoneID = "Z0LOCALAURORA"

    private static func family(_ cluster: DBCluster) -> String {
        let version = cluster.engineVersion.split(separator: ".")
        return cluster.engine == .mysql
            ? "aurora-mysql\(version.prefix(2).joined(separator: "."))" : "aurora-postgresql\(version.first ?? "")"
    }

    /// What AWS makes up once for a resource.
    private static func resourceID(_ arn: String) -> String {
        String(ReplicationGroup.hash(arn), radix: 36, uppercase: true)
    }
}
