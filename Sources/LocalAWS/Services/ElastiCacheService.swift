import Foundation

/// Global datastores. A group shows in the regions where it has a member, as in AWS.
struct ElastiCacheService: QueryService {
    let name = "elasticache"
    let namespace = "http://elasticache.amazonaws.com/doc/2015-02-02/"
    let version = "2015-02-02"
    let operations: Set<String> = [
        "DescribeGlobalReplicationGroups", "FailoverGlobalReplicationGroup", "DisassociateGlobalReplicationGroup",
    ]

    let world: World
    let failoverDuration: Duration
    /// Regions whose loss makes the failover away from them impossible.
    let unreachableRegions: @Sendable () -> Set<String>

    func result(of call: ServiceCall, into xml: inout XML) throws {
        switch call.operation {
        case "DescribeGlobalReplicationGroups": try describe(call, into: &xml)
        case "FailoverGlobalReplicationGroup": try failover(call, into: &xml)
        default: try disassociate(call, into: &xml)
        }
    }

    private func describe(_ call: ServiceCall, into xml: inout XML) throws {
        let showMembers = try Self.boolean(call.parameters["ShowMemberInfo"], named: "ShowMemberInfo")
        let limit = try Self.pageSize(call.parameters["MaxRecords"])
        var groups = visible(in: call.region)
        if let id = call.parameters["GlobalReplicationGroupId"] {
            guard call.parameters["Marker"] == nil else {
                throw AWSFailure(
                    400, "InvalidParameterCombination",
                    "The parameter Marker cannot be used together with GlobalReplicationGroupId."
                )
            }
            groups = [try group(id, in: call.region)]
        }
        if let marker = call.parameters["Marker"] {
            guard let start = groups.firstIndex(where: { $0.id == marker }) else {
                throw AWSFailure(400, "InvalidParameterValue", "The marker \(marker) is invalid.")
            }
            groups.removeFirst(start)
        }
        xml.element("Marker", groups.count > limit ? groups[limit].id : nil)
        xml.element("GlobalReplicationGroups") { xml in
            for group in groups.prefix(limit) {
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

    /// Done at once, where AWS takes minutes: nothing here depends on the time between.
    private func disassociate(_ call: ServiceCall, into xml: inout XML) throws {
        let id = try call.required("GlobalReplicationGroupId")
        let member = try call.required("ReplicationGroupId")
        let region = try call.required("ReplicationGroupRegion")
        var group = try group(id, in: call.region)
        try world.update { state in
            group = state.datastores[id] ?? group
            try group.disassociate(region: region, member: member)
            state.datastores[id] = group
        }
        xml.element("GlobalReplicationGroup") { Self.write(group, withMembers: true, into: &$0) }
    }

    private func visible(in region: String) -> [GlobalDatastore] {
        world.snapshot.datastores.values
            .filter { group in group.members.contains { $0.region == region } }
            .sorted { $0.id < $1.id }
    }

    private func group(_ id: String, in region: String) throws(AWSFailure) -> GlobalDatastore {
        guard let group = visible(in: region).first(where: { $0.id == id }) else {
            throw AWSFailure(404, "GlobalReplicationGroupNotFoundFault", "Global replication group \(id) not found.")
        }
        return group
    }

    private static func boolean(_ text: String?, named name: String) throws(AWSFailure) -> Bool {
        switch text?.lowercased() {
        case "true": return true
        case "false", nil: return false
        default:
            throw AWSFailure(400, "InvalidParameterValue", "The parameter \(name) must be true or false.")
        }
    }

    private static func pageSize(_ text: String?) throws(AWSFailure) -> Int {
        guard let text else { return 100 }
        // AWS wants 20 at least for most of its lists; here a page of one is allowed, to test paging.
        guard let size = Int(text), (1...100).contains(size) else {
            throw AWSFailure(400, "InvalidParameterValue", "The parameter MaxRecords must be between 1 and 100.")
        }
        return size
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
