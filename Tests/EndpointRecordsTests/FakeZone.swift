import AWSClient
import EndpointRecords
import Synchronization

/// A hosted zone that changes as Route 53 does: all of a batch or nothing; what is deleted must be named exactly, and
/// what is created must not be there.
final class FakeZone: ZoneService {
    struct Key: Hashable, Comparable {
        var name: String
        var type: String
        var identifier: String

        init(_ set: ResourceRecordSet) {
            (name, type, identifier) = (set.name, set.type, set.setIdentifier ?? "")
        }

        static func < (left: Key, right: Key) -> Bool {
            (left.name, left.type, left.identifier) < (right.name, right.type, right.identifier)
        }
    }

    enum Call: Sendable, Equatable {
        case zone
        case numbered
        case named([String])
        case change([Route53.Change], comment: String)
        case follow(String)
    }

    struct State {
        var sets: [Key: ResourceRecordSet] = [:]
        var calls: [Call] = []
        /// Thrown by the next calls of each kind that come; nil for one that goes well.
        var changeFailures: [AWSError?] = []
        var followFailures: [AWSError?] = []
        var zoneFailures: [AWSError?] = []
        /// Carried out, and then thrown.
        var answersLost = 0
        /// How often a change is asked after before it is in sync.
        var asksBeforeSync = 0
        var isInSyncAtOnce = false
        var asked: [String: Int] = [:]
        var accepted = 0
        /// What happens behind our backs, just before a change.
        var beforeChange: [@Sendable (inout State) -> Void] = []
    }

    let name: String
    private let state = Mutex(State())
    private let pause: @Sendable () async -> Void

    /// - Parameter pause: passed in every call, before it takes effect.
    init(
        _ sets: [ResourceRecordSet] = [], name: String = "example.com", pause: @escaping @Sendable () async -> Void = {}
    ) {
        self.name = name
        self.pause = pause
        change { state in for set in sets { state.sets[Key(set)] = set } }
    }

    var current: State { state.withLock { $0 } }
    var sets: [ResourceRecordSet] { current.sets.sorted { $0.key < $1.key }.map(\.value) }
    var batches: [[Route53.Change]] {
        current.calls.compactMap { if case .change(let changes, _) = $0 { changes } else { nil } }
    }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    static func refusal(_ code: String, _ kind: AWSError.Code = .refused) -> AWSError {
        var error = AWSError(kind, "refused")
        error.awsCode = code
        return error
    }

    func zone(deadline: ContinuousClock.Instant) async throws -> HostedZone {
        await pause()
        try state.withLock { state in
            state.calls.append(.zone)
            if !state.zoneFailures.isEmpty, let failure = state.zoneFailures.removeFirst() { throw failure }
        }
        return HostedZone(id: "Z1", name: name, isPrivate: true)
    }

    func recordSets(
        named names: [String], deadline: ContinuousClock.Instant
    ) async throws -> [String: [ResourceRecordSet]] {
        await pause()
        change { $0.calls.append(.named(names)) }
        let all = sets
        return Dictionary(uniqueKeysWithValues: names.map { name in (name, all.filter { $0.name == name }) })
    }

    func recordSets(numberedAfter name: String, deadline: ContinuousClock.Instant) async throws -> [ResourceRecordSet] {
        await pause()
        change { $0.calls.append(.numbered) }
        let label = name.prefix { $0 != "." }
        let rest = name.dropFirst(label.count)
        return sets.filter { set in
            guard set.name.hasPrefix(label), set.name.hasSuffix(rest) else { return false }
            let digits = set.name.dropFirst(label.count).dropLast(rest.count)
            return !digits.isEmpty && digits.allSatisfy { ("0"..."9").contains($0) }
        }
    }

