import Failover
import Promotion
import Synchronization
import Testing

@testable import Functions

@Suite("The checks of one watch within an invocation")
struct CheckLoopTests {
    /// How long after the beginning each check began, and when the loop ended.
    struct Course: Equatable {
        var starts: [Duration]
        var end: Duration
        var checks: Int
        var failures: Int
    }

    /// - Parameters:
    ///   - labels: of all watches; the checks are those of the first, whose name `answer` is for.
    ///   - afterEach: changes the world when a check ends; told how many there were.
    static func course(
        of answer: Cloud.Answer, interval: String?, lasting: Duration, labels: [String] = ["a"],
        _ cloud: Cloud = Cloud(), afterEach: @escaping @Sendable (Int, Cloud) -> Void = { _, _ in }
    ) async throws -> Course {
        cloud.change { $0.answers["a.example.com"] = answer }
        let assembly = try cloud.assembly(labels, ["CHECK_INTERVAL_SECONDS": interval])
        let watch = try #require(assembly.watches.first)
        let start = cloud.time.now
        let loop = CheckLoop(watch: watch, now: { cloud.time.now }, sleep: { try await cloud.sleep(until: $0) })
        let count = Mutex(0)
        let summary = try await cloud.time.run {
            await loop.run(until: start + lasting) { _ in
                let made = count.withLock { count in
                    count += 1
                    return count
                }
                afterEach(made, cloud)
            }
        }
        #expect(summary.checks == count.withLock { $0 })
        return Course(
            starts: cloud.lookUps(of: "a.example.com").map { $0 - start }, end: cloud.time.now - start,
            checks: summary.checks, failures: summary.failures)
    }

    static func every(_ interval: Duration, _ count: Int) -> [Duration] { (0..<count).map { interval * $0 } }

    @Test("Without an interval there is one check, however much time is left")
    func once() async throws {
        let course = try await Self.course(of: .east, interval: nil, lasting: .seconds(900))
        #expect(course == Course(starts: [.zero], end: .zero, checks: 1, failures: 0))
    }

    @Test("The interval is kept from start to start, whatever a check takes")
    func interval() async throws {
        let quick = try await Self.course(of: .east, interval: "2", lasting: .seconds(20))
        #expect(quick.starts == Self.every(.seconds(2), 10))
        let slow = try await Self.course(of: .slow(.milliseconds(1500)), interval: "20", lasting: .seconds(100))
        #expect(slow.starts == Self.every(.seconds(20), 5))
    }

