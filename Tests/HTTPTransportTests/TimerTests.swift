import Synchronization
import Testing

@testable import HTTPTransport

@Suite("Sleeping on the event loop", .timeLimit(.minutes(1)))
struct TimerTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    static var later: ContinuousClock.Instant { .now + .seconds(3600) }

    /// What several tasks write to.
    final class Notes: Sendable {
        let numbers = Mutex<[Int]>([])
        let isOver = Atomic(false)
    }

    static func client() -> HTTPClient { HTTPClient(caBundle: CABundle(environment: [:])) }

    /// Whether it slept to the end, and was not woken before.
    static func sleep(_ executor: any HTTPExecutor, until deadline: ContinuousClock.Instant) async -> Bool {
        do throws(CancellationError) {
            try await executor.sleep(until: deadline)
            return ContinuousClock.now >= deadline
        } catch {
            return false
        }
    }

    @Test("Those that are due wake in the order of their deadlines")
    func order() async {
        let numbers = Array(0..<3000).shuffled()
        let woken = await EventLoopTests.run { client in
            let start = ContinuousClock.now - .seconds(1)
            let woken = Notes()
            // The loop runs what is ready before it looks at its timers: all of them are there by then.
            await withDiscardingTaskGroup { group in
                for number in numbers {
                    group.addTask {
                        guard await Self.sleep(client, until: start + .microseconds(number)) else { return }
                        woken.numbers.withLock { $0.append(number) }
                    }
                }
            }
            return woken.numbers.withLock { $0 }
        }
        #expect(woken == Array(0..<3000))
    }

    @Test("Thousands from all threads wake, none before its deadline, and no request is needed for it")
    func thousands() async {
        let client = Self.client()
        let woken = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<3000 {
                group.addTask { await Self.sleep(client, until: .now + .microseconds(Int.random(in: -1000..<30_000))) }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(woken == 3000)
    }

    @Test("One that comes from another thread while the loop waits for a later one is not lost")
    func wakeUp() async {
        let client = Self.client()
        let patient = Task { await Self.sleep(client, until: Self.later) }
        // Lost ones would be a second late each.
        for _ in 0..<500 { #expect(await Self.sleep(client, until: .now + .microseconds(50))) }
        patient.cancel()
        #expect(await patient.value == false)
    }

    @Test("Cancelling ends it at once, before it began and while it waits")
    func cancellation() async {
        for client in [Self.client(), await EventLoopTests.run { $0 }] {
            let before = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await Self.sleep(client, until: Self.later)
            }
            #expect(await before.value == false)
            let begun = AsyncStream<Void>.makeStream()
            let tasks = (0..<100).map { _ in
                Task {
                    begun.continuation.yield()
                    return await Self.sleep(client, until: Self.later)
                }
            }
            var count = 0
            for await _ in begun.stream {
                count += 1
                if count == tasks.count { break }
            }
            for task in tasks.shuffled() { task.cancel() }
            for task in tasks { #expect(await task.value == false) }
        }
    }

    @Test("It ends in the midst of requests and of jobs that go on and on")
    func busy() async throws {
        let server = try RawServer { _ in .bytes(Self.ok) }
        let slept = await EventLoopTests.run { client in
            let notes = Notes()
            async let requests: Void = {
                let request = HTTPRequest(method: "GET", url: server.url)
                while !notes.isOver.load(ordering: .relaxed) { _ = try? await client.execute(request, deadline: nil) }
            }()
            async let jobs: Void = { while !notes.isOver.load(ordering: .relaxed) { await Task.yield() } }()
            var slept: [Bool] = []
            for _ in 0..<20 { slept.append(await Self.sleep(client, until: .now + .milliseconds(1))) }
            notes.isOver.store(true, ordering: .relaxed)
            _ = await (requests, jobs)
            return slept
        }
        #expect(slept == Array(repeating: true, count: 20))
    }

    @Test("The loop's thread is the one that wakes")
    func oneThread() async {
        let isSame = await EventLoopTests.run { client in
            let before = EventLoopTests.thread()
            let slept = await Self.sleep(client, until: .now + .milliseconds(1))
            return slept && EventLoopTests.thread() == before
        }
        #expect(isSame)
    }

    @Test("A loop that stops leaves nobody asleep, nor lets anybody fall asleep")
    func stop() async {
        let loop = EventLoop()
        let timers = (0..<10).map { HTTPTransport.Timer(deadline: Self.later + .seconds($0)) }
        let woken = await withTaskGroup(of: Bool.self) { group in
            let begun = Notes()
            for timer in timers {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        loop.start(timer, continuation)
                        let count = begun.numbers.withLock { numbers in
                            numbers.append(0)
                            return numbers.count
                        }
                        if count == timers.count { loop.stop() }
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(woken == Array(repeating: false, count: 10))
        while !loop.inbox.withLock({ $0.hasStopped }) { await Task.yield() }
        let late = HTTPTransport.Timer(deadline: .now)
        #expect(await withCheckedContinuation { loop.start(late, $0) } == false)
    }

    @Test("An executor without a loop sleeps too")
    func fallback() async {
        struct Fake: HTTPExecutor {
            func execute(
                _ request: HTTPRequest, deadline: ContinuousClock.Instant?
            ) async throws(HTTPTransportError) -> HTTPResponse { HTTPResponse(status: 200) }
        }
        #expect(await Self.sleep(Fake(), until: .now + .milliseconds(1)))
        let cancelled = Task { await Self.sleep(Fake(), until: Self.later) }
        cancelled.cancel()
        #expect(await cancelled.value == false)
    }
}
