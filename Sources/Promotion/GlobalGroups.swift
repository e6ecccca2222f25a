internal import AWSClient
package import Failover

/// A service that has global groups of one kind: all that differs between ElastiCache and Aurora.
package protocol GlobalGroupProvider: Sendable {
    /// One group, with its members.
    func group(id: String, deadline: ContinuousClock.Instant) async throws -> GlobalGroup
    /// All groups of the account that the region shows.
    func groups(deadline: ContinuousClock.Instant) async throws -> [GlobalGroup]
    /// As `GlobalGroupService` has it.
    func promote(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws
    /// As `GlobalGroupService` has it.
    func detach(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws
}

/// The groups of many watches: each is read with all that are wanted at the same time, so that a thousand of them cost
/// the pages of one list.
package final class GlobalGroups: Sendable {
    private let reads: Batcher<String, GlobalGroup>
    /// Each on a connection of its own: not hundreds at a time, and the service would not like it either.
    private let changes = Limiter(maximum: 10)

    /// So many are still read one by one, since a list has those of the whole account.
    private static let fewest = 4
    private static let maximumAtOnce = 8

    /// - Parameter provider: not `some`: what Swift 6.3.1's optimizer makes of generic closures in a task group loses their
    ///   results here, and crashes.
    package init(_ provider: any GlobalGroupProvider, taskExecutor: (any TaskExecutor)? = nil) {
        reads = Batcher(taskExecutor: taskExecutor) { ids, deadline in
            await Self.read(ids, provider, deadline: deadline)
        }
    }

    /// - Parameter provider: of the changes; reads are of several watches at once.
    package func group(id: String, changes provider: any GlobalGroupProvider) -> some GlobalGroupService {
        Group(id: id, all: self, provider: provider)
    }

    private struct Group: GlobalGroupService {
        let id: String
        let all: GlobalGroups
        let provider: any GlobalGroupProvider

        func group(deadline: ContinuousClock.Instant) async throws -> GlobalGroup {
            try await all.reads.value(for: id, deadline: deadline)
        }

        func promote(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
            try await all.changes.run { try await provider.promote(promotion, deadline: deadline) }
        }

        func detach(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
            try await all.changes.run { try await provider.detach(promotion, deadline: deadline) }
        }
    }

    private static func read(
        _ ids: [String], _ provider: any GlobalGroupProvider, deadline: ContinuousClock.Instant
    ) async -> [String: Result<GlobalGroup, any Error>] {
        guard ids.count > fewest else { return await readEach(ids, provider, deadline: deadline) }
        do {
            let groups = try await provider.groups(deadline: deadline)
            var found: [String: Result<GlobalGroup, any Error>] = [:]
            for group in groups { found[group.id.lowercased()] = .success(group) }
            var answers: [String: Result<GlobalGroup, any Error>] = [:]
            for id in ids { answers[id] = found[id.lowercased()] }
            // One that is not in the list has an error of its own, in AWS's words.
            let missing = ids.filter { answers[$0] == nil }
            return answers.merging(await readEach(missing, provider, deadline: deadline)) { old, _ in old }
        } catch let error as AWSError where error.isDenied {
            // A policy may allow these groups and no list of all.
            return await readEach(ids, provider, deadline: deadline)
        } catch { return Dictionary(uniqueKeysWithValues: ids.map { ($0, .failure(error)) }) }
    }

    private static func readEach(
        _ ids: [String], _ provider: any GlobalGroupProvider, deadline: ContinuousClock.Instant
    ) async -> [String: Result<GlobalGroup, any Error>] {
        let limiter = Limiter(maximum: maximumAtOnce)
        return await withTaskGroup(of: (String, Result<GlobalGroup, any Error>).self) { group in
            for id in ids {
                group.addTask {
                    await limiter.run {
                        do { return (id, .success(try await provider.group(id: id, deadline: deadline))) } catch {
                            return (id, .failure(error))
                        }
                    }
                }
            }
            var answers: [String: Result<GlobalGroup, any Error>] = [:]
            for await (id, answer) in group { answers[id] = answer }
            return answers
        }
    }
}
