import Dispatch
import HTTPTransport
import Synchronization

/// Runs the tasks of a test one after the other, and time with them: when all of them wait, it is at once as late as
/// the first of them waits for. So minutes take no time, and each run is like the last.
final class VirtualTime: TaskExecutor {
    private struct Sleeper {
        var id: Int
        var due: ContinuousClock.Instant
        var continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now = ContinuousClock.now
        var pending = 0
        var sleepers: [Sleeper] = []
        var lastID = 0
        var cancelled: Set<Int> = []
    }

    private let queue = DispatchQueue(label: "virtual time")
    private let state = Mutex(State())

    var now: ContinuousClock.Instant { state.withLock { $0.now } }

    /// All that `body` starts, and awaits, has to run here.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await Task(executorPreference: self, operation: body).value
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.pending += 1 }
        queue.async { [self] in
            job.runSynchronously(on: asUnownedTaskExecutor())
            state.withLock { Self.next(&$0) }?.resume(returning: true)
        }
    }

    private static func next(_ state: inout State) -> CheckedContinuation<Bool, Never>? {
        state.pending -= 1
        guard state.pending == 0, let first = state.sleepers.min(by: { ($0.due, $0.id) < ($1.due, $1.id) }) else {
            return nil
        }
        state.sleepers.removeAll { $0.id == first.id }
        state.now = max(state.now, first.due)
        return first.continuation
    }

    func sleep(until due: ContinuousClock.Instant) async throws(CancellationError) {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let isDue = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    guard state.cancelled.remove(id) == nil else { return true }
                    state.sleepers.append(Sleeper(id: id, due: due, continuation: continuation))
                    return false
                }
                if isCancelled { continuation.resume(returning: false) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(returning: false)
        }
        guard isDue else { throw CancellationError() }
    }
}
