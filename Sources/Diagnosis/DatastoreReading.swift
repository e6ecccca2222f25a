internal import AWSClient
internal import Failover
internal import Functions
internal import Promotion

/// What is known of the Global Datastore of a watch.
struct DatastoreReading: Sendable {
    var id: String
    /// The name that the watch follows.
    var dnsName: String
    var ownRegion: String
    var policy: Policy
    var group: Result<GlobalReplicationGroup, AWSError>
    var lag: LagKnowledge = .notAsked
    var active: ActiveRegion = .notAsked
    var pause: PauseKnowledge = .none
    /// Whether the history has it that the local member was detached.
    var isDetachmentOnRecord = false

    /// The datastores of these ids. A list of the account's costs fewer requests where they are many.
    static func groups(
        _ ids: [String], _ elastiCache: ElastiCache, deadline: ContinuousClock.Instant
    ) async -> [String: Result<GlobalReplicationGroup, AWSError>] {
        var groups: [String: Result<GlobalReplicationGroup, AWSError>] = [:]
        if ids.count > fewest, let all = try? await elastiCache.describeGlobalReplicationGroups(deadline: deadline) {
            for id in ids {
                groups[id] = all.first { $0.id.lowercased() == id.lowercased() }.map { .success($0) }
            }
        }
        // Those that the list does not have, or all where a policy allows no list.
        let rest = ids.filter { groups[$0] == nil }
        for start in stride(from: 0, to: rest.count, by: mostAtOnce) {
            let read = await withTaskGroup(of: (String, Result<GlobalReplicationGroup, AWSError>).self) { group in
                for id in rest.dropFirst(start).prefix(mostAtOnce) {
                    group.addTask { (id, await one(id, elastiCache, deadline)) }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            groups.merge(read) { $1 }
        }
        return groups
    }

    private static func one(
        _ id: String, _ elastiCache: ElastiCache, _ deadline: ContinuousClock.Instant
    ) async -> Result<GlobalReplicationGroup, AWSError> {
        do throws(AWSError) {
            return .success(try await elastiCache.describeGlobalReplicationGroup(id: id, deadline: deadline))
        } catch { return .failure(error) }
    }

    private static let fewest = 4
    private static let mostAtOnce = 8
}