    @Test("A check that takes longer than the interval is neither made up for nor overtaken")
    func longCheck() async throws {
        let course = try await Self.course(of: .east, interval: "1", lasting: .seconds(12)) { made, cloud in
            // The third takes 3.5 s.
            cloud.change { $0.answers["a.example.com"] = made == 2 ? .slow(.milliseconds(3500)) : .east }
        }
        let third = Duration.seconds(2)
        #expect(course.starts.prefix(3) == [.zero, .seconds(1), third])
        let rest = course.starts.dropFirst(3)
        #expect(rest.first == third + .milliseconds(3500))
        // And then as always.
        for (earlier, later) in zip(rest, rest.dropFirst()) { #expect(later - earlier == .seconds(1)) }
    }

    @Test("Neither an invocation that follows at once nor a late start brings two checks nearer to each other")
    func distance() async throws {
        let cloud = Cloud()
        cloud.change { $0.answers["a.example.com"] = .west }
        let assembly = try cloud.assembly(["a"], ["CHECK_INTERVAL_SECONDS": "2", "DRY_RUN": "true"])
        let watch = try #require(assembly.watches.first)
        let start = cloud.time.now
        // The second sleep of each invocation lasts half a second too long.
        let sleeps = Mutex(0)
        let loop = CheckLoop(watch: watch, now: { cloud.time.now }) { due in
            let number = sleeps.withLock { sleeps in
                sleeps += 1
                return sleeps
            }
            try await cloud.sleep(until: number == 2 ? due + .milliseconds(1500) : due)
        }
        try await cloud.time.run {
            for _ in 0..<2 { _ = await loop.run(until: cloud.time.now + .milliseconds(8000)) { _ in } }
        }
        let starts = cloud.lookUps(of: "a.example.com").map { $0 - start }
        #expect(starts.count > 6)
        for (earlier, later) in zip(starts, starts.dropFirst()) { #expect(later - earlier >= .seconds(2)) }
    }

    @Test(
        "It ends when there is no time for another check, and does not wait for the deadline",
        arguments: [
            (Duration.seconds(10), 5), (.milliseconds(8101), 5), (.milliseconds(8100), 4), (.milliseconds(100), 1),
            (.zero, 1), (.seconds(-1), 1),
        ])
    func end(lasting: Duration, checks: Int) async throws {
        let course = try await Self.course(of: .east, interval: "2", lasting: lasting)
        #expect(course.starts == Self.every(.seconds(2), checks))
        #expect(course.end == .seconds(2) * (checks - 1))
    }

    @Test("No check goes on beyond the deadline, and one that hangs costs half a minute", arguments: [1, 2])
    func hanging(watches: Int) async throws {
        let course = try await Self.course(
            of: .hang, interval: "1", lasting: .seconds(75), labels: watches == 1 ? ["a"] : ["a", "b"])
        #expect(course.starts == [.zero, .seconds(30), .seconds(60)])
        #expect(course.end == .seconds(75))
    }

    @Test("The only check of an invocation has all of its time")
    func onlyCheck() async throws {
        let course = try await Self.course(of: .hang, interval: nil, lasting: .seconds(75))
        #expect(course.end == .seconds(75))
    }

    @Test("Where check after check asks AWS they are made less often, up to five seconds apart", arguments: [1, 2])
    func slowsDown(watches: Int) async throws {
        let cloud = Cloud()
        cloud.change { $0.statuses["ldgnf-a"] = "modifying" }
        let course = try await Self.course(
            of: .west, interval: "0.2", lasting: .seconds(30), labels: watches == 1 ? ["a"] : ["a", "b"], cloud)
        let gaps = zip(course.starts, course.starts.dropFirst()).map { $1 - $0 }
        #expect(
            gaps.prefix(9) == [
                .milliseconds(200), .milliseconds(200), .milliseconds(250), .milliseconds(500), .seconds(1),
                .seconds(2),
                .seconds(4), .seconds(5), .seconds(5),
            ])
    }

    @Test("Checks that fail are made less often, too", arguments: [1, 2])
    func failing(watches: Int) async throws {
        let cloud = Cloud()
        cloud.change { $0.troubles["DescribeGlobalReplicationGroups"] = .error(400, "InvalidParameterValue") }
        let course = try await Self.course(
            of: .west, interval: "0.2", lasting: .seconds(20), labels: watches == 1 ? ["a"] : ["a", "b"], cloud)
        #expect(course.checks == course.failures)
        #expect(course.checks == 10)
    }

    @Test("A check that asks nobody brings the interval back", arguments: [1, 2])
    func speedsUp(watches: Int) async throws {
        let cloud = Cloud()
        cloud.change { $0.statuses["ldgnf-a"] = "modifying" }
        let course = try await Self.course(
            of: .west, interval: "0.2", lasting: .seconds(10), labels: watches == 1 ? ["a"] : ["a", "b"], cloud
        ) { made, cloud in
            if made == 6 { cloud.change { $0.answers["a.example.com"] = .east } }
        }
        let gaps = zip(course.starts, course.starts.dropFirst()).map { $1 - $0 }
        #expect(gaps.dropFirst(5).first == .seconds(2))
        #expect(gaps.count > 20)
        for gap in gaps.dropFirst(6) { #expect(gap == .milliseconds(200)) }
    }

    @Test("A long interval is not made longer")
    func longInterval() async throws {
        let cloud = Cloud()
        cloud.change { $0.statuses["ldgnf-a"] = "modifying" }
        let course = try await Self.course(of: .west, interval: "30", lasting: .seconds(300), cloud)
        #expect(course.starts == Self.every(.seconds(30), 10))
    }

    @Test("Cancelled, it says what there was")
    func cancelled() async throws {
        let course = try await Self.course(of: .east, interval: "2", lasting: .seconds(900)) { made, _ in
            if made == 3 { withUnsafeCurrentTask { $0?.cancel() } }
        }
        #expect(course.checks == 3)
        #expect(course.end == .seconds(4))
    }
}
