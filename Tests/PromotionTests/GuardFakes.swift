import Failover
import Promotion
import Synchronization

/// Replication as it is measured, or not.
final class FakeLag: LagService {
    private let journal: Journal
    private let state = Mutex((knowledge: LagKnowledge.known(.zero), gate: Gate?.none))

    init(_ journal: Journal, _ knowledge: LagKnowledge = .known(.zero)) {
        self.journal = journal
        set(knowledge)
    }

    func set(_ knowledge: LagKnowledge) { state.withLock { $0.knowledge = knowledge } }
    func hold(at gate: Gate?) { state.withLock { $0.gate = gate } }

    func lag(ofMember id: String, group: String, deadline: ContinuousClock.Instant) async -> LagKnowledge {
        journal.note(.lag(id), deadline)
        await state.withLock { $0.gate }?.pass()
        return state.withLock { $0.knowledge }
    }
}

/// A pause that is set by hand.
final class FakePause: PauseSource {
    private let state: Mutex<PauseKnowledge>

    init(_ knowledge: PauseKnowledge) { state = Mutex(knowledge) }

    func set(_ knowledge: PauseKnowledge) { state.withLock { $0 = knowledge } }
    var knowledge: PauseKnowledge { get async { state.withLock { $0 } } }
}

final class FakeDetachments: DetachmentRecord {
    private let state = Mutex((isDetached: false, asked: [ContinuousClock.Instant]()))

    init(_ isDetached: Bool) { state.withLock { $0.isDetached = isDetached } }

    func set(_ isDetached: Bool) { state.withLock { $0.isDetached = isDetached } }

    /// The deadlines of those who asked.
    var asked: [ContinuousClock.Instant] { state.withLock { $0.asked } }

    func detachedMember(group: String, region: String, deadline: ContinuousClock.Instant) async -> String? {
        state.withLock { state in
            state.asked.append(deadline)
            return state.isDetached ? World.promotion.memberID : nil
        }
    }
}

/// Parameter Store in memory.
final class FakeParameters: ParameterService {
    struct State {
        var values: [String: String] = [:]
        /// Of the next reads.
        var failures: [any Error] = []
        fileprivate(set) var reads: [ContinuousClock.Instant] = []
    }

    private let state = Mutex(State())

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
    func value(_ name: String) -> String? { state.withLock { $0.values[name] } }
    /// The deadlines of the reads.
    var reads: [ContinuousClock.Instant] { state.withLock { $0.reads } }

    func parameter(named name: String, deadline: ContinuousClock.Instant) async throws -> String? {
        try state.withLock { state in
            state.reads.append(deadline)
            if !state.failures.isEmpty { throw state.failures.removeFirst() }
            return state.values[name]
        }
    }

    func putParameter(named name: String, value: String, deadline: ContinuousClock.Instant) async throws -> Bool {
        state.withLock { $0.values.updateValue(value, forKey: name) == nil }
    }
}
