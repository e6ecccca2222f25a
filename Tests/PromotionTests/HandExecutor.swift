import Dispatch
import Synchronization

/// Runs what a thousand tasks do one piece after the other, in the order in which it comes: what they do at the same
/// time, they do in the same order in each run.
final class HandExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "HandExecutor", attributes: .initiallyInactive)
    private let state = Mutex((pending: 0, idlers: [CheckedContinuation<Void, Never>]()))

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.pending += 1 }
        queue.async {
            job.runSynchronously(on: self.asUnownedTaskExecutor())
            let idlers = self.state.withLock { state in
                state.pending -= 1
                guard state.pending == 0 else { return [CheckedContinuation<Void, Never>]() }
                defer { state.idlers = [] }
                return state.idlers
            }
            for idler in idlers { idler.resume() }
        }
    }

    /// A thousand tasks that begin in the same moment. Once.
    func start<Value: Sendable>(_ body: @escaping @Sendable (Int) async -> Value) -> [Task<Value, Never>] {
        let tasks = (0..<1000).map { index in Task(executorPreference: self) { await body(index) } }
        queue.activate()
        return tasks
    }

    /// Their results, in their order.
    func run<Value: Sendable>(_ body: @escaping @Sendable (Int) async -> Value) async -> [Value] {
        await start(body).values()
    }

    /// Returns when there is nothing to do until something from outside happens.
    func idle() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                if state.pending > 0 { state.idlers.append(continuation) }
                return state.pending == 0
            }
            if isIdle { continuation.resume() }
        }
    }
}

extension Array {
    /// What the tasks come to, in their order.
    func values<Value: Sendable>() async -> [Value] where Element == Task<Value, Never> {
        var values: [Value] = []
        for task in self { values.append(await task.value) }
        return values
    }
}
