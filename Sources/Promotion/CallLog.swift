internal import Synchronization

/// The calls to AWS since they were last taken, in the order in which they ended.
package final class CallLog: Sendable {
    package struct Call: Sendable, Equatable {
        /// Service and operation, as in an IAM policy: `elasticache:FailoverGlobalReplicationGroup`.
        package var name: String
        package var attempts: Int
        package var duration: Duration

        package init(name: String, attempts: Int, duration: Duration) {
            self.name = name
            self.attempts = attempts
            self.duration = duration
        }
    }

    private let calls = Mutex<[Call]>([])

    package init() {}

    package func record(_ call: Call) {
        calls.withLock { $0.append(call) }
    }

    package func take() -> [Call] {
        calls.withLock { calls in
            defer { calls = [] }
            return calls
        }
    }
}
