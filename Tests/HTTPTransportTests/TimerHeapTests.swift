import Testing

@testable import HTTPTransport

@Suite("Timers in a heap")
struct TimerHeapTests {
    static let start = ContinuousClock.now

    static func timer(_ milliseconds: Int) -> HTTPTransport.Timer {
        HTTPTransport.Timer(deadline: start + .milliseconds(milliseconds))
    }

    @Test("They come out by their deadlines, equal ones in the order in which they went in, removed ones not at all")
    func order() {
        for _ in 0..<20 {
            var random = SystemRandomNumberGenerator()
            var heap = TimerHeap()
            // Few deadlines, so that many are equal.
            let timers = (0..<200).map { _ in Self.timer(Int.random(in: 0..<50, using: &random)) }
            for timer in timers { heap.insert(timer) }
            let removed = timers.filter { _ in Int.random(in: 0..<3, using: &random) == 0 }
            for timer in removed.shuffled(using: &random) { heap.remove(timer) }
            // Twice is once.
            for timer in removed { heap.remove(timer) }
            let left = timers.filter { timer in !removed.contains { $0 === timer } }
            // Swift's sort is stable.
            let expected = left.sorted { $0.deadline < $1.deadline }
            let due = heap.removeDue(at: Self.start + .milliseconds(50))
            #expect(due.map(ObjectIdentifier.init) == expected.map(ObjectIdentifier.init))
            #expect(heap.count == 0 && heap.first == nil)
        }
    }

    @Test("What is due at its very deadline comes out; what is due later stays")
    func due() {
        var heap = TimerHeap()
        let timers = [30, 10, 20].map(Self.timer)
        for timer in timers { heap.insert(timer) }
        #expect(heap.removeDue(at: Self.start + .milliseconds(9)).isEmpty)
        let due = heap.removeDue(at: Self.start + .milliseconds(20))
        #expect(due.map(\.deadline) == [timers[1].deadline, timers[2].deadline])
        #expect(heap.first === timers[0] && heap.count == 1)
    }

    static let timeouts: [(Duration, Int32)] = [
        (.zero, 0), (.seconds(-5), 0), (.nanoseconds(1), 1), (.milliseconds(1), 1),
        (.milliseconds(1) + .nanoseconds(1), 2), (.milliseconds(999), 999), (.milliseconds(1000), 1000),
        (.milliseconds(1001), 1000), (.seconds(3600), 1000), (.seconds(1 << 40), 1000),
    ]

    @Test("The wait for a timer is rounded up to a millisecond, and never longer than a second", arguments: timeouts)
    func timeout(left: Duration, milliseconds: Int32) {
        #expect(EventLoop.pollTimeout(until: Self.start + left, now: Self.start) == milliseconds)
    }
}
