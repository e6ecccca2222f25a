package import Foundation
import Synchronization

/// A Lambda function's control side: the Runtime API on a port of its own, and the invoker.
///
/// It starts no process. Whoever runs one gives it `LocalAWS.environment(for:)`.
package final class LocalFunction: Sendable {
    /// 6 MiB and a hundred bytes: more is answered with 413.
    package static let largestResponse = 6 * 1024 * 1024 + 100

    package let name: String
    package let region: String
    package let credentials: LocalCredentials
    /// Of its role; the credentials are those of a session of it.
    package var role: String {
        settings.role ?? "arn:aws:iam::\(CredentialStore.account):role/\(Self.roleName(of: name))"
    }
    package var arn: String { "arn:aws:lambda:\(region):\(CredentialStore.account):function:\(name)" }
    /// For `AWS_LAMBDA_RUNTIME_API`.
    package var runtimeAPI: String { "127.0.0.1:\(port.withLock { $0 })" }
    /// Whether `next` carries a `Lambda-Runtime-Invocation-Id`, which then must come back.
    package let sendsInvocationID: Bool

    /// What Lambda and EventBridge say of it. A change counts from the next question on.
    package var settings: FunctionSettings {
        get { currentSettings.withLock { $0 } }
        set { currentSettings.withLock { $0 = newValue } }
    }

    let events: EventBus
    private let currentSettings: Mutex<FunctionSettings>
    let state = Mutex(RuntimeState())
    private let port = Mutex<UInt16>(0)
    private let listener = Mutex<HTTPListener?>(nil)

    init(
        name: String, region: String, credentials: LocalCredentials, sendsInvocationID: Bool,
        settings: FunctionSettings, events: EventBus
    ) {
        currentSettings = Mutex(settings)
        self.name = name
        self.region = region
        self.credentials = credentials
        self.sendsInvocationID = sendsInvocationID
        self.events = events
    }

    static func roleName(of function: String) -> String { "\(function)-role" }

    func start(port: UInt16) async throws {
        let listener = try await HTTPListener(port: port) { [weak self] request in
            await self?.handle(request) ?? .drop
        }
        self.port.withLock { $0 = listener.port }
        self.listener.withLock { $0 = listener }
    }

    // MARK: For whoever invokes

    /// Queues an invocation and waits for how it ends. Invocations are delivered one at a time, in order.
    /// - Parameter timeout: in real time, from when a process takes it.
    package func invoke(
        _ payload: Data = Data("{}".utf8), timeout: Duration = .seconds(30), options: InvocationOptions = .init()
    ) async -> InvocationOutcome {
        let requestID = UUID().uuidString.lowercased()
        let outcomes = enqueue(payload, requestID: requestID, timeout: timeout, options: options)
        let patience = Task { [weak self] in
            try await Task.sleep(for: options.deliveryTimeout)
            guard let self, let invocation = self.state.withLock({ $0.withdraw(requestID) }) else { return }
            self.end(invocation, .notDelivered)
        }
        defer { patience.cancel() }
        for await outcome in outcomes { return outcome }
        // Cancelled: nobody waits for it any more.
        state.withLock { _ = $0.withdraw(requestID) }
        return .notDelivered
    }

    /// Queues an invocation, which waits for a process as long as it takes.
    /// - Returns: its one outcome.
    @discardableResult
    func enqueue(
        _ payload: Data, requestID: String, timeout: Duration, options: InvocationOptions = .init()
    ) -> AsyncStream<InvocationOutcome> {
        let (outcomes, outcome) = AsyncStream<InvocationOutcome>.makeStream()
        let invocation = RuntimeState.Invocation(
            requestID: requestID, invocationID: UUID().uuidString.lowercased(), payload: payload, timeout: timeout,
            options: options, outcome: outcome
        )
        state.withLock { $0.enqueue(invocation) }
        deliver()
        return outcomes
    }

    /// After this many further deliveries each poll gets the status instead: the way in which a fake
    /// Runtime API ends a runtime's loop.
    package func goAway(afterDeliveries count: Int = 0, status: Int = 410) {
        goAway(afterDeliveries: count, delivery: .status(status))
    }

    /// As `goAway`, but the polls' connections are closed.
    package func dropPolls(afterDeliveries count: Int = 0) {
        goAway(afterDeliveries: count, delivery: .drop)
    }

    private func goAway(afterDeliveries count: Int, delivery: RuntimeState.Delivery) {
        let waiting = state.withLock { state in
            state.farewell = (count, delivery)
            guard count <= 0 else { return nil as RuntimeState.Poll? }
            defer { state.poll = nil }
            return state.poll
        }
        waiting?.reply.yield(delivery)
    }

    /// For whoever saw the process end: what it was at ends as Lambda would have it, and a new process
    /// may take its place.
    package func processExited(_ description: String = "exit status 1") {
        let running = state.withLock { state in
            defer {
                state.current = nil
                state.poll = nil
                state.isInitializing = true
            }
            return state.current
        }
        guard let running else { return }
        let message = "RequestId: \(running.requestID) Error: Runtime exited with error: \(description)"
        end(running, .error(type: "Runtime.ExitError", body: Self.errorObject("Runtime.ExitError", message)))
    }

    /// The Runtime API's port is closed; all that waited is ended.
    package func stop() async {
        goAway(afterDeliveries: 0, delivery: .drop)
        let abandoned = state.withLock { state in
            defer {
                state.queue = []
                state.current = nil
            }
            return state.queue + (state.current.map { [$0] } ?? [])
        }
        for invocation in abandoned { end(invocation, .notDelivered) }
        let listener = self.listener.withLock { listener in
            defer { listener = nil }
            return listener
        }
        await listener?.stop()
    }

    // MARK: For the Runtime API

    func deliver() {
        guard let (invocation, poll) = state.withLock({ $0.deliver() }) else { return }
        // Told before it is done: the process may have answered before the next line.
        events.publish(.invocationDelivered(function: name, requestID: invocation.requestID))
        poll.reply.yield(.invocation(invocation))
        // Only these two: the task outlives an invocation that is answered, and a payload may be large.
        let (requestID, timeout) = (invocation.requestID, invocation.timeout)
        Task { [weak self] in
            try await Task.sleep(for: timeout)
            guard let self, let late = self.state.withLock({ $0.timeOut(requestID) }) else { return }
            self.end(late, .timedOut)
        }
    }

    func end(_ invocation: RuntimeState.Invocation, _ outcome: InvocationOutcome) {
        invocation.outcome.yield(outcome)
        invocation.outcome.finish()
        events.publish(.invocationEnded(function: name, requestID: invocation.requestID, outcome: outcome))
        deliver()
    }
}
