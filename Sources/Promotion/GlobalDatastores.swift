package import AWSClient
internal import Failover

/// The Global Datastores of many watches: each is read with all that are wanted at the same time, so that a thousand of
/// them cost the pages of one list.
package final class GlobalDatastores: Sendable {
    private let reads: Batcher<String, GlobalGroup>
    /// Each on a connection of its own: not hundreds at a time, and the service would not like it either.
    private let changes = Limiter(maximum: 10)

    /// So many are still read one by one, since a list has those of the whole account.
    private static let fewest = 4
    private static let maximumAtOnce = 8

    package init(elastiCache: ElastiCache, taskExecutor: (any TaskExecutor)? = nil) {
        reads = Batcher(taskExecutor: taskExecutor) { ids, deadline in
            await Self.read(ids, elastiCache, deadline: deadline)
        }
    }

    /// - Parameter calls: of the changes; reads are of several watches at once.
    package func datastore(id: String, changes client: ElastiCache) -> some GlobalGroupService {
        Datastore(id: id, all: self, elastiCache: client)
    }

    private struct Datastore: GlobalGroupService {
        let id: String
        let all: GlobalDatastores
        let elastiCache: ElastiCache

        func group(deadline: ContinuousClock.Instant) async throws -> GlobalGroup {
            try await all.reads.value(for: id, deadline: deadline)
        }

        func promote(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
            try await all.changes.run {
                try await ElastiCacheChanges(elastiCache).promote(promotion, deadline: deadline)
            }
        }

        func detach(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
            try await all.changes.run {
                try await ElastiCacheChanges(elastiCache).detach(promotion, deadline: deadline)
            }
        }
    }

    private static func read(
        _ ids: [String], _ elastiCache: ElastiCache, deadline: ContinuousClock.Instant
    ) async -> [String: Result<GlobalGroup, any Error>] {
        guard ids.count > fewest else { return await readEach(ids, elastiCache, deadline: deadline) }
        do throws(AWSError) {
            let groups = try await elastiCache.describeGlobalReplicationGroups(deadline: deadline)
            var found: [String: Result<GlobalGroup, any Error>] = [:]
            for group in groups { found[group.id.lowercased()] = .success(GlobalGroup(group)) }
            var answers: [String: Result<GlobalGroup, any Error>] = [:]
            for id in ids { answers[id] = found[id.lowercased()] }
            // One that is not in the list has an error of its own, in AWS's words.
            let missing = ids.filter { answers[$0] == nil }
            return answers.merging(await readEach(missing, elastiCache, deadline: deadline)) { old, _ in old }
        } catch  where error.isDenied {
            // A policy may allow these datastores and no list of all.
            return await readEach(ids, elastiCache, deadline: deadline)
        } catch { return Dictionary(uniqueKeysWithValues: ids.map { ($0, .failure(error)) }) }
    }

    private static func readEach(
        _ ids: [String], _ elastiCache: ElastiCache, deadline: ContinuousClock.Instant
    ) async -> [String: Result<GlobalGroup, any Error>] {
        let limiter = Limiter(maximum: maximumAtOnce)
        return await withTaskGroup(of: (String, Result<GlobalGroup, any Error>).self) { group in
            for id in ids {
                group.addTask {
                    await limiter.run {
                        do throws(AWSError) {
                            let read = try await elastiCache.describeGlobalReplicationGroup(id: id, deadline: deadline)
                            return (id, .success(GlobalGroup(read)))
                        } catch { return (id, .failure(error)) }
                    }
                }
            }
            var answers: [String: Result<GlobalGroup, any Error>] = [:]
            for await (id, answer) in group { answers[id] = answer }
            return answers
        }
    }
}

extension GlobalGroup {
    package init(_ group: GlobalReplicationGroup) {
        self.init(
            id: group.id, status: group.status,
            members: group.members.map { member in
                GlobalGroup.Member(
                    id: member.replicationGroupID, region: member.region.lowercased(),
                    role: GlobalGroup.Role(member.role), status: member.status ?? "of unknown status")
            })
    }
}
