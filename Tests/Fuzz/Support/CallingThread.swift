import Synchronization

/// Runs Swift's jobs on the thread that asks for their end, so that each input takes the same way every time.
final class CallingThread: TaskExecutor {
    static let shared = CallingThread()

    private struct Job: @unchecked Sendable {
        let job: UnownedJob
    }

    private let jobs = Mutex<[Job]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = Job(job: UnownedJob(job))
        jobs.withLock { $0.append(job) }
    }

    /// - Throws: what the body throws; a `WrongResult` where it waits for something that never comes.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let result = Result()
        Task(executorPreference: self) {
            do { result.set(.success(try await body())) } catch { result.set(.failure(error)) }
        }
        while let next = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
            next.job.runSynchronously(on: asUnownedTaskExecutor())
        }
        guard let value = result.value else { throw WrongResult(reason: "it waits for ever") }
        guard let value = try value.get() as? Value else { throw WrongResult(reason: "a value of another type") }
        return value
    }

    private final class Result: Sendable {
        private let state = Mutex<Swift.Result<any Sendable, any Error>?>(nil)

        var value: Swift.Result<any Sendable, any Error>? { state.withLock { $0 } }

        func set(_ value: Swift.Result<any Sendable, any Error>) { state.withLock { $0 = value } }
    }
}
