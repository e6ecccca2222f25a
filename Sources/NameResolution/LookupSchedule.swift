/// Which names are being looked up and which wait for it, who waits for each, and how many threads that needs. A value:
/// it has neither a clock nor threads, and `WorkerPool` keeps it.
///
/// - A name is looked up once at a time. Who asks for it meanwhile waits for the same answer.
/// - Names that are *suspect*, because their last look-up timed out, hold a few threads at most. Which of them is next
///   goes by when each was last tried: were it by when they were asked for, then those at the end of each round would
///   never be tried again.
/// - What is known of a name is forgotten with its look-up, unless it is suspect.
struct LookupSchedule {
    private struct Entry {
        var waiters: [Waiter]
        /// They came when the look-up was too old for them.
        var late: [Waiter] = []
        /// nil while it is queued.
        var startedAt: ContinuousClock.Instant?
        /// Somebody has given it up.
        var hasTimedOut = false
        /// It runs, and counts among those that hold the suspects' threads.
        var isSuspect = false
    }

    let limits: LookupLimits
    private var entries: [String: Entry] = [:]
    private var healthyQueue: [String] = []
    /// The one first that was tried the longest ago.
    private var suspectQueue: [(name: String, triedAt: ContinuousClock.Instant)] = []
    /// In the order in which they were started.
    private var running: [(name: String, since: ContinuousClock.Instant)] = []
    /// When each of them was last tried.
    private var suspects: [String: ContinuousClock.Instant] = [:]
    /// Look-ups of suspect names that run.
    private var runningSuspects = 0

    private(set) var threads = 0
    /// Threads that wait to be woken.
    private(set) var idle = 0

    init(limits: LookupLimits) {
        self.limits = limits
    }

    var queued: Int { healthyQueue.count + suspectQueue.count }
    var names: (known: Int, suspect: Int) { (entries.count, suspects.count) }

    // MARK: - Those who wait

    mutating func add(_ waiter: Waiter, at now: ContinuousClock.Instant) {
        let name = waiter.name
        // In place: no copy of who waits.
        if let index = entries.index(forKey: name) {
            if let startedAt = entries.values[index].startedAt, now - startedAt > limits.freshness {
                entries.values[index].late.append(waiter)
            } else {
                entries.values[index].waiters.append(waiter)
            }
        } else {
            entries[name] = Entry(waiters: [waiter])
            guard let triedAt = suspects[name] else { return healthyQueue.append(name) }
            let position = suspectQueue.firstIndex { triedAt < $0.triedAt } ?? suspectQueue.endIndex
            suspectQueue.insert((name, triedAt), at: position)
        }
    }

    /// It waits no longer. A look-up that runs goes on; one that is queued, and that nobody else waits for, does not.
    mutating func remove(_ waiter: Waiter, hasTimedOut: Bool) {
        let name = waiter.name
        guard let index = entries.index(forKey: name) else { return }
        let before = entries.values[index].waiters.count + entries.values[index].late.count
        entries.values[index].waiters.removeAll { $0 === waiter }
        entries.values[index].late.removeAll { $0 === waiter }
        guard entries.values[index].waiters.count + entries.values[index].late.count < before else { return }
        if let startedAt = entries.values[index].startedAt {
            guard hasTimedOut else { return }
            entries.values[index].hasTimedOut = true
            if !entries.values[index].isSuspect {
                entries.values[index].isSuspect = true
                runningSuspects += 1
            }
            suspect(name, triedAt: startedAt)
        } else if entries.values[index].waiters.isEmpty {
            entries.remove(at: index)
            if let position = healthyQueue.firstIndex(of: name) {
                healthyQueue.remove(at: position)
            } else if let position = suspectQueue.firstIndex(where: { $0.name == name }) {
                suspectQueue.remove(at: position)
            }
        }
    }

    // MARK: - Look-ups

