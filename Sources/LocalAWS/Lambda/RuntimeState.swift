import Foundation

/// The Runtime API's state machine for one execution environment: a value, so that a test can walk it.
struct RuntimeState: Sendable {
    struct Invocation: Sendable {
        let requestID: String
        let invocationID: String
        let payload: Data
        let timeout: Duration
        let options: InvocationOptions
        let outcome: AsyncStream<InvocationOutcome>.Continuation
    }

    struct Poll: Sendable {
        let number: Int
        let reply: AsyncStream<Delivery>.Continuation
    }

    enum Delivery: Sendable {
        case invocation(Invocation)
        case status(Int)
        case drop
    }

    /// What a runtime's report comes to.
    enum Verdict: Sendable {
        case accepted(Invocation)
        case refused(status: Int, type: String, message: String)
    }

    /// Before the first `next`: only then may an init error come.
    var isInitializing = true
    var queue: [Invocation] = []
    var current: Invocation?
    var poll: Poll?
    var lastPollNumber = 0
    var timedOut: Set<String> = []
    var lastFinished: String?
    /// Deliveries left until the API goes away, and what a poll gets then.
    var farewell: (after: Int, delivery: Delivery)?

    /// The same request may come again, as a retry.
    mutating func enqueue(_ invocation: Invocation) {
        timedOut.remove(invocation.requestID)
        queue.append(invocation)
    }

    /// - Returns: the answer, if the poll need not wait.
    mutating func next(_ reply: AsyncStream<Delivery>.Continuation) -> Delivery? {
        isInitializing = false
        guard current == nil else { return .status(403) }
        // The process that waited before cannot be there any more: it has one loop.
        poll?.reply.yield(.drop)
        poll = nil
        if let farewell, farewell.after <= 0 { return farewell.delivery }
        lastPollNumber += 1
        poll = Poll(number: lastPollNumber, reply: reply)
        return nil
    }

    /// - Returns: what is to be handed over to the poll that waited; its timeout runs from now on.
    mutating func deliver() -> (Invocation, Poll)? {
        guard current == nil, let poll, !queue.isEmpty else { return nil }
        let invocation = queue.removeFirst()
        current = invocation
        self.poll = nil
        farewell?.after -= 1
        return (invocation, poll)
    }

    mutating func forget(poll number: Int) {
        if poll?.number == number { poll = nil }
    }

    mutating func report(on requestID: String, invocationID: String?, wantsInvocationID: Bool) -> Verdict {
        if timedOut.contains(requestID) {
            return .refused(status: 410, type: "InvocationTimedOut", message: "The invocation has timed out.")
        }
        guard let invocation = current else {
            return requestID == lastFinished
                ? .refused(
                    status: 403, type: "InvalidStateTransition", message: "The invocation has been answered already."
                )
                : .refused(status: 400, type: "InvalidRequestID", message: "Invalid request ID")
        }
        guard invocation.requestID == requestID else {
            return .refused(status: 400, type: "InvalidRequestID", message: "Invalid request ID")
        }
        guard !wantsInvocationID || invocationID == invocation.invocationID else {
            return .refused(
                status: 400, type: "InvalidInvocationID",
                message: "Lambda-Runtime-Invocation-Id must be the one that came with the invocation."
            )
        }
        current = nil
        lastFinished = requestID
        return .accepted(invocation)
    }

    mutating func timeOut(_ requestID: String) -> Invocation? {
        guard let invocation = current, invocation.requestID == requestID else { return nil }
        current = nil
        timedOut.insert(requestID)
        return invocation
    }

    mutating func withdraw(_ requestID: String) -> Invocation? {
        guard let index = queue.firstIndex(where: { $0.requestID == requestID }) else { return nil }
        return queue.remove(at: index)
    }

    /// - Returns: all that waited for this environment; nil if it has been initialized before.
    mutating func failInit() -> [Invocation]? {
        guard isInitializing else { return nil }
        defer { queue = [] }
        return queue
    }
}
