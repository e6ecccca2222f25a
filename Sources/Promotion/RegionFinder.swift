package import Failover
package import NameResolution

/// Says which region is active, and what that was found out from.
package protocol RegionFinder: Sendable {
    /// nil until they were read.
    var records: [FailoverRecord]? { get async }
    /// The last answer for the watched name; nil where there was none.
    var lastAnswer: ResolvedName? { get async }

    /// What a first check would have to fetch, other than the answer itself.
    func warmUp(deadline: ContinuousClock.Instant) async throws
    /// Nobody has looked for a while: the next region found is to be looked at twice, even if it is the last one.
    func distrust() async
    /// Whether somebody else who looks up the same name has been told otherwise since the last answer, or between it and the
    /// one before. Each such time is told of once.
    func otherHeardOtherwise() async -> Bool
    /// - Throws: where the records have to be read and cannot be. That DNS gives no answer is no error but an active
    ///   region that is `.unknown`.
    func find(deadline: ContinuousClock.Instant) async throws -> ActiveRegion
}

extension RegionFinder {
    package func otherHeardOtherwise() async -> Bool { false }
}

extension ActiveRegionFinder: RegionFinder {}