    /// The name to look up now; nil if there is none, or none that may be.
    ///
    /// - Parameter expired: gets those who have waited for too long for a thread.
    mutating func start(at now: ContinuousClock.Instant, expired: inout [Waiter]) -> String? {
        while let name = dequeue() {
            guard let index = entries.index(forKey: name) else { continue }
            if entries.values[index].waiters.contains(where: { $0.isFinished || $0.deadline <= now }) {
                expired += entries.values[index].waiters.filter { $0.deadline <= now }
                entries.values[index].waiters.removeAll { $0.isFinished || $0.deadline <= now }
            }
            if entries.values[index].waiters.isEmpty {
                entries.remove(at: index)
                continue
            }
            entries.values[index].startedAt = now
            if suspects[name] != nil {
                entries.values[index].isSuspect = true
                runningSuspects += 1
            }
            running.append((name, now))
            return name
        }
        return nil
    }

    /// - Returns: who gets its answer.
    mutating func finish(_ name: String, at now: ContinuousClock.Instant) -> [Waiter] {
        running.removeAll { $0.name == name }
        guard let entry = entries.removeValue(forKey: name), let startedAt = entry.startedAt else { return [] }
        if entry.isSuspect { runningSuspects -= 1 }
        if entry.hasTimedOut || now - startedAt > limits.inTime {
            suspect(name, triedAt: startedAt)
        } else {
            suspects[name] = nil
        }
        for waiter in entry.late { add(waiter, at: now) }
        return entry.waiters
    }

    /// Suspects come first, as long as they have threads left: else, where there is always a healthy one, it would
    /// never be seen that one of them answers again.
    private mutating func dequeue() -> String? {
        if suspectsReady > 0 { return suspectQueue.removeFirst().name }
        return healthyQueue.isEmpty ? nil : healthyQueue.removeFirst()
    }

    /// Queued suspects for which there may be a thread.
    private var suspectsReady: Int {
        min(suspectQueue.count, max(0, limits.suspectThreads - runningSuspects))
    }

    private mutating func suspect(_ name: String, triedAt: ContinuousClock.Instant) {
        suspects[name] = triedAt
        guard suspects.count > limits.suspects else { return }
        // One that is asked for now is bounded by that. The others are of no use but for being asked for again.
        let oldest = suspects.filter { entries[$0.key] == nil && $0.key != name }.min { $0.value < $1.value }
        if let oldest { suspects[oldest.key] = nil }
    }

    // MARK: - Threads

    enum Reinforcement {
        case wake
        case start
    }

    /// What gets the next one of those that are queued to run, if anything may.
    func reinforcement(at now: ContinuousClock.Instant) -> Reinforcement? {
        guard isShort else { return nil }
        if idle > 0 { return .wake }
        guard threads < limits.ceiling, unhung(at: now) < limits.threads else { return nil }
        return .start
    }

    mutating func wakeThread() { idle -= 1 }
    mutating func startThread() { threads += 1 }
    mutating func endThread() { threads -= 1 }

    /// The calling thread has nothing to do.
    ///
    /// - Returns: whether it shall wait to be woken. One that took the place of others, which are back, ends.
    mutating func rest(at now: ContinuousClock.Instant) -> Bool {
        guard unhung(at: now) <= limits.threads else {
            threads -= 1
            return false
        }
        idle += 1
        return true
    }

    /// When to ask for a reinforcement again, because one more look-up hangs then; nil if none is needed, or none would
    /// come.
    func nextReview(after now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        guard isShort, threads < limits.ceiling else { return nil }
        // Threads that have been started, but have not begun, may be all that do not hang yet.
        return (running.first { now - $0.since < limits.patience }?.since ?? now) + limits.patience
    }

    /// There is more to do than the threads that are about to look will find.
    private var isShort: Bool {
        guard queued > 0 else { return false }
        return healthyQueue.count + suspectsReady > threads - idle - running.count
    }

    private func unhung(at now: ContinuousClock.Instant) -> Int {
        guard threads >= limits.threads else { return threads }
        return threads - running.prefix { now - $0.since >= limits.patience }.count
    }
}
