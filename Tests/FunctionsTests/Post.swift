import Functions
import Promotion
import Synchronization

/// A topic service and a parameter store in virtual time.
final class Post: TopicService, ParameterService {
    enum Outcome: Sendable {
        case delivers
        case fails
        case hangs
        case takes(Duration)
    }

    struct State {
        /// By the name of the topic.
        var topics: [String: Outcome] = [:]
        var store = Outcome.delivers
        var told: [String] = []
        var attempts: [(topic: String, subject: String)] = []
        var parameters: [String: String] = [:]
        var writes = 0
        var latestDeadline: ContinuousClock.Instant?
    }

    struct Broken: Error {}

    let time = VirtualTime()
    let state = Mutex(State())

    func publish(_ notification: Notification, to topicARN: String, deadline: ContinuousClock.Instant) async throws {
        let outcome = state.withLock { state in
            state.attempts.append((topicARN, notification.subject))
            state.latestDeadline = max(state.latestDeadline ?? deadline, deadline)
            return state.topics[topicARN] ?? .delivers
        }
        try await carry(outcome, deadline)
        state.withLock { $0.told.append(notification.subject) }
    }

    func parameter(named name: String, deadline: ContinuousClock.Instant) async throws -> String? {
        try await carry(state.withLock { $0.store }, deadline)
        return state.withLock { $0.parameters[name] }
    }

    func putParameter(named name: String, value: String, deadline: ContinuousClock.Instant) async throws -> Bool {
        state.withLock { state in
            state.writes += 1
            return state.parameters.updateValue(value, forKey: name) == nil
        }
    }

    private func carry(_ outcome: Outcome, _ deadline: ContinuousClock.Instant) async throws {
        switch outcome {
        case .delivers: break
        case .fails: throw Broken()
        case .hangs:
            try await time.sleep(until: deadline)
            throw Broken()
        case .takes(let duration): try await time.sleep(until: time.now + duration)
        }
    }

    func set(_ topic: String, _ outcome: Outcome) { state.withLock { $0.topics[topic] = outcome } }
    var attempts: Int { state.withLock { $0.attempts.count } }
    /// The watches that were told of, in the order of the telling, with what.
    var told: [String] { state.withLock { $0.told } }
    var writes: Int { state.withLock { $0.writes } }
}
