import NameResolution
import Synchronization
import Testing

@testable import Promotion

@Suite("Making one request of many", .timeLimit(.minutes(1)))
struct BatcherTests {
    /// A service whose answers are the number of the request, and which is held up at the gate of that number.
    final class Service: Sendable {
        struct Request: Sendable {
            var keys: [Int]
            var deadline: ContinuousClock.Instant
        }

        private struct State {
            var requests: [Request] = []
            var underWay = 0
            var most = 0
        }

        let gates: [Gate]
        private let state = Mutex(State())

        /// - Parameter held: how many of the first requests are held up.
        init(held: Int = 0) { gates = (0..<held).map { _ in Gate() } }

        var requests: [Request] { state.withLock { $0.requests } }
        var mostUnderWay: Int { state.withLock { $0.most } }

        func fetch(_ keys: [Int], _ deadline: ContinuousClock.Instant) async -> [Int: Result<Int, any Error>] {
            let number = state.withLock { state in
                state.requests.append(Request(keys: keys, deadline: deadline))
                state.underWay += 1
                state.most = max(state.most, state.underWay)
                return state.requests.count - 1
            }
            if number < gates.count { await gates[number].pass() }
            state.withLock { $0.underWay -= 1 }
            var answers: [Int: Result<Int, any Error>] = [:]
            for key in keys where key != 4040 { answers[key] = key < 0 ? .failure(Broken("\(key)")) : .success(number) }
            return answers
        }
    }

    private func batcher(_ service: Service, on executor: HandExecutor? = nil) -> Batcher<Int, Int> {
        Batcher(taskExecutor: executor) { await service.fetch($0, $1) }
    }

    @Test("Whoever asks in the same moment comes along, each key once")
    func together() async throws {
        let (service, executor) = (Service(), HandExecutor())
        let batcher = batcher(service, on: executor)
        let answers = await executor.run { index in try? await batcher.value(for: index % 500, deadline: .now) }
        #expect(answers.count == 1000)
        #expect(answers.allSatisfy { $0 == 0 })
        #expect(service.requests.map { $0.keys.sorted() } == [Array(0..<500)])
    }

    @Test("Nobody gets an answer to a request that began before he asked, and at most two are under way")
    func newRequests() async throws {
        let service = Service(held: 3)
        let batcher = batcher(service)
        async let first = batcher.value(for: 1, deadline: .now)
        await service.gates[0].arrival()
        // The same key, of which a request is under way: it is another request all the same.
        async let second = batcher.value(for: 1, deadline: .now)
        await service.gates[1].arrival()
        let executor = HandExecutor()
        let rest = executor.start { _ in try? await batcher.value(for: 1, deadline: .now) }
        await executor.idle()
        #expect(service.requests.count == 2)
        service.gates[1].open()
        #expect(try await second == 1)
        await service.gates[2].arrival()
        service.gates[2].open()
        #expect(await rest.values().allSatisfy { $0 == 2 })
        // One that hangs holds nobody else up.
        #expect(service.requests.count == 3)
        service.gates[0].open()
        #expect(try await first == 0)
        #expect(service.mostUnderWay == 2)
        #expect(try await batcher.value(for: 1, deadline: .now) == 3)
    }

    @Test("A request has the latest deadline of those that go with it")
    func deadlines() async throws {
        let (service, executor) = (Service(), HandExecutor())
        let batcher = batcher(service, on: executor)
        let start = ContinuousClock.now
        _ = await executor.run { index in
            try? await batcher.value(for: index, deadline: start + .seconds(index == 500 ? 9 : index % 8))
        }
        #expect(service.requests.map(\.deadline) == [start + .seconds(9)])
    }

    @Test("Each gets his own answer or error, and an error where the request has none for him")
    func ownAnswers() async throws {
        let (service, executor) = (Service(), HandExecutor())
        let batcher = batcher(service, on: executor)
        let answers = await executor.run { index -> String in
            let key = index == 0 ? 4040 : index.isMultiple(of: 2) ? index : -index
            do { return "\(try await batcher.value(for: key, deadline: .now))" } catch let error as Broken {
                return error.what
            } catch { return "\(type(of: error))" }
        }
        #expect(service.requests.count == 1)
        for (index, answer) in answers.enumerated() {
            let expected = index == 0 ? "CancellationError" : index.isMultiple(of: 2) ? "0" : "\(-index)"
            #expect(answer == expected)
        }
    }

    @Test("Who is let through so many at a time comes in his order, and a failure lets the next one through")
    func limiter() async throws {
        let limiter = Limiter(maximum: 10)
        let executor = HandExecutor()
        let inside = Mutex((now: 0, most: 0, order: [Int]()))
        let gate = Gate()
        let tasks = executor.start { index -> Bool in
            do {
                return try await limiter.run {
                    inside.withLock { state in
                        state.now += 1
                        state.most = max(state.most, state.now)
                        state.order.append(index)
                    }
                    await gate.pass()
                    inside.withLock { $0.now -= 1 }
                    if index.isMultiple(of: 3) { throw Broken() }
                    return true
                }
            } catch { return false }
        }
        await executor.idle()
        #expect(inside.withLock { $0.order } == Array(0..<10))
        gate.open()
        #expect(await tasks.values() == (0..<1000).map { !$0.isMultiple(of: 3) })
        #expect(inside.withLock { $0.most } == 10)
        #expect(inside.withLock { $0.order } == Array(0..<1000))
    }
}
