import Foundation
import HTTPTransport
import Synchronization
import Testing

/// A loop of a thread of its own here; in Lambda that is the main thread.
@Suite("Event loop")
struct EventLoopTests {
    static func run<Value: Sendable>(_ body: @escaping @Sendable (HTTPClient) async -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            Thread {
                HTTPClient.run(caBundle: CABundle(environment: [:])) { client in
                    continuation.resume(returning: await body(client))
                    // It has nothing more to do, for ever.
                    while true { await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in } }
                }
            }.start()
        }
    }

    static func thread() -> pthread_t { pthread_self() }

    @Test("A task stays on the loop's thread through requests, child tasks and what other threads resume")
    func oneThread() async throws {
        let server = try RawServer { _ in .bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
        let threads = await Self.run { client in
            var threads = [Self.thread()]
            let request = HTTPRequest(method: "GET", url: server.url)
            for _ in 0..<3 {
                let response = try? await client.execute(request, deadline: .now + .seconds(60))
                if response?.status == 200 { threads.append(Self.thread()) }
            }
            async let child = Self.thread()
            threads.append(await child)
            await withCheckedContinuation { continuation in Thread { continuation.resume() }.start() }
            threads.append(Self.thread())
            return threads
        }
        #expect(threads.count == 6)
        #expect(Set(threads).count == 1)
    }

    @Test("Jobs that go on and on do not keep requests from being carried out")
    func fairness() async throws {
        let server = try RawServer { _ in .bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") }
        let status = await Self.run { client in
            let isOver = Atomic(false)
            async let busy: Void = { while !isOver.load(ordering: .relaxed) { await Task.yield() } }()
            let request = HTTPRequest(method: "GET", url: server.url)
            let response = try? await client.execute(request, deadline: .now + .seconds(60))
            isOver.store(true, ordering: .relaxed)
            await busy
            return response?.status
        }
        #expect(status == 200)
    }
}
