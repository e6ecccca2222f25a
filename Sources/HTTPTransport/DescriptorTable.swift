internal import CLibcurl
internal import Synchronization

/// One wait for one descriptor of somebody else's.
///
/// After `EventLoop.start` only the loop's thread touches it, but for `markCancelled`; that is what makes it `Sendable`.
final class DescriptorWait: @unchecked Sendable {
    enum End: Sendable {
        case isReady
        case hasTimedOut
        case isCancelled
    }

    let descriptor: Int32
    let readiness: DescriptorReadiness
    let deadline: ContinuousClock.Instant
    private var finished: ((End) -> Void)?
    private let cancelled = Atomic<Bool>(false)

    init(_ descriptor: Int32, _ readiness: DescriptorReadiness, deadline: ContinuousClock.Instant) {
        self.descriptor = descriptor
        self.readiness = readiness
        self.deadline = deadline
    }

    func whenFinished(_ finished: @escaping (End) -> Void) {
        self.finished = finished
    }

    /// From any thread; the loop has to hear of it, too.
    func markCancelled() {
        cancelled.store(true, ordering: .relaxed)
    }

    func finish(_ end: End) {
        let finished = finished
        self.finished = nil
        finished?(end)
    }

    fileprivate var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    fileprivate var place: curl_waitfd {
        let events =
            switch readiness {
            case .readable: CURL_WAIT_POLLIN
            case .writable: CURL_WAIT_POLLOUT
            case .either: CURL_WAIT_POLLIN | CURL_WAIT_POLLOUT
            }
        return curl_waitfd(fd: descriptor, events: Int16(events), revents: 0)
    }
}

/// The waits of a loop, in the order in which they began. Of the loop's thread alone.
struct DescriptorTable {
    private var waits: [DescriptorWait] = []

    var firstDeadline: ContinuousClock.Instant? { waits.lazy.map(\.deadline).min() }
    var places: some Sequence<curl_waitfd> { waits.lazy.map(\.place) }

    /// - Parameter wait: one that may have been cancelled before.
    mutating func begin(_ wait: DescriptorWait) {
        // The loop has heard of that before it heard of the wait.
        guard !wait.isCancelled else { return wait.finish(.isCancelled) }
        waits.append(wait)
    }

    mutating func endCancelled() {
        end(waits.filter(\.isCancelled), .isCancelled)
    }

    /// - Parameter places: as `places` had them, with what poll(2) has found.
    mutating func end(ready places: some Sequence<curl_waitfd>) {
        end(zip(waits, places).filter { $0.1.revents != 0 }.map(\.0), .isReady)
    }

    mutating func endOverdue() {
        guard !waits.isEmpty else { return }
        let now = ContinuousClock.now
        end(waits.filter { $0.deadline <= now }, .hasTimedOut)
    }

    mutating func endAll() {
        end(waits, .isCancelled)
    }

    private mutating func end(_ ended: [DescriptorWait], _ end: DescriptorWait.End) {
        guard !ended.isEmpty else { return }
        let ids = Set(ended.map(ObjectIdentifier.init))
        waits.removeAll { ids.contains(ObjectIdentifier($0)) }
        for wait in ended { wait.finish(end) }
    }
}
