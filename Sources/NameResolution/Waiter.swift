internal import Synchronization

/// One who waits for a look-up. Worker, deadline and cancellation race to finish it; the first one wins, and
/// the caller is resumed exactly once. What comes later is dropped.
final class Waiter: Sendable {
    typealias Answer = Result<ResolvedName, ResolutionError>

    private enum State {
        case open(CheckedContinuation<Answer, Never>?)
        case finished(Answer)
    }

    let name: String
    let deadline: ContinuousClock.Instant
    private let state = Mutex(State.open(nil))

    init(name: String, deadline: ContinuousClock.Instant) {
        self.name = name
        self.deadline = deadline
    }

    var isFinished: Bool {
        state.withLock { state in
            if case .finished = state { true } else { false }
        }
    }

    /// Sets who waits; resumes at once where it is finished already.
    func await(_ continuation: CheckedContinuation<Answer, Never>) {
        let answer: Answer? = state.withLock { state in
            if case .finished(let answer) = state { return answer }
            state = .open(continuation)
            return nil
        }
        if let answer { continuation.resume(returning: answer) }
    }

    /// - Returns: whether this was the first answer.
    @discardableResult
    func finish(_ answer: Answer) -> Bool {
        let (isFirst, waiting) = state.withLock { state -> (Bool, CheckedContinuation<Answer, Never>?) in
            guard case .open(let waiting) = state else { return (false, nil) }
            state = .finished(answer)
            return (true, waiting)
        }
        waiting?.resume(returning: answer)
        return isFirst
    }

    func fail(_ code: ResolutionError.Code, _ reason: String) {
        finish(.failure(ResolutionError(code, name: name, reason: reason)))
    }
}
