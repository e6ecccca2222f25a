internal import Synchronization

/// The credentials in use, and the one renewal that may be under way.
///
/// From five minutes before their end on, the caller that comes first renews them and all others go on
/// with the old ones; in the last minute all wait for the new ones. A renewal that fails is forgotten, so
/// that the next caller tries again, and harms nobody while the old ones are valid.
final class CredentialCache: Sendable {
    typealias Renewal = @Sendable () async -> Result<AWSCredentials, AWSError>

    static let advisorySeconds: Int64 = 300
    static let mandatorySeconds: Int64 = 60

    private struct State {
        var current: AWSCredentials?
        var renewal: (id: UInt64, task: Task<Result<AWSCredentials, AWSError>, Never>)?
        var nextID: UInt64 = 0
    }

    private enum Step {
        case use(AWSCredentials)
        case wait(Task<Result<AWSCredentials, AWSError>, Never>, isOwn: Bool)
    }

    private let state = Mutex(State())
    private let taskExecutor: (any TaskExecutor)?

    /// - Parameter taskExecutor: where renewals run; nil for anywhere.
    init(taskExecutor: (any TaskExecutor)? = nil) {
        self.taskExecutor = taskExecutor
    }

    /// The credentials to sign with now.
    ///
    /// - Parameters:
    ///   - now: asked again after a renewal, which takes time.
    ///   - isOver: whether the caller's own deadline has passed.
    ///   - renew: obtains new ones. It runs in a task of its own, so that the caller that happened to
    ///     start it can be cancelled without harm to the others; it must end by itself.
    func credentials(
        now: @Sendable () -> Timestamp, isOver: @Sendable () -> Bool, renew: @escaping Renewal
    ) async throws(AWSError) -> AWSCredentials {
        while true {
            switch step(now: now(), renew: renew) {
            case .use(let credentials): return credentials
            case .wait(let task, let isOwn):
                switch await task.value {
                case .success(let credentials): return credentials
                case .failure(let error):
                    if let old = state.withLock({ $0.current }), !Self.endsWithin(0, of: now(), old) { return old }
                    // It ran into the deadline of the caller that had started it, which was before ours.
                    if !isOwn, error.code == .deadlineExceeded, !isOver() { continue }
                    throw error
                }
            }
        }
    }

    /// Forgets credentials that AWS says are over, whatever their own end.
    func forget(accessKeyID: String) {
        state.withLock { if $0.current?.accessKeyID == accessKeyID { $0.current = nil } }
    }

    private func step(now: Timestamp, renew: @escaping Renewal) -> Step {
        state.withLock { state in
            if let current = state.current {
                if !Self.endsWithin(Self.advisorySeconds, of: now, current) { return .use(current) }
                let isUrgent = Self.endsWithin(Self.mandatorySeconds, of: now, current)
                if state.renewal != nil, !isUrgent { return .use(current) }
            }
            if let renewal = state.renewal { return .wait(renewal.task, isOwn: false) }
            let id = state.nextID
            state.nextID += 1
            let task = Task(executorPreference: taskExecutor) {
                let result = await renew()
                self.finish(id, result)
                return result
            }
            state.renewal = (id, task)
            return .wait(task, isOwn: true)
        }
    }

    private func finish(_ id: UInt64, _ result: Result<AWSCredentials, AWSError>) {
        state.withLock { state in
            if state.renewal?.id == id { state.renewal = nil }
            if case .success(let credentials) = result { state.current = credentials }
        }
    }

    private static func endsWithin(_ seconds: Int64, of now: Timestamp, _ credentials: AWSCredentials) -> Bool {
        guard let expiration = credentials.expiration else { return false }
        return expiration.seconds(since: now) <= seconds
    }
}
