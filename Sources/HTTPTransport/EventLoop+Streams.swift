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

/// What those get who asked for a connection.
struct LoopStream: ByteStream {
    let stream: Stream
    let loop: EventLoop

    func write(_ bytes: [UInt8], deadline: ContinuousClock.Instant) async throws(HTTPTransportError) {
        _ = try await perform(.write(bytes[...]), deadline)
    }

    func read(deadline: ContinuousClock.Instant) async throws(HTTPTransportError) -> [UInt8] {
        try await perform(.read, deadline)
    }

    func close() {
        loop.perform(StreamOperation(stream: stream, kind: .close))
    }

    private func perform(
        _ kind: StreamOperation.Kind, _ deadline: ContinuousClock.Instant
    ) async throws(HTTPTransportError) -> [UInt8] {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let operation = StreamOperation(stream: stream, kind: kind, deadline: deadline) { outcome in
                    continuation.resume(returning: outcome)
                }
                loop.perform(operation)
            }
        } onCancel: {
            loop.perform(StreamOperation(stream: stream, kind: .cancel))
        }
        return try outcome.get()
    }
}
