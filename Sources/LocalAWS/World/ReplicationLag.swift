import Foundation

/// `GlobalDatastoreReplicationLag`, and the lags of Aurora's secondaries, as AWS publishes them: once a minute, for
/// each secondary, in its region.
///
/// A client asks for a time by its own clock, which is the real one. Its now is taken for the emulator's,
/// so that "the last five minutes" are five minutes of the emulated world whatever its pace. The lag that
/// is set counts for all of them: who sets it need not wait for the next minute.
struct ReplicationLag {
    static let namespace = "AWS/ElastiCache"
    static let name = "GlobalDatastoreReplicationLag"
    /// After the loss of the primary's region the secondaries tell their lag for so long.
    static let patience: TimeInterval = 120
    /// CloudWatch keeps values of one minute for so long; older ones are not made.
    private static let memory: TimeInterval = 15 * 24 * 3600

    let metric: Metric
    let lag: Double?
    /// When the last value came, by the client's clock; nil: they still come.
    let end: Date?

    /// - Parameters:
    ///   - now: by the client's clock.
    ///   - worldNow: the same moment by the emulator's.
    static func all(in state: WorldState, now: Date, worldNow: Date) -> [ReplicationLag] {
        let aurora = auroraLags(in: state, now: now, worldNow: worldNow)
        return state.datastores.values.sorted { $0.id < $1.id }.flatMap { datastore in
            let end = end(afterLossOf: datastore.primary?.region, in: state, now: now, worldNow: worldNow)
            return datastore.members.filter { $0.role == "SECONDARY" }.flatMap { member in
                primaries(of: member, in: state).map { node in
                    let dimensions = ["CacheClusterId": node, "CacheNodeId": CacheCluster.nodeID]
                    return ReplicationLag(
                        metric: Metric(region: member.region, namespace: namespace, name: name, dimensions: dimensions),
                        lag: datastore.lag, end: end
                    )
                }
            }
        } + aurora
    }

    /// When the last values come from secondaries of a primary there; nil: they go on.
    static func end(afterLossOf region: String?, in state: WorldState, now: Date, worldNow: Date) -> Date? {
        region.flatMap { state.failedSince[$0] }
            .map { now.addingTimeInterval($0.timeIntervalSince(worldNow) + patience) }
    }

    /// The nodes that replicate from another region: the primary of each shard.
    private static func primaries(of member: GlobalDatastore.Member, in state: WorldState) -> [String] {
        let group = state.replicationGroups[ReplicationGroup.Key(region: member.region, id: member.id)]
        return group?.shards.compactMap(\.primary?.id) ?? []
    }

    /// Those of whole minutes in the interval, its end excluded, up to now.
    func datapoints(from start: Date, to end: Date, now: Date, each minute: CloudWatchMinute) -> [Datapoint] {
        guard let lag else { return [] }
        let first = max(start, now.addingTimeInterval(-Self.memory)).timeIntervalSince1970
        var time = (first / minute.seconds).rounded(.up) * minute.seconds
        var points: [Datapoint] = []
        while time < end.timeIntervalSince1970, time <= min(now, self.end ?? now).timeIntervalSince1970 {
            points.append(Datapoint(time: Date(timeIntervalSince1970: time), value: lag))
            time += minute.seconds
        }
        return points
    }
}
