internal import AWSClient
internal import Failover
internal import Functions
internal import Promotion

/// What is known of a global group of a watch.
struct GroupReading: Sendable {
    /// A group, and what of it no promotion depends on.
    struct Found: Sendable {
        var group: GlobalGroup
        /// By the ids of the members, as ElastiCache spells it.
        var automaticFailover: [String: String] = [:]

        init(_ group: GlobalReplicationGroup) {
            self.group = GlobalGroup(group)
            for member in group.members { automaticFailover[member.replicationGroupID] = member.automaticFailover }
        }

        init(_ cluster: GlobalCluster) {
            group = GlobalGroup(cluster)
        }
    }

    var kind = GlobalGroup.Kind.datastore
    var id: String
    /// The name that the watch follows.
    var dnsName: String
    var ownRegion: String
    var policy: Policy
    var group: Result<Found, AWSError>
    var lag: LagKnowledge = .notAsked
    var active: ActiveRegion = .notAsked
    var pause: PauseKnowledge = .none
    /// Whether the history has it that the local member was detached.
    var isDetachmentOnRecord = false

    typealias Groups = [String: Result<Found, AWSError>]

    /// The groups of these ids. A list of the account's costs fewer requests where they are many.
    static func groups(
        _ kind: GlobalGroup.Kind, _ ids: [String], _ client: AWSClient, region: String,
        deadline: ContinuousClock.Instant
    ) async -> Groups {
        let elastiCache = ElastiCache(client, region: region)
        let rds = RDS(client, region: region)
        switch kind {
        case .datastore:
            return await groups(ids) { () async throws(AWSError) in
                try await elastiCache.describeGlobalReplicationGroups(deadline: deadline).map { Found($0) }
            } one: { id async throws(AWSError) in
                Found(try await elastiCache.describeGlobalReplicationGroup(id: id, deadline: deadline))
            }
        case .cluster:
            return await groups(ids) { () async throws(AWSError) in
                try await rds.describeGlobalClusters(deadline: deadline).map { Found($0) }
            } one: { id async throws(AWSError) in
                Found(try await rds.describeGlobalCluster(id: id, deadline: deadline))
            }
        }
    }

    private static func groups(
        _ ids: [String], all: @Sendable () async throws(AWSError) -> [Found],
        one: @escaping @Sendable (String) async throws(AWSError) -> Found
    ) async -> Groups {
        var groups: Groups = [:]
        if ids.count > fewest, let all = try? await all() {
            for id in ids {
                groups[id] = all.first { $0.group.id.lowercased() == id.lowercased() }.map { .success($0) }
            }
        }
        // Those that the list does not have, or all where a policy allows no list.
        let rest = ids.filter { groups[$0] == nil }
        for start in stride(from: 0, to: rest.count, by: mostAtOnce) {
            let read = await withTaskGroup(of: (String, Result<Found, AWSError>).self) { group in
                for id in rest.dropFirst(start).prefix(mostAtOnce) {
                    group.addTask {
                        do throws(AWSError) { return (id, .success(try await one(id))) } catch {
                            return (id, .failure(error))
                        }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            groups.merge(read) { $1 }
        }
        return groups
    }

    private static let fewest = 4
    private static let mostAtOnce = 8
}
