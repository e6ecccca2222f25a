import Synchronization

/// Holds every call of several tasks until all of them have come to one, and lets one through at a time: so that a seed
/// is an interleaving.
final class Turnstile: Sendable {
    private struct State {
        var live = 0
        var waiting: [(task: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var watcher: CheckedContinuation<Void, Never>?

        mutating func takeWatcherIfQuiet() -> CheckedContinuation<Void, Never>? {
            guard waiting.count == live else { return nil }
            defer { watcher = nil }
            return watcher
        }
    }

    private let state = Mutex(State())

    /// Which of the tasks it is.
    @TaskLocal static var task = 0

    /// What a task passes before each of its calls.
    func pass() async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.waiting.append((Self.task, continuation))
                return state.takeWatcherIfQuiet()
            }?.resume()
        }
    }

    func begin() { state.withLock { $0.live += 1 } }

    func end() {
        state.withLock { state in
            state.live -= 1
            return state.takeWatcherIfQuiet()
        }?.resume()
    }

    /// - Returns: the tasks that wait, when all that are left do.
    func quiet() async -> [Int] {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.watcher = continuation
                return state.takeWatcherIfQuiet()
            }?.resume()
        }
        return state.withLock { $0.waiting.map(\.task) }
    }

    func release(_ task: Int) {
        state.withLock { state in
            state.waiting.firstIndex { $0.task == task }.map { state.waiting.remove(at: $0).continuation }
        }?.resume()
    }
}
