/// Makes one request of many: what is asked for while requests are under way waits for the next one, and goes with all
/// that waits by then. Nobody gets an answer to a request that began before he asked.
actor Batcher<Key: Hashable & Sendable, Value: Sendable> {
    /// Must return by the deadline, with something for each key.
    typealias Fetch =
        @Sendable (_ keys: [Key], _ deadline: ContinuousClock.Instant) async -> [Key: Result<Value, any Error>]

    private struct Waiter {
        var continuation: CheckedContinuation<Result<Value, any Error>, Never>
        var deadline: ContinuousClock.Instant
    }

    private let fetch: Fetch
    private let taskExecutor: (any TaskExecutor)?
    private var waiting: [(key: Key, waiter: Waiter)] = []
    private var underWay = 0

    /// A second one, so that nobody waits long behind one that hangs.
    private static var maximumUnderWay: Int { 2 }

    /// - Parameter taskExecutor: where the requests are made; nil for anywhere.
    init(taskExecutor: (any TaskExecutor)?, fetch: @escaping Fetch) {
        self.taskExecutor = taskExecutor
        self.fetch = fetch
    }

    /// - Parameter deadline: when to give up. All that go with one request have the latest of their deadlines, which
    ///   are those of checks that began at the same time.
    func value(for key: Key, deadline: ContinuousClock.Instant) async throws -> Value {
        let result = await withCheckedContinuation { continuation in
            waiting.append((key, Waiter(continuation: continuation, deadline: deadline)))
            if underWay < Self.maximumUnderWay {
                underWay += 1
                // Not at once: whoever asks in the same moment shall come along.
                Task(executorPreference: taskExecutor) { await self.run() }
            }
        }
        return try result.get()
    }

    private func run() async {
        while !waiting.isEmpty {
            let batch = waiting
            waiting = []
            var keys: [Key] = []
            var seen: Set<Key> = []
            for (key, _) in batch where seen.insert(key).inserted { keys.append(key) }
            let deadline = batch.map(\.waiter.deadline).max() ?? .now
            let answers = await fetch(keys, deadline)
            for (key, waiter) in batch {
                waiter.continuation.resume(returning: answers[key] ?? .failure(CancellationError()))
            }
        }
        underWay -= 1
    }
}

/// Lets so many through at a time, in the order in which they come.
actor Limiter {
    private let maximum: Int
    private var inside = 0
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(maximum: Int) {
        self.maximum = maximum
    }

    func run<Value: Sendable>(_ body: @Sendable () async throws -> Value) async rethrows -> Value {
        await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async {
        guard inside >= maximum else {
            inside += 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty { inside -= 1 } else { waiting.removeFirst().resume() }
    }
}
