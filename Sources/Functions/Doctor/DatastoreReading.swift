internal import AWSClient
internal import Failover
internal import Promotion

/// What is known of the Global Datastore of a watch.
struct DatastoreReading: Sendable {
    var id: String
    var ownRegion: String
    var policy: Policy
    var group: Result<GlobalReplicationGroup, AWSError>
    var lag: LagKnowledge = .notAsked
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
        for id in ids where groups[id] == nil {
            do throws(AWSError) {
                groups[id] = .success(try await elastiCache.describeGlobalReplicationGroup(id: id, deadline: deadline))
            } catch { groups[id] = .failure(error) }
        }
        return groups
    }

    private static let fewest = 4
}
