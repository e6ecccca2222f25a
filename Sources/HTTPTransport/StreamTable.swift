internal import CLibcurl

/// The connections of a loop that are open, and what they wait for. Of the loop's thread alone.
struct StreamTable {
    private let multi: UnsafeMutableRawPointer
    private var open: [UnsafeMutableRawPointer: Stream] = [:]
    /// Those with an operation that waits for the peer, in the order in which they began to.
    private var waiting: [Stream] = []
    private var places: [curl_waitfd] = []

    init(multi: UnsafeMutableRawPointer) {
        self.multi = multi
    }

    mutating func add(_ stream: Stream) {
        open[stream.handle.pointer] = stream
    }

    var firstDeadline: ContinuousClock.Instant? { waiting.lazy.compactMap(\.operation?.deadline).min() }

    mutating func begin(_ operation: StreamOperation) {
        let stream = operation.stream
        guard open[stream.handle.pointer] != nil else {
            return operation.finished(.failure(stream.error(.connectionLost, "the connection was closed")))
        }
        switch operation.kind {
        case .close:
            end(stream, .failure(stream.error(.connectionLost, "the connection was closed")))
            open[stream.handle.pointer] = nil
            // Closes it.
            curl_multi_remove_handle(multi, stream.handle.pointer)
        case .cancel(let wait):
            guard stream.operation?.wait === wait else { return }
            end(stream, .failure(stream.error(.cancelled, "cancelled")))
        case .read, .write:
            guard operation.wait?.isCancelled != true else {
                return operation.finished(.failure(stream.error(.cancelled, "cancelled before it began")))
            }
            guard stream.operation == nil else {
                return operation.finished(.failure(stream.error(.library, "a read or write is under way already")))
            }
            stream.operation = operation
            guard !attempt(stream) else { return }
            guard stream.findSocket() else {
                return finish(stream, .failure(stream.error(.connectionLost, "the connection is gone")))
            }
            waiting.append(stream)
        }
    }

    /// Ends what is due or overdue.
    mutating func advance() {
        guard !waiting.isEmpty else { return }
        let now = ContinuousClock.now
        for stream in waiting {
            guard let operation = stream.operation, let deadline = operation.deadline, deadline <= now else { continue }
            // What came while nobody looked, such as in a frozen sandbox, is there all the same.
            if attempt(stream) { continue }
            finish(stream, .failure(stream.error(.deadlineExceeded, "no answer in time")))
        }
        waiting.removeAll { $0.operation == nil }
    }

    /// Waits for what libcurl waits for, for these, and for other descriptors; does what has become possible.
    ///
    /// - Parameter timeout: in milliseconds.
    mutating func poll(_ timeout: Int32, _ descriptors: inout DescriptorTable) -> CURLMcode {
        places.removeAll(keepingCapacity: true)
        for stream in waiting {
            places.append(curl_waitfd(fd: stream.socket, events: stream.operation?.events ?? 0, revents: 0))
        }
        places.append(contentsOf: descriptors.places)
        // Returns at once for a wake-up that came since the last call, so none is lost.
        let status = places.withUnsafeMutableBufferPointer { places in
            curl_multi_poll(multi, places.baseAddress, UInt32(places.count), timeout, nil)
        }
        for (stream, place) in zip(waiting, places) where place.revents != 0 { _ = attempt(stream) }
        descriptors.end(ready: places.dropFirst(waiting.count))
        waiting.removeAll { $0.operation == nil }
        return status
    }

    mutating func failAll(_ reason: String) {
        for (pointer, stream) in open {
            end(stream, .failure(stream.error(.library, reason)))
            curl_multi_remove_handle(multi, pointer)
        }
        open.removeAll()
    }

    /// - Returns: whether the stream's operation has come to its end.
    private func attempt(_ stream: Stream) -> Bool {
        guard let outcome = stream.operation?.attempt() else { return stream.operation == nil }
        finish(stream, outcome)
        return true
    }

    private func finish(_ stream: Stream, _ outcome: StreamOperation.Outcome) {
        let operation = stream.operation
        stream.operation = nil
        operation?.finished(outcome)
    }

    private mutating func end(_ stream: Stream, _ outcome: StreamOperation.Outcome) {
        guard stream.operation != nil else { return }
        finish(stream, outcome)
        waiting.removeAll { $0 === stream }
    }
}
