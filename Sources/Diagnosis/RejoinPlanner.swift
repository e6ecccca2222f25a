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
        let region = assembly.region
        var detached = member
        if detached == nil { detached = await recorded(watch, deadline) }
        async let memberSeen = RejoinSurvey.member(
            detached, ElastiCache(assembly.client, region: region), deadline: deadline)
        try? await watch.finder.warmUp(deadline: deadline)
        let recordRegions = NeededActions.each((await watch.finder.records ?? []).compactMap(\.region))

        var group = GlobalGroup(id: watch.identity.groupID, status: "unknown", members: [])
        var problem: String?
        var silent: [RejoinSurvey.OtherRegion] = []
        do {
            group = try await self.group(of: watch, recordRegions, &silent, deadline: deadline)
        } catch { problem = "\(error)" }
        var survey = RejoinSurvey(
            member: await memberSeen, others: problem == nil ? [] : silent, recordRegions: recordRegions)
        for member in group.members where member.region != region {
            let there = ElastiCache(assembly.client, region: member.region)
            survey.others.append(await RejoinSurvey.other(member, there, deadline: deadline))
        }
        return (RejoinPlan(group: group, survey: survey, region: region), problem)
    }

    private func recorded(_ watch: PromoterAssembly.Watch, _ deadline: ContinuousClock.Instant) async -> String? {
        let entries = (try? await assembly.history?.entries(deadline: deadline)) ?? []
        return entries.first { entry in
            entry.outcome == "detached" && entry.region == assembly.region
                // Users write the id in any case; the history has AWS's own.
                && entry.group.lowercased() == watch.identity.groupID.lowercased()
        }?.member
    }

    /// A region that has no member any more may not see the datastore: then it is asked for where the records lead.
    private func group(
        of watch: PromoterAssembly.Watch, _ recordRegions: [String], _ silent: inout [RejoinSurvey.OtherRegion],
        deadline: ContinuousClock.Instant
    ) async throws -> GlobalGroup {
        let id = watch.identity.groupID
        do { return try await watch.service.group(deadline: deadline) } catch let error as AWSError {
            guard error.code == .notFound else { throw error }
            for region in recordRegions where region != assembly.region {
                let there = ElastiCache(assembly.client, region: region)
                let datastore = GlobalDatastores(there)
                do { return try await datastore.group(id: id, deadline: RejoinSurvey.soon(deadline)) } catch {
                    guard (error as? AWSError)?.status == nil else { continue }
                    silent.append(.init(region: region, state: .silent(Finding.clause(error))))
                }
            }
            throw error
        }
    }
}
