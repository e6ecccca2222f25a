import Dispatch
import Glibc
import HTTPTransport
import Testing

@Suite("Connections for other protocols than HTTP")
struct StreamTests {
    static let client = HTTPClient(caBundle: CABundle(environment: [:]))
    /// Long enough for any machine; no test waits for it to pass.
    static var soon: ContinuousClock.Instant { .now + .seconds(60) }

    static func plain(_ port: Int) -> StreamEndpoint { StreamEndpoint(host: "127.0.0.1", port: port, tls: nil) }

    /// Sends back what comes, until the client closes.
    static func echo() throws -> Listener {
        try Listener { connection in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = recv(connection, &buffer, buffer.count, 0)
                guard count > 0, send(connection, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
            }
        }
    }

    /// Says nothing until the client closes.
    static func silent() throws -> Listener {
        try Listener { connection in
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
        }
    }

    static func failure<Value>(_ body: () async throws -> Value) async -> HTTPTransportError? {
        do {
            _ = try await body()
            return nil
        } catch { return error as? HTTPTransportError }
    }

    @Test("More than any buffer holds goes out and comes back, byte for byte")
    func largeEcho() async throws {
        let server = try Self.echo()
        let stream = try await Self.client.connect(to: Self.plain(server.port), deadline: Self.soon)
        defer { stream.close() }
        let sent = (0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        var received: [UInt8] = []
        // One at a time: what the peer cannot send back any more would hold up what it still has to take in.
        for start in stride(from: 0, to: sent.count, by: 40_000) {
            let part = Array(sent[start..<start + 40_000])
            try await stream.write(part, deadline: Self.soon)
            while received.count < start + part.count { received += try await stream.read(deadline: Self.soon) }
        }
        #expect(received == sent)
    }

    @Test("A write waits until the peer takes it")
    func slowReader() async throws {
        let mayRead = DispatchSemaphore(value: 0)
        let server = try Listener { connection in
            mayRead.wait()
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            var total = 0
            while total < 20_000_000 {
                let count = recv(connection, &buffer, buffer.count, 0)
                guard count > 0 else { return }
                total += count
            }
            _ = send(connection, [UInt8(7)], 1, Int32(MSG_NOSIGNAL))
        }
        let stream = try await Self.client.connect(to: Self.plain(server.port), deadline: Self.soon)
        defer { stream.close() }
        async let written: Void = stream.write([UInt8](repeating: 1, count: 20_000_000), deadline: Self.soon)
        // Somebody else is served meanwhile.
        let other = try Self.echo()
        let second = try await Self.client.connect(to: Self.plain(other.port), deadline: Self.soon)
        try await second.write([9], deadline: Self.soon)
        #expect(try await second.read(deadline: Self.soon) == [9])
        second.close()
        mayRead.signal()
        try await written
        #expect(try await stream.read(deadline: Self.soon) == [7])
    }

    @Test("The end of the connection is no bytes, and not a failure")
    func endOfStream() async throws {
        let server = try Listener { connection in _ = send(connection, [UInt8(1)], 1, Int32(MSG_NOSIGNAL)) }
        let stream = try await Self.client.connect(to: Self.plain(server.port), deadline: Self.soon)
        defer { stream.close() }
        #expect(try await stream.read(deadline: Self.soon) == [1])
        #expect(try await stream.read(deadline: Self.soon).isEmpty)
    }

    @Test("A read that is not answered ends at its deadline, and the connection can go on")
    func readDeadline() async throws {
        let server = try Self.echo()
        let stream = try await Self.client.connect(to: Self.plain(server.port), deadline: Self.soon)
        defer { stream.close() }
        let error = await Self.failure { try await stream.read(deadline: .now + .milliseconds(20)) }
        #expect(error?.code == .deadlineExceeded)
        #expect(error?.phase == .exchange)
        try await stream.write([3], deadline: Self.soon)
        #expect(try await stream.read(deadline: Self.soon) == [3])
    }

    @Test("Who cannot be reached is told by how far it came")
    func unreachable() async throws {
        let closed = try Self.silent().port
        let refused = await Self.failure { try await Self.client.connect(to: Self.plain(closed), deadline: Self.soon) }
        #expect(refused?.code == .connectFailed)
        #expect(refused?.phase == .connect)
        let nowhere = StreamEndpoint(host: "nowhere.invalid", port: 6379, tls: nil)
        let unknown = await Self.failure { try await Self.client.connect(to: nowhere, deadline: Self.soon) }
        #expect(unknown?.code == .nameNotResolved)
        #expect(unknown?.phase == .nameLookup)
        let late = await Self.failure {
            try await Self.client.connect(to: Self.plain(closed), deadline: .now - .seconds(1))
        }
        #expect(late?.code == .deadlineExceeded)
    }

    @Test("A peer that never shakes hands costs no more than the deadline")
    func silentHandshake() async throws {
        let server = try Self.silent()
        let endpoint = StreamEndpoint(host: "127.0.0.1", port: server.port, tls: .init())
        var error: HTTPTransportError?
        // A machine that is busy may not come so far in so little time.
        for milliseconds in [20, 100, 500, 2500, 10_000] where error?.phase != .tlsHandshake {
            error = await Self.failure {
                try await Self.client.connect(to: endpoint, deadline: .now + .milliseconds(milliseconds))
            }
            #expect(error?.code == .deadlineExceeded)
        }
        #expect(error?.phase == .tlsHandshake)
    }

    @Test("Closing ends what is under way, and what comes after it")
    func closing() async throws {
        let server = try Self.silent()
        let stream = try await Self.client.connect(to: Self.plain(server.port), deadline: Self.soon)
        async let read = Self.failure { try await stream.read(deadline: Self.soon) }
        while await Self.failure({ try await stream.write([1], deadline: Self.soon) })?.code != .library {}
        stream.close()
        #expect(await read?.code == .connectionLost)
        #expect(await Self.failure { try await stream.read(deadline: Self.soon) }?.code == .connectionLost)
        stream.close()
    }

    @Test("A task that is cancelled waits no longer")
    func cancellation() async throws {
        let server = try Self.silent()
        let stream = try await Self.client.connect(to: Self.plain(server.port), deadline: Self.soon)
        defer { stream.close() }
        let task = Task { await Self.failure { try await stream.read(deadline: Self.soon) } }
        while await Self.failure({ try await stream.write([1], deadline: Self.soon) })?.code != .library {}
        task.cancel()
        #expect(await task.value?.code == .cancelled)
    }

    @Test("Hundreds at once are no trouble for each other")
    func many() async throws {
        let server = try Self.echo()
        let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<300 {
                group.addTask {
                    let stream = try await Self.client.connect(to: Self.plain(server.port), deadline: Self.soon)
                    defer { stream.close() }
                    let bytes = [UInt8(number & 255), UInt8(number >> 8)]
                    try await stream.write(bytes, deadline: Self.soon)
                    var received: [UInt8] = []
                    while received.count < 2 { received += try await stream.read(deadline: Self.soon) }
                    return received == bytes
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(answers == 300)
    }

    @Test("TLS: the named authorities, the host's name or the one that is given instead, and nothing else")
    func tls() async throws {
        let server = try await TLSTests.Server(subject: "DNS:redis.example.com", answer: "-rev")
        func read(_ tls: StreamEndpoint.TLS) async throws -> [UInt8] {
            let endpoint = StreamEndpoint(host: "127.0.0.1", port: server.port, tls: tls)
            let stream = try await Self.client.connect(to: endpoint, deadline: Self.soon)
            defer { stream.close() }
            try await stream.write(Array("abc\n".utf8), deadline: Self.soon)
            return try await stream.read(deadline: Self.soon)
        }
        let right = StreamEndpoint.TLS(serverName: "redis.example.com", caBundle: server.bundle)
        #expect(try await read(right) == Array("cba\n".utf8))
        let wrong: [StreamEndpoint.TLS] = [
            .init(caBundle: server.bundle), .init(serverName: "other.example.com", caBundle: server.bundle),
            .init(serverName: "redis.example.com"), .init(serverName: "redis.example.com", caBundle: "/nowhere.pem"),
        ]
        for tls in wrong {
            let error = await Self.failure { try await read(tls) }
            #expect(error?.code == .tlsFailed, "\(tls)")
            #expect(error?.phase == .tlsHandshake, "\(tls)")
        }
    }
}
