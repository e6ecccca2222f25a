internal import Glibc

/// The clock of a world, and all that waits by it. An hour passes in as long as what happens in it takes to compute.
///
/// A world is one thread: that of `run`. Whatever would bring a second one makes it depend on more than its seed, and ends
/// the program.
final class VirtualTime: @unchecked Sendable {
    /// Since the world began.
    private(set) var now = Duration.zero
    /// What the product takes for the clock of its machine.
    var instant: ContinuousClock.Instant { origin + now }

    private let origin = ContinuousClock.now
    private let thread = pthread_self()
    private var random: SeededGenerator
    private var timers = EventHeap()
    /// Those that have something to do, as they came.
    private var ready: [SimulatedProcess] = []

    /// - Parameter random: in which order processes get their turn at the same moment.
    init(random: SeededGenerator) {
        self.random = random
    }

    func since(_ instant: ContinuousClock.Instant) -> Duration { instant - origin }

    /// It has something to do, and may.
    func lineUp(_ process: SimulatedProcess) {
        guard !process.isInLine else { return }
        process.isInLine = true
        ready.append(process)
    }

    /// - Returns: what takes it back.
    @discardableResult
    func after(_ delay: Duration, _ action: @escaping () -> Void) -> EventHeap.Event {
        timers.insert(at: now + max(.zero, delay), action)
    }

    func cancel(_ event: EventHeap.Event) { event.action = nil }

    func checkThread() {
        precondition(
            pthread_equal(thread, pthread_self()) != 0,
            "a job of a simulated process came from another thread: what it does depends on more than the seed")
    }

    /// Until nothing is left to happen, or the time is over.
    func run(until end: Duration) {
        while true {
            runJobs()
            guard let time = timers.nextTime, time <= end else {
                now = max(now, end)
                return
            }
            now = max(now, time)
            timers.removeFirst()?()
        }
    }

    /// All that can be done at this moment.
    private func runJobs() {
        while !ready.isEmpty {
            let index = ready.count == 1 ? 0 : random.index(below: ready.count)
            let process = ready[index]
            if process.isReady { process.runOne() }
            guard !process.isReady else { continue }
            process.isInLine = false
            ready.removeAll { $0 === process }
        }
    }
}

/// What happens when, in the order of time; at the same time, in the order in which it was asked for.
struct EventHeap {
    final class Event {
        fileprivate let time: Duration
        fileprivate let number: Int
        /// nil where it was taken back.
        fileprivate(set) var action: (() -> Void)?

        fileprivate init(time: Duration, number: Int, action: @escaping () -> Void) {
            self.time = time
            self.number = number
            self.action = action
        }

        fileprivate func isBefore(_ other: Event) -> Bool { (time, number) < (other.time, other.number) }
    }

    private var events: [Event] = []
    private var added = 0

    var nextTime: Duration? {
        mutating get {
            while let first = events.first, first.action == nil { _ = removeFirst() }
            return events.first?.time
        }
    }

    mutating func insert(at time: Duration, _ action: @escaping () -> Void) -> Event {
        let event = Event(time: time, number: added, action: action)
        added += 1
        events.append(event)
        var position = events.count - 1
        while position > 0, event.isBefore(events[(position - 1) / 2]) {
            events.swapAt(position, (position - 1) / 2)
            position = (position - 1) / 2
        }
        return event
    }

    mutating func removeFirst() -> (() -> Void)? {
        guard let first = events.first else { return nil }
        let last = events.removeLast()
        if first !== last {
            events[0] = last
            var position = 0
            while true {
                var child = 2 * position + 1
                guard child < events.count else { break }
                if child + 1 < events.count, events[child + 1].isBefore(events[child]) { child += 1 }
                guard events[child].isBefore(events[position]) else { break }
                events.swapAt(position, child)
                position = child
            }
        }
        defer { first.action = nil }
        return first.action
    }
}
