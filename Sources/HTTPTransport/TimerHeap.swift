/// Timers, the next one first. Adding and removing one takes time in the logarithm of their number, wherever in the
/// heap it is: each knows its position. (Cancelled timers that stay until they are due would pile up: most deadlines
/// are never reached.)
struct TimerHeap {
    private var timers: [Timer] = []
    private var added = 0

    var first: Timer? { timers.first }
    var count: Int { timers.count }

    mutating func insert(_ timer: Timer) {
        timer.number = added
        added += 1
        timers.append(timer)
        moveUp(timers.count - 1)
    }

    mutating func remove(_ timer: Timer) {
        guard let position = timer.position else { return }
        timer.position = nil
        let last = timers.removeLast()
        guard last !== timer else { return }
        timers[position] = last
        // One of the two has nothing to do.
        moveUp(position)
        moveDown(last.position ?? position)
    }

    /// Takes out those that are due, in their order.
    mutating func removeDue(at now: ContinuousClock.Instant) -> [Timer] {
        var due: [Timer] = []
        while let first, first.deadline <= now {
            remove(first)
            due.append(first)
        }
        return due
    }

    private mutating func moveUp(_ start: Int) {
        let timer = timers[start]
        var position = start
        while position > 0 {
            let parent = (position - 1) / 2
            guard timer.isBefore(timers[parent]) else { break }
            place(timers[parent], at: position)
            position = parent
        }
        place(timer, at: position)
    }

    private mutating func moveDown(_ start: Int) {
        let timer = timers[start]
        var position = start
        while true {
            var child = 2 * position + 1
            guard child < timers.count else { break }
            if child + 1 < timers.count, timers[child + 1].isBefore(timers[child]) { child += 1 }
            guard timers[child].isBefore(timer) else { break }
            place(timers[child], at: position)
            position = child
        }
        place(timer, at: position)
    }

    private mutating func place(_ timer: Timer, at position: Int) {
        timers[position] = timer
        timer.position = position
    }
}
