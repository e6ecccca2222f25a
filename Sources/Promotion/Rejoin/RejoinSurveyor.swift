package import AWSClient
internal import Failover

/// Looks at all that a rejoin of an Aurora cluster stands on.
package struct RejoinSurveyor: Sendable {
    private let groupID: String
    private let region: String
    private let finder: any RegionFinder
    private let history: PromotionHistory?
    private let rds: @Sendable (_ region: String) -> RDS
    private let now: @Sendable () -> ContinuousClock.Instant

    /// No other region gets longer to answer than this: the one that is asked may be down.
    private static let longestLook = Duration.seconds(10)

    /// - Parameter rds: RDS of a region.
    package init(
        groupID: String, region: String, finder: any RegionFinder, history: PromotionHistory?,
        now: @escaping @Sendable () -> ContinuousClock.Instant, rds: @escaping @Sendable (_ region: String) -> RDS
    ) {
        self.groupID = groupID
        self.region = region
        self.finder = finder
        self.history = history
        self.now = now
        self.rds = rds
    }

    /// - Throws: where the own region, or the other one, refuses. That the other one does not answer is seen, and no
    ///   error.
    package func view(_ options: RejoinOptions, deadline: ContinuousClock.Instant) async throws -> RejoinView {
        let own = rds(region)
        async let globalClusters = own.describeGlobalClusters(deadline: deadline)
        async let clusters = own.describeDBClusters(deadline: deadline)
        async let instances = own.describeDBInstances(deadline: deadline)
        var view = RejoinView(
            groupID: groupID, region: region, globalClusters: try await globalClusters, clusters: try await clusters,
            instances: try await instances)
        view.active = (try? await finder.find(deadline: soon(deadline))) ?? .notAsked
        view.recordRegions = (await finder.records ?? []).compactMap(\.region).reduce(into: []) { regions, region in
            if !regions.contains(region) { regions.append(region) }
        }
        view.recordedMember = options.member == nil ? await recordedMember(deadline: deadline) : nil
        // What the other region tells may say that it is yet another one, but not twice.
        for _ in 0..<2 {
            guard let other = RejoinRoles(view, options).otherRegion, other != region else { break }
            try await look(at: other, &view, deadline: soon(deadline))
            guard RejoinRoles(view, options).otherRegion != other else { break }
        }
        return view
    }

    private func soon(_ deadline: ContinuousClock.Instant) -> ContinuousClock.Instant {
        min(deadline, now() + Self.longestLook)
    }

    private func look(at other: String, _ view: inout RejoinView, deadline: ContinuousClock.Instant) async throws {
        let there = rds(other)
        async let globalClusters = there.describeGlobalClusters(deadline: deadline)
        async let clusters = there.describeDBClusters(deadline: deadline)
        async let instances = there.describeDBInstances(deadline: deadline)
        do {
            view.other = .answers(clusters: try await clusters, instances: try await instances)
            // A region that has no member any more may not be shown the global cluster.
            let known = Set(view.globalClusters.map(\.id))
            view.globalClusters += try await globalClusters.filter { !known.contains($0.id) }
        } catch let error as AWSError {
            // Whoever refuses is there, and has something to say.
            guard error.status == nil || (500...599).contains(error.status ?? 0) else { throw error }
            view.other = .silent("\(error)")
        }
    }

    /// The one of the last detachment in this region.
    private func recordedMember(deadline: ContinuousClock.Instant) async -> String? {
        let entries = (try? await history?.entries(deadline: deadline)) ?? []
        return entries.first { entry in
            entry.outcome == "detached" && entry.region == region && entry.group.lowercased() == groupID.lowercased()
        }?.member
    }
}
