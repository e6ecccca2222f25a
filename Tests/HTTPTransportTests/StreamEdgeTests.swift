import Dispatch
import Glibc
import Synchronization
import Testing

@testable import HTTPTransport

@Suite("Connections for other protocols: what seldom happens")
struct StreamEdgeTests {
    static let client = StreamTests.client
    static var soon: ContinuousClock.Instant { StreamTests.soon }

    /// Tells when the client has closed.
    static func waiting(_ closed: DispatchSemaphore) throws -> Listener {
        try Listener { connection in
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
            closed.signal()
        }
    }

    /// Waits on a thread of its own.
    static func wait(for semaphore: DispatchSemaphore) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                semaphore.wait()
                continuation.resume()
            }
        }
    }

    @Test("A task that is cancelled before it reads does not wait")
    func cancelledBefore() async throws {
        let server = try StreamTests.silent()
        let stream = try await Self.client.connect(to: StreamTests.plain(server.port), deadline: Self.soon)
        defer { stream.close() }
        let isCancelled = DispatchSemaphore(value: 0)
        let task = Task {
            await Self.wait(for: isCancelled)
            return await StreamTests.failure { try await stream.read(deadline: Self.soon) }
        }
        task.cancel()
        isCancelled.signal()
        #expect(await task.value?.code == .cancelled)
        // The connection is as it was.
        let error = await StreamTests.failure { try await stream.read(deadline: .now + .milliseconds(20)) }
        #expect(error?.code == .deadlineExceeded)
    }

    @Test("A cancellation that comes late ends nobody else's read")
    func cancelledAfter() async throws {
        let server = try StreamTests.echo()
        let loop = EventLoop()
        let stream = try Stream(to: StreamTests.plain(server.port), deadline: Self.soon, certificates: nil)
        let opened = await withCheckedContinuation { continuation in
            stream.whenOpened { continuation.resume(returning: $0) }
            loop.start(stream)
        }
        _ = try opened.get()
        let outcome = await withCheckedContinuation { continuation in
            let (first, second) = (StreamWait(), StreamWait())
            loop.perform(
                StreamOperation(stream: stream, kind: .read, deadline: Self.soon, wait: second) {
                    continuation.resume(returning: $0)
                })
            loop.perform(StreamOperation(stream: stream, kind: .cancel(first)))
            loop.perform(StreamOperation(stream: stream, kind: .cancel(second)))
        }
        let error = #expect(throws: HTTPTransportError.self) { try outcome.get() }
        #expect(error?.code == .cancelled)
        // Of the wrong one nothing comes.
        let read = await withCheckedContinuation { continuation in
            loop.perform(
                StreamOperation(stream: stream, kind: .read, deadline: Self.soon, wait: StreamWait()) {
                    continuation.resume(returning: $0)
                })
            loop.perform(StreamOperation(stream: stream, kind: .cancel(StreamWait())))
            loop.perform(StreamOperation(stream: stream, kind: .close))
        }
        let other = #expect(throws: HTTPTransportError.self) { try read.get() }
        #expect(other?.code == .connectionLost)
        loop.stop()
    }

    @Test("Who drops a connection closes it")
    func leftBehind() async throws {
        let closed = DispatchSemaphore(value: 0)
        let server = try Self.waiting(closed)
        _ = try await Self.client.connect(to: StreamTests.plain(server.port), deadline: Self.soon)
        await Self.wait(for: closed)
    }

    @Test("What was connected for a task that was cancelled meanwhile is closed")
    func cancelledConnection() async throws {
        let closed = DispatchSemaphore(value: 0)
        let server = try Self.waiting(closed)
        var connected = 0
        for _ in 0..<50 {
            let task = Task { try await Self.client.connect(to: StreamTests.plain(server.port), deadline: Self.soon) }
            task.cancel()
            guard let stream = try? await task.value else { continue }
            connected += 1
            stream.close()
            await Self.wait(for: closed)
        }
        // Whoever came through is none that is lost; most are not.
        #expect(connected <= 50)
    }

    @Test("A peer that resets the connection ends a read and a write that wait", arguments: [false, true])
    func reset(writes: Bool) async throws {
        let mayReset = DispatchSemaphore(value: 0)
        let server = try Listener { connection in
            mayReset.wait()
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }
        let stream = try await Self.client.connect(to: StreamTests.plain(server.port), deadline: Self.soon)
        defer { stream.close() }
        async let failure = StreamTests.failure {
            if writes {
                try await stream.write([UInt8](repeating: 1, count: 50_000_000), deadline: Self.soon)
            } else {
                _ = try await stream.read(deadline: Self.soon)
            }
        }
        // Until it waits.
        while await StreamTests.failure({ try await stream.write([1], deadline: Self.soon) })?.code != .library {}
        mayReset.signal()
        #expect(await failure?.code == .connectionLost)
        #expect(await StreamTests.failure { try await stream.read(deadline: Self.soon) }?.code != .deadlineExceeded)
    }

    @Test("A peer that has closed is heard of by each read, and waited for by none")
    func closedByPeer() async throws {
        let server = try Listener { _ in }
        let stream = try await Self.client.connect(to: StreamTests.plain(server.port), deadline: Self.soon)
        defer { stream.close() }
        for _ in 0..<3 { #expect(try await stream.read(deadline: Self.soon).isEmpty) }
    }

    @Test("A peer that closes before anything was said has closed, though other connections are made meanwhile")
    func dropped() async throws {
        let mayClose = DispatchSemaphore(value: 0)
        let hasClosed = DispatchSemaphore(value: 0)
        let closing = try Listener { connection in
            mayClose.wait()
            shutdown(connection, Int32(SHUT_RDWR))
            hasClosed.signal()
        }
        let other = try StreamTests.silent()
        // A client of its own, that nobody else makes connections with. libcurl looks at those that it has when it
        // makes another one, though once in a second only.
        let client = HTTPClient(caBundle: CABundle(environment: [:]))
        let streams = [
            try await client.connect(to: StreamTests.plain(closing.port), deadline: Self.soon),
            try await client.connect(to: StreamTests.plain(closing.port), deadline: Self.soon),
        ]
        for _ in streams { mayClose.signal() }
        for _ in streams { await Self.wait(for: hasClosed) }
        let end = ContinuousClock.now + .milliseconds(1100)
        while .now < end { try await client.connect(to: StreamTests.plain(other.port), deadline: Self.soon).close() }
        #expect(try await streams[0].read(deadline: Self.soon).isEmpty)
        let error = await StreamTests.failure { try await streams[1].write([1], deadline: Self.soon) }
        #expect(error == nil || error?.code == .connectionLost)
        for stream in streams { stream.close() }
    }

    @Test("What came in time is read though the deadline has passed since, as after a time in which all was frozen")
    func frozen() async throws {
        let server = try StreamTests.echo()
        let stream = try await Self.client.connect(to: StreamTests.plain(server.port), deadline: Self.soon)
        defer { stream.close() }
        try await stream.write([5], deadline: Self.soon)
        var received: [UInt8] = []
        // It comes when it comes; no read has any time for it.
        while received.isEmpty { received = (try? await stream.read(deadline: .now - .seconds(3600))) ?? [] }
        #expect(received == [5])
    }

    @Test("A client that goes away ends what waits on its connections, and what begins after that")
    func stopped() async throws {
        let server = try StreamTests.silent()
        var client: HTTPClient? = HTTPClient(caBundle: CABundle(environment: [:]))
        let stream = try #require(
            try await client?.connect(to: StreamTests.plain(server.port), deadline: Self.soon))
        async let failure = StreamTests.failure { try await stream.read(deadline: Self.soon) }
        while await StreamTests.failure({ try await stream.write([1], deadline: Self.soon) })?.code != .library {}
        client = nil
        #expect(await failure?.code == .library)
        #expect(await StreamTests.failure { try await stream.read(deadline: Self.soon) } != nil)
        stream.close()
    }

    @Test("Many that come and go at once, cancelled anywhere: each is answered")
    func churn() async throws {
        let server = try StreamTests.echo()
        let endpoint = StreamTests.plain(server.port)
        let answered = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<400 {
                group.addTask {
                    let task = Task {
                        let stream = try await Self.client.connect(to: endpoint, deadline: Self.soon)
                        defer { if number.isMultiple(of: 3) { stream.close() } }
                        try await stream.write([1, 2, 3], deadline: Self.soon)
                        return try await stream.read(deadline: Self.soon)
                    }
                    for _ in 0..<(number % 40) { await Task.yield() }
                    if !number.isMultiple(of: 5) { task.cancel() }
                    _ = await task.result
                    return true
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(answered == 400)
    }
}
