import AWSClient
import Failover
import NameResolution
import Promotion
import Synchronization

/// What the fakes at the ports were asked, in the order of the asking, each with its deadline.
final class Journal: Sendable {
    enum Event: Sendable, Hashable {
        case lookUp(String)
        case records(String)
        case group
        case promote(Decision.Promotion)
        case detach(Decision.Promotion)
        case lag(String)
    }

    private let entries = Mutex<[(event: Event, deadline: ContinuousClock.Instant)]>([])

    func note(_ event: Event, _ deadline: ContinuousClock.Instant) {
        entries.withLock { $0.append((event, deadline)) }
    }

    /// The events since they were last taken.
    func take() -> [Event] {
        takeEntries().map(\.event)
    }

    func takeEntries() -> [(event: Event, deadline: ContinuousClock.Instant)] {
        entries.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }
}

extension [Journal.Event] {
    func lookUps(of name: String) -> Int { filter { $0 == .lookUp(name) }.count }
    var groupReads: Int { filter { $0 == .group }.count }
    var recordReads: Int { filter { if case .records = $0 { true } else { false } }.count }
    var promotions: [Decision.Promotion] { compactMap { if case .promote(let it) = $0 { it } else { nil } } }
    /// All but look-ups.
    var serviceCalls: [Journal.Event] { filter { if case .lookUp = $0 { false } else { true } } }
}

/// A clock that is moved by hand; sleeping moves it too, and takes no time.
final class HandClock: Sendable {
    private let state = Mutex((now: ContinuousClock.now, slept: [Duration]()))

    var now: ContinuousClock.Instant { state.withLock { $0.now } }
    var slept: [Duration] { state.withLock { $0.slept } }

    func advance(by duration: Duration) { state.withLock { $0.now += duration } }

    func pass(_ duration: Duration) {
        state.withLock { state in
            state.now += duration
            state.slept.append(duration)
        }
    }
}

/// Holds up who comes until it is opened, and says when somebody has come. Cancelling a task that waits
/// opens it: a test that runs into its time limit ends.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var hasArrival = false
        var held: [CheckedContinuation<Void, Never>] = []
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func pass() async {
        await wait { state, continuation in
            state.hasArrival = true
            defer { state.watchers = [] }
            if state.isOpen { return state.watchers + [continuation] }
            state.held.append(continuation)
            return state.watchers
        }
    }

    func arrival() async {
        await wait { state, continuation in
            if state.hasArrival || state.isOpen { return [continuation] }
            state.watchers.append(continuation)
            return []
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { (state.held, state.watchers) = ([], []) }
            return state.held + state.watchers
        }
        for continuation in waiting { continuation.resume() }
    }

    /// - Parameter enter: puts the continuation away; returns those to be resumed at once.
    private func wait(
        _ enter: (inout State, CheckedContinuation<Void, Never>) -> [CheckedContinuation<Void, Never>]
    ) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                for ready in state.withLock({ enter(&$0, continuation) }) { ready.resume() }
            }
        } onCancel: {
            open()
        }
    }
}

/// An error of nobody in particular.
struct Broken: Error, Equatable {
    var what: String
    init(_ what: String = "broken") { self.what = what }
}

final class FakeResolver: Resolver {
    typealias Answer = Result<ResolvedName, ResolutionError>

    private let journal: Journal
    private let answers = Mutex<[String: Answer]>([:])
    /// Holds up look-ups of one name.
    private let gates = Mutex<[String: Gate]>([:])

    init(_ journal: Journal) { self.journal = journal }

    func set(_ name: String, _ addresses: String..., canonicalName: String? = nil) {
        let answer = ResolvedName(
            canonicalName: canonicalName ?? name, addresses: addresses.compactMap { IPAddress($0) })
        answers.withLock { $0[name] = .success(answer) }
    }

    func fail(_ name: String, _ code: ResolutionError.Code, reason: String = "no") {
        answers.withLock { $0[name] = .failure(ResolutionError(code, name: name, reason: reason)) }
    }

    func hold(_ name: String, at gate: Gate?) { gates.withLock { $0[name] = gate } }

    func resolve(_ name: String, deadline: ContinuousClock.Instant) async throws(ResolutionError) -> ResolvedName {
        journal.note(.lookUp(name), deadline)
        await gates.withLock { $0[name] }?.pass()
        let answer = answers.withLock { $0[name] }
        return try (answer ?? .failure(ResolutionError(.notFound, name: name, reason: "unset"))).get()
    }
}

final class FakeRecords: RecordService {
    private struct State {
        var sets: [ResourceRecordSet] = []
        var failures: [any Error] = []
        var gate: Gate?
    }

    private let journal: Journal
    private let state = Mutex(State())

    init(_ journal: Journal) { self.journal = journal }