    func change(
        _ changes: [Route53.Change], comment: String, deadline: ContinuousClock.Instant
    ) async throws -> Route53.ChangeInfo {
        await pause()
        return try state.withLock { state in
            if !state.beforeChange.isEmpty { state.beforeChange.removeFirst()(&state) }
            state.calls.append(.change(changes, comment: comment))
            if !state.changeFailures.isEmpty, let failure = state.changeFailures.removeFirst() { throw failure }
            var sets = state.sets
            for change in changes {
                guard Self.apply(change, to: &sets) else { throw Self.refusal("InvalidChangeBatch") }
            }
            state.sets = sets
            if state.answersLost > 0 {
                state.answersLost -= 1
                // What the client does then: it sends it again.
                throw Self.refusal("InvalidChangeBatch")
            }
            state.accepted += 1
            return Route53.ChangeInfo(id: "C\(state.accepted)", isInSync: state.isInSyncAtOnce)
        }
    }

    private static func apply(_ change: Route53.Change, to sets: inout [Key: ResourceRecordSet]) -> Bool {
        let set = change.recordSet
        let key = Key(set)
        switch change.action {
        case .delete:
            guard sets[key] == set else { return false }
            sets[key] = nil
            return true
        case .create where sets[key] != nil: return false
        case .create:
            let others = sets.filter { $0.key.name == key.name && $0.key != key }
            guard others.allSatisfy({ ($0.key.type == "CNAME") == (key.type == "CNAME") }),
                others.allSatisfy({ $0.key.type != key.type || ($0.key.identifier == "") == (key.identifier == "") })
            else { return false }
            sets[key] = set
            return true
        }
    }

    func change(id: String, deadline: ContinuousClock.Instant) async throws -> Route53.ChangeInfo {
        await pause()
        return try state.withLock { state in
            state.calls.append(.follow(id))
            if !state.followFailures.isEmpty, let failure = state.followFailures.removeFirst() { throw failure }
            state.asked[id, default: 0] += 1
            return Route53.ChangeInfo(id: id, isInSync: (state.asked[id] ?? 0) > state.asksBeforeSync)
        }
    }
}

/// A cluster, and its global datastore, as they are set.
final class FakeCluster: ClusterService {
    enum Call: Sendable, Equatable {
        case group(String)
        case datastore(String)
    }

    struct State {
        var group: ReplicationGroup
        var datastore: GlobalReplicationGroup?
        var calls: [Call] = []
        var failure: AWSError?
        var datastoreFailure: AWSError?
    }

    private let state: Mutex<State>
    private let pause: @Sendable () async -> Void

    init(
        _ group: ReplicationGroup, datastore: GlobalReplicationGroup? = nil,
        pause: @escaping @Sendable () async -> Void = {}
    ) {
        state = Mutex(State(group: group, datastore: datastore))
        self.pause = pause
    }

    var current: State { state.withLock { $0 } }
    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }

    func describeReplicationGroup(id: String, deadline: ContinuousClock.Instant) async throws -> ReplicationGroup {
        await pause()
        return try state.withLock { state in
            state.calls.append(.group(id))
            if let failure = state.failure { throw failure }
            return state.group
        }
    }

    func describeGlobalReplicationGroup(
        id: String, deadline: ContinuousClock.Instant
    ) async throws -> GlobalReplicationGroup {
        await pause()
        return try state.withLock { state in
            state.calls.append(.datastore(id))
            if let failure = state.datastoreFailure { throw failure }
            guard let datastore = state.datastore, datastore.id == id else { throw AWSError(.notFound, "not there") }
            return datastore
        }
    }
}

/// A clock that sleeping moves, which takes no time.
final class HandClock: Sendable {
    private let state = Mutex((now: ContinuousClock.now, slept: [Duration]()))

    var now: ContinuousClock.Instant { state.withLock { $0.now } }
    var slept: [Duration] { state.withLock { $0.slept } }
    var deadline: ContinuousClock.Instant { now + .seconds(60) }

    func timing(random: Double = 0.5) -> RecordTiming {
        RecordTiming(
            now: { self.now },
            sleep: { duration in
                self.state.withLock { state in
                    state.now += duration
                    state.slept.append(duration)
                }
            },
            random: { random })
    }
}
