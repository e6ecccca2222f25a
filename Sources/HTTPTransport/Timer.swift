/// One sleep on an event loop. The lock of the loop's inbox guards all that changes in it; that is what makes it
/// `Sendable`.
final class Timer: @unchecked Sendable {
    let deadline: ContinuousClock.Instant
    /// Gets true at the deadline, false where the wait ends before.
    var continuation: CheckedContinuation<Bool, Never>?
    var isCancelled = false
    /// `TimerHeap`'s: where the timer is in it, and how many came before.
    var position: Int?
    var number = 0

    init(deadline: ContinuousClock.Instant) {
        self.deadline = deadline
    }

    /// In the order of deadlines; of equal ones, in the order in which they came.
    func isBefore(_ other: Timer) -> Bool {
        (deadline, number) < (other.deadline, other.number)
    }
}
