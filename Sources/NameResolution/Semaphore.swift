internal import Glibc

/// A counting semaphore of this process whose wait can end by a deadline that no clock change moves.
///
/// `sem_timedwait(3)` would be that, but it measures with the real-time clock; `sem_clockwait(3)` is
/// hidden behind `_GNU_SOURCE`. Hence a condition variable on the monotonic clock.
final class Semaphore: Sendable {
    private struct Storage {
        var mutex = pthread_mutex_t()
        var condition = pthread_cond_t()
        var count = 0
    }

    // Guarded by its own mutex; at an address of its own, because a pthread mutex must not move.
    private nonisolated(unsafe) let storage: UnsafeMutablePointer<Storage>

    init() {
        storage = .allocate(capacity: 1)
        storage.initialize(to: Storage())
        // With valid arguments none of these can fail in glibc: they only write to the memory given.
        var attributes = pthread_condattr_t()
        _ = pthread_condattr_init(&attributes)
        _ = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        _ = pthread_mutex_init(&storage.pointee.mutex, nil)
        _ = pthread_cond_init(&storage.pointee.condition, &attributes)
        _ = pthread_condattr_destroy(&attributes)
    }

    deinit {
        // Whoever waits holds a reference: nobody does any more.
        pthread_cond_destroy(&storage.pointee.condition)
        pthread_mutex_destroy(&storage.pointee.mutex)
        storage.deallocate()
    }

    func signal(count: Int = 1) {
        pthread_mutex_lock(&storage.pointee.mutex)
        storage.pointee.count += count
        if count == 1 {
            pthread_cond_signal(&storage.pointee.condition)
        } else {
            pthread_cond_broadcast(&storage.pointee.condition)
        }
        pthread_mutex_unlock(&storage.pointee.mutex)
    }

    /// Takes one count, as soon as there is one.
    func wait() {
        pthread_mutex_lock(&storage.pointee.mutex)
        while storage.pointee.count == 0 {
            pthread_cond_wait(&storage.pointee.condition, &storage.pointee.mutex)
        }
        storage.pointee.count -= 1
        pthread_mutex_unlock(&storage.pointee.mutex)
    }

    /// Waits for a signal or for the deadline, whichever comes first, and takes **all** counts: for one
    /// who looks at everything again anyway.
    func wait(until deadline: ContinuousClock.Instant) {
        let end = Self.monotonic(deadline)
        pthread_mutex_lock(&storage.pointee.mutex)
        var isOver = false
        while storage.pointee.count == 0, !isOver {
            var end = end
            // 0 may be a spurious wake-up; anything else is ETIMEDOUT.
            isOver = pthread_cond_timedwait(&storage.pointee.condition, &storage.pointee.mutex, &end) != 0
        }
        storage.pointee.count = 0
        pthread_mutex_unlock(&storage.pointee.mutex)
    }

    /// The point in time by the clock of the condition variable, at most an hour ahead: the caller looks
    /// again, and nothing can overflow on the way.
    private static func monotonic(_ deadline: ContinuousClock.Instant) -> timespec {
        var now = timespec()
        _ = clock_gettime(CLOCK_MONOTONIC, &now)
        let left = min(max(ContinuousClock.now.duration(to: deadline), .zero), .seconds(3600)).components
        // Rounded up: who wakes a little early only finds that it must wait again.
        let nanoseconds = Int(left.attoseconds / 1_000_000_000) + 1
        let end = normal(seconds: now.tv_sec + Int(left.seconds), nanoseconds: now.tv_nsec + nanoseconds)
        return timespec(tv_sec: end.seconds, tv_nsec: end.nanoseconds)
    }

    /// With less than a second of nanoseconds: `pthread_cond_timedwait(3)` returns at once from any other.
    static func normal(seconds: Int, nanoseconds: Int) -> (seconds: Int, nanoseconds: Int) {
        let (carry, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return (seconds + carry, rest)
    }
}
