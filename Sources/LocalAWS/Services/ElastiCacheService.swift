import Foundation

/// Global datastores, and in extensions replication groups and their nodes. A datastore shows in the regions where it
/// has a member, as in AWS.
struct ElastiCacheService: QueryService {
    let name = "elasticache"
    let namespace = "http://elasticache.amazonaws.com/doc/2015-02-02/"
    let version = "2015-02-02"
    let operations: Set<String> = [
        "DescribeGlobalReplicationGroups", "FailoverGlobalReplicationGroup", "DisassociateGlobalReplicationGroup",
        "DescribeReplicationGroups", "DescribeCacheClusters", "CreateReplicationGroup", "ModifyReplicationGroup",
        "TestFailover", "IncreaseReplicaCount", "DecreaseReplicaCount",
    ]

    let world: World
    let failoverDuration: Duration
    let disassociationDuration: Duration
    /// Regions whose loss makes the failover away from them impossible.
    let unreachableRegions: @Sendable () -> Set<String>

    func result(of call: ServiceCall, into xml: inout XML) throws {
        switch call.operation {
        case "DescribeGlobalReplicationGroups": try describe(call, into: &xml)
        case "FailoverGlobalReplicationGroup": try failover(call, into: &xml)
        case "DisassociateGlobalReplicationGroup": try disassociate(call, into: &xml)
        case "DescribeReplicationGroups": try describeLocal(call, into: &xml)
        case "DescribeCacheClusters": try describeNodes(call, into: &xml)
        default:
            let group = try changed(call)
            xml.element("ReplicationGroup") { Self.write(group, in: world.snapshot, into: &$0) }
        }
    }

    private func describe(_ call: ServiceCall, into xml: inout XML) throws {
        let showMembers = try call.flag("ShowMemberInfo") ?? false
        let only = try call.parameters["GlobalReplicationGroupId"].map { id throws(AWSFailure) in
            try group(id, in: call.region, age: call.age)
        }
        let page = try Self.page(visible(in: call.region, age: call.age), only: only, of: call)
        xml.element("Marker", page.marker)
        xml.element("GlobalReplicationGroups") { xml in
            for group in page.groups {
                xml.element("GlobalReplicationGroup") { Self.write(group, withMembers: showMembers, into: &$0) }
            }
        }
    }

    private func failover(_ call: ServiceCall, into xml: inout XML) throws {
        let id = try call.required("GlobalReplicationGroupId")
        let region = try call.required("PrimaryRegion")
        let member = try call.required("PrimaryReplicationGroupId")
        if let old = try group(id, in: call.region).primary?.region, unreachableRegions().contains(old) {
            throw AWSFailure(
                400, "InvalidGlobalReplicationGroupState", "The primary of \(id) in \(old) cannot be reached."
            )
        }
        let group = try world.startFailover(of: id, toRegion: region, member: member, lasting: failoverDuration)
        xml.element("GlobalReplicationGroup") { Self.write(group, withMembers: true, into: &$0) }
    }

    private func disassociate(_ call: ServiceCall, into xml: inout XML) throws {
        let id = try call.required("GlobalReplicationGroupId")
        let member = try call.required("ReplicationGroupId")
        let region = try call.required("ReplicationGroupRegion")
        _ = try group(id, in: call.region)
        let group = try world.startDisassociation(
            of: id, region: region, member: member, lasting: disassociationDuration
        )
        xml.element("GlobalReplicationGroup") { Self.write(group, withMembers: true, into: &$0) }
    }

    private func visible(in region: String, age: Duration = .zero) -> [GlobalDatastore] {
        world.datastores(age: age).values
            .filter { group in group.members.contains { $0.region == region } }
            .sorted { $0.id < $1.id }
    }

    private func group(_ id: String, in region: String, age: Duration = .zero) throws(AWSFailure) -> GlobalDatastore {
        guard let group = visible(in: region, age: age).first(where: { $0.id == id }) else {
            throw AWSFailure(404, "GlobalReplicationGroupNotFoundFault", "Global replication group \(id) not found.")
        }
        return group
    }

    /// - Parameter only: the one that was asked for by its id.
    static func page<Group: Identifiable<String>>(_ all: [Group], only: Group?, of call: ServiceCall)
        throws(AWSFailure) -> (groups: [Group], marker: String?)
    {
        let text = call.parameters["MaxRecords"] ?? "100"
        guard let limit = Int(text), (20...100).contains(limit) else {
            throw AWSFailure(
                400, "InvalidParameterValue", "Invalid value \(text) for MaxRecords. Must be between 20 and 100."
            )
        }
        guard let marker = call.parameters["Marker"] else {
            if let only { return ([only], nil) }
            return (Array(all.prefix(limit)), all.count > limit ? all[limit].id : nil)
        }
        guard only == nil else {
            throw AWSFailure(
                400, "InvalidParameterCombination", "The parameter Marker cannot be used together with an id."
            )
        }
        guard let start = all.firstIndex(where: { $0.id == marker }) else {
            throw AWSFailure(400, "InvalidParameterValue", "The marker \(marker) is invalid.")
        }
        let rest = all[start...]
        return (Array(rest.prefix(limit)), rest.count > limit ? rest[start + limit].id : nil)
    }

    private static func write(_ group: GlobalDatastore, withMembers: Bool, into xml: inout XML) {
        xml.element("GlobalReplicationGroupId", group.id)
        xml.element("GlobalReplicationGroupDescription", "emulated global datastore")
        xml.element("Status", group.status)
        xml.element("CacheNodeType", "cache.r7g.large")
        xml.element("Engine", "redis")
        xml.element("EngineVersion", "7.1")
        if withMembers {
            xml.element("Members") { xml in
                for member in group.members {
                    xml.element("GlobalReplicationGroupMember") { xml in
                        xml.element("ReplicationGroupId", member.id)
                        xml.element("ReplicationGroupRegion", member.region)
                        xml.element("Role", member.role)
                        xml.element("AutomaticFailover", member.automaticFailover)
                        xml.element("Status", member.status)
                    }
                }
            }
        }
        xml.element("ClusterEnabled", false)
        xml.element("AuthTokenEnabled", false)
        xml.element("TransitEncryptionEnabled", true)
        xml.element("AtRestEncryptionEnabled", true)
        xml.element("ARN", "arn:aws:elasticache::\(CredentialStore.account):globalreplicationgroup:\(group.id)")
    }
}