    func set(_ sets: [ResourceRecordSet]) { state.withLock { $0.sets = sets } }
    func fail(_ errors: any Error...) { state.withLock { $0.failures = errors } }
    func hold(at gate: Gate?) { state.withLock { $0.gate = gate } }

    func recordSets(named name: String, deadline: ContinuousClock.Instant) async throws -> [ResourceRecordSet] {
        journal.note(.records(name), deadline)
        await state.withLock { $0.gate }?.pass()
        return try state.withLock { state in
            if !state.failures.isEmpty { throw state.failures.removeFirst() }
            return state.sets.filter { $0.name == name }
        }
    }
}

/// A global group that behaves as AWS's does: what is accepted makes it `modifying`, until it settles.
final class FakeGroup: GlobalGroupService {
    enum Outcome: Sendable {
        case accepted
        case fails(any Error)
        /// AWS accepts it, and the answer is lost.
        case acceptedThenFails(any Error)
        /// It has happened by the time that the answer is missed.
        case doneThenFails(any Error)
    }

    struct State {
        var group: GlobalGroup
        var failures: [any Error] = []
        /// Of the first read after the next promotion.
        var failureAfterPromotion: (any Error)?
        /// Of the next promotions; accepted where there is none left.
        var outcomes: [Outcome] = []
        var gate: Gate?
        /// Holds up the requests for a promotion.
        var requestGate: Gate?
        /// How many promotions were accepted, and how many of them while another one was under way.
        fileprivate(set) var accepted = 0
        fileprivate(set) var overlapping = 0
        var refusesWhileModifying = true
        fileprivate var wanted: String?
    }

    private let journal: Journal
    private let state: Mutex<State>

    init(_ journal: Journal, _ group: GlobalGroup) {
        self.journal = journal
        state = Mutex(State(group: group))
    }

    func change(_ body: (inout State) -> Void) { state.withLock { body(&$0) } }
    var current: GlobalGroup { state.withLock { $0.group } }
    var accepted: Int { state.withLock { $0.accepted } }
    var overlapping: Int { state.withLock { $0.overlapping } }

    /// The promotion that was accepted has happened.
    func settle() {
        change { Self.settle(&$0) }
    }

    /// Somebody has promoted the east, unless something else is under way.
    func promoteEast() {
        change { state in
            guard state.wanted == nil, state.group.status == "available" else { return }
            state.wanted = "sessions-east"
            Self.settle(&state)
        }
    }

    /// The promotion that was accepted came to nothing.
    func abandon() {
        change { state in
            state.group.status = "available"
            state.wanted = nil
        }
    }

    private static func settle(_ state: inout State) {
        guard let wanted = state.wanted else { return }
        for index in state.group.members.indices {
            state.group.members[index].role = state.group.members[index].id == wanted ? .primary : .secondary
        }
        state.group.status = "available"
        state.wanted = nil
    }

    func group(deadline: ContinuousClock.Instant) async throws -> GlobalGroup {
        journal.note(.group, deadline)
        // What is held up at the gate is the answer.
        let answer: Result<GlobalGroup, any Error> = state.withLock { state in
            state.failures.isEmpty ? .success(state.group) : .failure(state.failures.removeFirst())
        }
        await state.withLock { $0.gate }?.pass()
        return try answer.get()
    }

    /// What is accepted takes the member out of the group when it settles.
    func detach(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
        journal.note(.detach(promotion), deadline)
        try state.withLock { state in
            let outcome = state.outcomes.isEmpty ? .accepted : state.outcomes.removeFirst()
            if case .fails(let error) = outcome { throw error }
            for index in state.group.members.indices where state.group.members[index].id == promotion.memberID {
                state.group.members[index].status = "disassociating"
            }
            state.group.status = "modifying"
            switch outcome {
            case .acceptedThenFails(let error): throw error
            case .doneThenFails(let error):
                state.group.members.removeAll { $0.id == promotion.memberID }
                throw error
            case .accepted, .fails: break
            }
        }
    }

    func promote(_ promotion: Decision.Promotion, deadline: ContinuousClock.Instant) async throws {
        journal.note(.promote(promotion), deadline)
        await state.withLock { $0.requestGate }?.pass()
        try state.withLock { state in
            if let error = state.failureAfterPromotion { state.failures = [error] }
            let outcome = state.outcomes.isEmpty ? .accepted : state.outcomes.removeFirst()
            if case .fails(let error) = outcome { throw error }
            // As AWS does.
            if state.refusesWhileModifying, state.group.status == "modifying" {
                throw PromotionRefusal.changeUnderWay()
            }
            if state.wanted != nil { state.overlapping += 1 }
            state.accepted += 1
            state.wanted = promotion.memberID
            state.group.status = "modifying"
            switch outcome {
            case .acceptedThenFails(let error): throw error
            case .doneThenFails(let error):
                Self.settle(&state)
                throw error
            case .accepted, .fails: break
            }
        }
    }
}
