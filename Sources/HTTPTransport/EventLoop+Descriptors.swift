internal import Synchronization

extension EventLoop {
    func wait(
        _ readiness: DescriptorReadiness, _ descriptor: Int32, _ deadline: ContinuousClock.Instant
    ) async -> DescriptorWait.End {
        let wait = DescriptorWait(descriptor, readiness, deadline: deadline)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait.whenFinished { continuation.resume(returning: $0) }
                start(wait)
            }
        } onCancel: {
            cancel(wait)
        }
    }

    /// Has the thread wait. Where there is none any more, it is cancelled at once.
    func start(_ wait: DescriptorWait) {
        let isTaken = inbox.withLock { inbox in
            guard !inbox.hasStopped else { return false }
            if inbox.multi == nil, startThread(&inbox) != nil { return false }
            inbox.descriptorWaits.append(wait)
            wake(&inbox)
            return true
        }
        if !isTaken { wait.finish(.isCancelled) }
    }

    func cancel(_ wait: DescriptorWait) {
        wait.markCancelled()
        inbox.withLock { inbox in
            inbox.hasCancelledWaits = true
            wake(&inbox)
        }
    }

    /// Takes in what others have brought.
    func takeDescriptorWaits(_ descriptors: inout DescriptorTable) {
        let (begun, areSomeCancelled) = inbox.withLock { inbox in
            defer { (inbox.descriptorWaits, inbox.hasCancelledWaits) = ([], false) }
            return (inbox.descriptorWaits, inbox.hasCancelledWaits)
        }
        for wait in begun { descriptors.begin(wait) }
        if areSomeCancelled { descriptors.endCancelled() }
    }
}

extension HTTPClient: DescriptorWaiter {
    package func wait(
        for readiness: DescriptorReadiness, of descriptor: Int32, deadline: ContinuousClock.Instant
    ) async throws(CancellationError) -> Bool {
        let end = await loop.wait(readiness, descriptor, deadline)
        guard end != .isCancelled else { throw CancellationError() }
        return end == .isReady
    }
}
