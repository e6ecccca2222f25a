import AWSClient
import EndpointRecords
import Synchronization

/// A zone, the cluster of us-west-2, and the datastore that says in which region the primary is.
final class RecordWorld: ZoneService, ClusterService {
    struct State {
        var sets: [ResourceRecordSet] = []
        var primary = "us-west-2"
        var status = "available"
        /// Node → role; nil where AWS does not tell it.
        var roles: [(node: String, role: String?)] = []
        var changes = 0
        var calls = 0
        var looks = 0
        var failure: AWSError?
        var now = ContinuousClock.now

        /// The name of the primary.
        var record: ResourceRecordSet? {
            get { sets.first { $0.name == "redis.example.com" } }
            set {
                sets.removeAll { $0.name == "redis.example.com" }
                sets += [newValue].compactMap(\.self)
            }
        }
    }

    private let state = Mutex(State())
    /// Told of each look at the cluster, before it, with how many there were.
    private let onLook: @Sendable (inout State, Int) -> Void

    init(onLook: @escaping @Sendable (inout State, Int) -> Void = { _, _ in }) { self.onLook = onLook }

    var current: State { state.withLock { $0 } }
    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    func zone(deadline: ContinuousClock.Instant) async throws -> HostedZone {
        state.withLock { $0.calls += 1 }
        return HostedZone(id: "Z123", name: "example.com", isPrivate: true)
    }

    func recordSets(
        named names: [String], deadline: ContinuousClock.Instant
    ) async throws -> [String: [ResourceRecordSet]] {
        try state.withLock { state in
            state.calls += 1
            if let failure = state.failure { throw failure }
            return Dictionary(uniqueKeysWithValues: names.map { name in (name, state.sets.filter { $0.name == name }) })
        }
    }

    func recordSets(
        numberedAfter name: String, deadline: ContinuousClock.Instant
    ) async throws -> [ResourceRecordSet] {
        state.withLock { state in
            state.calls += 1
            return state.sets.filter { $0.name.hasPrefix("read") }
        }
    }

    func change(
        _ changes: [Route53.Change], comment: String, deadline: ContinuousClock.Instant
    ) async throws -> Route53.ChangeInfo {
        state.withLock { state in
            for change in changes {
                switch change.action {
                case .delete: state.sets.removeAll { $0 == change.recordSet }
                case .create: state.sets.append(change.recordSet)
                }
            }
            state.changes += 1
        }
        return Route53.ChangeInfo(id: "C1", isInSync: false)
    }

    func change(id: String, deadline: ContinuousClock.Instant) async throws -> Route53.ChangeInfo {
        Route53.ChangeInfo(id: id, isInSync: true)
    }

    func describeReplicationGroup(id: String, deadline: ContinuousClock.Instant) async throws -> ReplicationGroup {
        state.withLock { state in
            state.calls += 1
            state.looks += 1
            onLook(&state, state.looks)
            let members = state.roles.map { node, role in
                ReplicationGroup.Member(
                    cacheClusterID: node, currentRole: role,
                    readEndpoint: .init(address: "\(node).\(id).abc123.usw2.cache.amazonaws.com", port: 6379))
            }
            return ReplicationGroup(
                id: id, status: state.status, globalDatastoreID: "ldgnf-sessions",
                nodeGroups: [
                    .init(
                        id: "0001", status: "available",
                        primaryEndpoint: .init(address: "master.\(id).abc123.usw2.cache.amazonaws.com", port: 6379),
                        members: members)
                ])
        }
    }

    func describeGlobalReplicationGroup(
        id: String, deadline: ContinuousClock.Instant
    ) async throws -> GlobalReplicationGroup {
        state.withLock { state in
            state.calls += 1
            let members = ["us-east-1", "us-west-2"].map { region in
                GlobalReplicationGroup.Member(
                    replicationGroupID: "sessions-\(region)", region: region,
                    role: region == state.primary ? "PRIMARY" : "SECONDARY", status: "associated")
            }
            return GlobalReplicationGroup(id: id, status: "available", members: members)
        }
    }
}
