internal import Synchronization

/// Sleeps that end on the loop: no thread starts for them, and none has to be woken. `Task.sleep` goes through
/// libdispatch, which starts threads of its own, and traps where there is no /proc.
extension EventLoop {
    /// Resumes the continuation with true at the timer's deadline; with false where it is cancelled or the loop ends.
    func start(_ timer: Timer, _ continuation: CheckedContinuation<Bool, Never>) {
        let isWaiting = inbox.withLock { inbox in
            guard !timer.isCancelled, !inbox.hasStopped else { return false }
            if inbox.multi == nil, startThread(&inbox) != nil { return false }
            timer.continuation = continuation
            inbox.timers.insert(timer)
            // Where others come first, the loop looks again in time for this one, too.
            if inbox.timers.first === timer { wake(&inbox) }
            return true
        }
        if !isWaiting { continuation.resume(returning: false) }
    }

    func cancel(_ timer: Timer) {
        let continuation = inbox.withLock { inbox in
            timer.isCancelled = true
            inbox.timers.remove(timer)
            return Self.takeContinuation(of: timer)
        }
        continuation?.resume(returning: false)
    }

    /// Resumes the tasks whose time has come, the earliest first.
    func fireTimers() {
        // Resumed without the lock: that brings their jobs into the inbox.
        let due = inbox.withLock { inbox in
            guard inbox.timers.first != nil else { return [] as [CheckedContinuation<Bool, Never>] }
            return inbox.timers.removeDue(at: .now).compactMap(Self.takeContinuation)
        }
        for continuation in due { continuation.resume(returning: true) }
    }

    /// What waits when the loop ends; nothing is taken in after that.
    func endTimers() {
        let ended = inbox.withLock { inbox in
            var ended: [CheckedContinuation<Bool, Never>] = []
            while let timer = inbox.timers.first {
                inbox.timers.remove(timer)
                if let continuation = Self.takeContinuation(of: timer) { ended.append(continuation) }
            }
            return ended
        }
        for continuation in ended { continuation.resume(returning: false) }
    }

    /// How long poll(2) may wait for a timer, in milliseconds: 0 where it is due, else rounded up, since who wakes
    /// before it is due would only wait again, at once and in vain, and again.
    ///
    /// Never longer than a second. The timer goes by CLOCK_BOOTTIME, as `ContinuousClock` does, which counts the time
    /// in which a sandbox is frozen; poll's time-out need not. After such a time the rest of a second is the most by
    /// which an overdue timer is late.
    static func pollTimeout(until deadline: ContinuousClock.Instant, now: ContinuousClock.Instant) -> Int32 {
        let left = now.duration(to: deadline)
        guard left > .zero else { return 0 }
        guard left < .seconds(1) else { return 1000 }
        let millisecond: Int64 = 1_000_000_000_000_000
        return Int32((left.components.attoseconds + millisecond - 1) / millisecond)
    }

    private static func takeContinuation(of timer: Timer) -> CheckedContinuation<Bool, Never>? {
        defer { timer.continuation = nil }
        return timer.continuation
    }
}
