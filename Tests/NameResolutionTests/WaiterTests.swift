import Testing

@testable import NameResolution

@Suite("One who waits for a look-up")
struct WaiterTests {
    let answer = ResolvedName(canonicalName: "lb.test", addresses: [])

    @Test("The first answer counts, whether or not somebody waits yet")
    func oneShot() async {
        let early = Waiter(name: "a", deadline: .now)
        #expect(early.finish(.success(answer)) && early.isFinished)
        #expect(!early.finish(.failure(ResolutionError(.timedOut, name: "a", reason: ""))))
        #expect(await withCheckedContinuation { early.await($0) } == .success(answer))

        let late = Waiter(name: "a", deadline: .now)
        let outcome = await withCheckedContinuation { continuation in
            late.await(continuation)
            late.fail(.cancelled, "")
            late.finish(.success(answer))
        }
        #expect(throws: ResolutionError(.cancelled, name: "a", reason: "")) { try outcome.get() }
    }

    @Test(
        "A time to wait for has less than a second of nanoseconds",
        arguments: [(0, 0, 0), (999_999_999, 0, 999_999_999), (1_000_000_000, 1, 0), (1_999_999_999, 1, 999_999_999)])
    func time(nanoseconds: Int, carry: Int, rest: Int) {
        #expect(Semaphore.normal(seconds: 7, nanoseconds: nanoseconds) == (7 + carry, rest))
    }
}
