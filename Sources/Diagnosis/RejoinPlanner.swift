internal import AWSClient
internal import Failover
package import Functions
internal import Promotion

/// Finds out what a `RejoinPlan` is made from.
package struct RejoinPlanner: Sendable {
    private let assembly: PromoterAssembly

    package init(assembly: PromoterAssembly) {
        self.assembly = assembly
    }

    /// - Parameter member: the detached one; nil for what the history says.
    /// - Returns: the plan, and why the datastore could not be read: nil where it could be.
    package func plan(
        for watch: PromoterAssembly.Watch, member: String?, deadline: ContinuousClock.Instant
    ) async -> (plan: RejoinPlan, problem: String?) {
        var detached = member
        if detached == nil { detached = await recorded(watch, deadline) }
        let id = watch.configuration.globalDatastoreID
        do {
            let group = try await group(of: watch, deadline: deadline)
            return (RejoinPlan(group: group, detached: detached, region: assembly.region), nil)
        } catch {
            let unread = GlobalGroup(id: id, status: "unknown", members: [])
            return (RejoinPlan(group: unread, detached: detached, region: assembly.region), "\(error)")
        }
    }

    private func recorded(_ watch: PromoterAssembly.Watch, _ deadline: ContinuousClock.Instant) async -> String? {
        let entries = (try? await assembly.history?.entries(deadline: deadline)) ?? []
        return entries.first { entry in
            entry.outcome == "detached" && entry.region == assembly.region
                && entry.group == watch.configuration.globalDatastoreID
        }?.member
    }

    /// A region that has no member any more may not see the datastore: then it is asked for where the records lead.
    private func group(of watch: PromoterAssembly.Watch, deadline: ContinuousClock.Instant) async throws -> GlobalGroup
    {
        let id = watch.configuration.globalDatastoreID
        do { return try await watch.service.group(deadline: deadline) } catch let error as AWSError {
            guard error.code == .notFound else { throw error }
            try? await watch.finder.warmUp(deadline: deadline)
            let regions = NeededActions.each((await watch.finder.records ?? []).compactMap(\.region))
            for region in regions where region != assembly.region {
                let there = ElastiCache(assembly.client, region: region)
                let datastore = GlobalDatastores(elastiCache: there).datastore(id: id, changes: there)
                if let group = try? await datastore.group(deadline: deadline) { return group }
            }
            throw error
        }
    }
}
