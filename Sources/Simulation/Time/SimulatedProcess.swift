/// A process of Lambda's in a world: its jobs run one after the other, as on the product's own event loop; not while it is
/// frozen; and once it was killed, nothing that it does reaches anybody.
final class SimulatedProcess: TaskExecutor, @unchecked Sendable {
    let name: String
    let time: VirtualTime
    /// As between two invocations. What comes meanwhile is there when it goes on.
    var isFrozen = false {
        didSet { if isReady { time.lineUp(self) } }
    }
    /// Whether it waits for its turn.
    var isInLine = false
    private(set) var isDead = false

    private var jobs: [UnownedJob] = []
    private var next = 0
    /// Of each wait, what ends it at once.
    private var waits: [Int: () -> Void] = [:]
    private var waitsBegun = 0

    init(name: String, time: VirtualTime) {
        self.name = name
        self.time = time
    }

    func enqueue(_ job: consuming ExecutorJob) {
        time.checkThread()
        jobs.append(UnownedJob(job))
        if !isFrozen { time.lineUp(self) }
    }

    var isReady: Bool { !isFrozen && next < jobs.count }

    func runOne() {
        let job = jobs[next]
        next += 1
        if next == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            next = 0
        }
        job.runSynchronously(on: asUnownedTaskExecutor())
    }

    /// Its tasks run to their end all the same, for the sake of the memory; but each wait, now and later, is over at once.
    func kill() {
        isDead = true
        isFrozen = false
        let ended = waits.sorted { $0.key < $1.key }.map(\.value)
        waits = [:]
        for end in ended { end() }
    }

    /// Waits for something in the world.
    ///
    /// - Parameters:
    ///   - start: begins it, and gets what has to be called when it has happened.
    /// - Returns: nil where the task was cancelled, or the process killed.
    func wait<Value: Sendable>(
        _ start: (_ end: @escaping (Value) -> Void) -> Void
    ) async -> Value? {
        waitsBegun += 1
        let number = waitsBegun
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Value?, Never>) in
                guard !isDead, !Task.isCancelled else { return continuation.resume(returning: nil) }
                waits[number] = { continuation.resume(returning: nil) }
                start { [self] value in
                    guard waits.removeValue(forKey: number) != nil else { return }
                    continuation.resume(returning: value)
                }
            }
        } onCancel: {
            time.checkThread()
            waits.removeValue(forKey: number)?()
        }
    }
}
