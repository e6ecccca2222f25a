internal import Synchronization

extension EventLoop {
    /// Has the thread do it. Where there is none any more, it fails at once.
    func perform(_ operation: StreamOperation) {
        let isTaken = inbox.withLock { inbox in
            guard !inbox.hasStopped, inbox.multi != nil else { return false }
            inbox.operations.append(operation)
            wake(&inbox)
            return true
        }
        guard !isTaken else { return }
        operation.finished(.failure(operation.stream.error(.library, "the HTTP client was closed")))
    }
}

/// What those get who asked for a connection. Whoever drops it without closing it closes it by that.
final class LoopStream: ByteStream {
    private let stream: Stream
    private let loop: EventLoop
    private let isClosed = Atomic<Bool>(false)

    init(_ stream: Stream, on loop: EventLoop) {
        self.stream = stream
        self.loop = loop
    }

    deinit { close() }

    func write(_ bytes: [UInt8], deadline: ContinuousClock.Instant) async throws(HTTPTransportError) {
        _ = try await perform(.write(bytes[...]), deadline)
    }

    func read(deadline: ContinuousClock.Instant) async throws(HTTPTransportError) -> [UInt8] {
        try await perform(.read, deadline)
    }

    func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        loop.perform(StreamOperation(stream: stream, kind: .close))
    }

    private func perform(
        _ kind: StreamOperation.Kind, _ deadline: ContinuousClock.Instant
    ) async throws(HTTPTransportError) -> [UInt8] {
        let wait = StreamWait()
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let operation = StreamOperation(stream: stream, kind: kind, deadline: deadline, wait: wait) { outcome in
                    continuation.resume(returning: outcome)
                }
                loop.perform(operation)
            }
        } onCancel: {
            wait.markCancelled()
            loop.perform(StreamOperation(stream: stream, kind: .cancel(wait)))
        }
        return try outcome.get()
    }
}
