import Failover
import JSON
import NameResolution
import Testing

@testable import Promotion

@Suite("A pause by operators")
struct PauseTests {
    static let pause = PauseKnowledge.Pause(by: "ann", reason: "a drill", since: "2026-11-21T12:00:00Z")
    static let parameter = "/promoter/pause"

    @Test("keeps a check from asking anybody, DNS included, until it is over")
    func paused() async throws {
        let world = World()
        world.pointDNS(to: .west)
        let pause = FakePause(.paused(Self.pause))
        let promoter = world.promoter(guards: .init(pause: pause))
        #expect(try await promoter.decision(in: world) == .hold(.pausedByOperator(Self.pause)))
        #expect(world.journal.take() == [])
        pause.set(.none)
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
    }

    @Test("that was never read holds a promotion, and nothing else")
    func unknown() async throws {
        let world = World()
        let pause = FakePause(.unknown("x"))
        let promoter = world.promoter(guards: .init(pause: pause))
        #expect(try await promoter.decision(in: world) == .hold(.standby(activeRegion: "us-east-1")))
        world.pointDNS(to: .west)
        #expect(try await promoter.decision(in: world) == .hold(.pauseUnknown("x")))
        #expect(world.group.accepted == 0)
        pause.set(.none)
        #expect(try await promoter.decision(in: world) == .promote(World.promotion))
    }

    private func pauseSwitch(_ parameters: FakeParameters, _ clock: HandClock) -> PauseSwitch {
        PauseSwitch(parameter: Self.parameter, service: parameters, now: { clock.now })
    }

    @Test("is not known before it was read, and is read once a minute, for a second at most")
    func reading() async throws {
        let (parameters, clock) = (FakeParameters(), HandClock())
        let pause = pauseSwitch(parameters, clock)
        guard case .unknown = await pause.knowledge else { throw Broken("known before it was read") }
        for seconds in [0, 1, 55] {
            clock.advance(by: .seconds(seconds))
            await pause.refreshIfDue(deadline: clock.now + .seconds(30))
        }
        #expect(await pause.knowledge == .none)
        #expect(parameters.reads == [clock.now - .seconds(55)])
        clock.advance(by: .seconds(1))
        parameters.change { $0.values[Self.parameter] = "paused" }
        await pause.refreshIfDue(deadline: clock.now + .milliseconds(500))
        #expect(await pause.knowledge == .paused(.init()))
        #expect(parameters.reads.last == clock.now + .milliseconds(500))
    }

    @Test("that cannot be read is as it was last read", arguments: ["paused", "running"])
    func unreadable(_ value: String) async throws {
        let (parameters, clock) = (FakeParameters(), HandClock())
        parameters.change { $0.values[Self.parameter] = value }
        let pause = pauseSwitch(parameters, clock)
        await pause.refreshIfDue(deadline: clock.now + .seconds(30))
        let known = await pause.knowledge
        parameters.change { $0.failures = [Broken("store")] }
        clock.advance(by: .seconds(60))
        await pause.refreshIfDue(deadline: clock.now + .seconds(30))
        #expect(parameters.reads.count == 2)
        #expect(await pause.knowledge == known)
        #expect((await pause.lastFailure as? PromotionError)?.code == .pauseUnreadable)
        // What has come meanwhile is not to wait for another minute.
        parameters.change { $0.values[Self.parameter] = value == "paused" ? "running" : "paused" }
        clock.advance(by: .seconds(5))
        await pause.refreshIfDue(deadline: clock.now + .seconds(30))
        #expect(await pause.knowledge == (value == "paused" ? .none : .paused(.init())))
    }

    @Test("that could never be read is tried again after five seconds: nothing is promoted meanwhile")
    func retry() async throws {
        let (parameters, clock) = (FakeParameters(), HandClock())
        parameters.change { $0.failures = [Broken("store")] }
        let pause = pauseSwitch(parameters, clock)
        await pause.refreshIfDue(deadline: clock.now + .seconds(30))
        guard case .unknown(let why) = await pause.knowledge else { throw Broken("known without a read") }
        #expect(why.contains(Self.parameter))
        clock.advance(by: .milliseconds(4999))
        await pause.refreshIfDue(deadline: clock.now + .seconds(30))
        #expect(parameters.reads.count == 1)
        clock.advance(by: .milliseconds(1))
        await pause.refreshIfDue(deadline: clock.now + .seconds(30))
        #expect(await pause.knowledge == .none)
        #expect(await pause.lastFailure == nil)
    }

    @Test(
        "that the end of an invocation keeps from being read is read by the next one", arguments: [true, false])
    func cutOff(isCancelled: Bool) async throws {
        let (parameters, clock) = (FakeParameters(), HandClock())
        let pause = pauseSwitch(parameters, clock)
        await pause.refreshIfDue(deadline: clock.now + .seconds(30))
        parameters.change {
            $0.values[Self.parameter] = "paused"
            $0.failures = [Broken("store")]
        }
        clock.advance(by: .seconds(60))
        await Task {
            if isCancelled { withUnsafeCurrentTask { $0?.cancel() } }
            await pause.refreshIfDue(deadline: clock.now + (isCancelled ? .seconds(30) : .zero))
        }.value
        #expect(parameters.reads.count == 2)
        #expect(await pause.knowledge == .none)
        await pause.refreshIfDue(deadline: clock.now + .seconds(30))
        #expect(await pause.knowledge == .paused(.init()))
    }

    @Test("that is set is known at once, and by whoever reads the parameter")
    func setting() async throws {
        let (parameters, clock) = (FakeParameters(), HandClock())
        let pause = pauseSwitch(parameters, clock)
        let other = pauseSwitch(parameters, clock)
        let change = try await pause.set(Self.pause, deadline: clock.now + .seconds(1))
        #expect(change == .init(parameter: Self.parameter, isPaused: true, isNew: true))
        #expect(await pause.knowledge == .paused(Self.pause))
        await other.refreshIfDue(deadline: clock.now + .seconds(1))
        #expect(await other.knowledge == .paused(Self.pause))
        let end = try await pause.set(nil, deadline: clock.now + .seconds(1))
        #expect(end == .init(parameter: Self.parameter, isPaused: false, isNew: false))
        #expect(await pause.knowledge == .none)
        clock.advance(by: .seconds(60))
        await other.refreshIfDue(deadline: clock.now + .seconds(1))
        #expect(await other.knowledge == .none)
    }

    static let notes: [(String?, PauseKnowledge.Pause?)] = [
        (nil, nil), ("", nil), (" ", nil), ("false", nil), ("Running", nil), (" resumed\n", nil), ("off", nil),
        (#""false""#, nil), (#"{"paused":false}"#, nil), (#"{"paused":false,"by":"ann"}"#, nil),
        ("true", .init()), ("PAUSED", .init()), ("on", .init()), (#""true""#, .init()), ("{}", .init()),
        (#"{"paused":true}"#, .init()), (#"{"by":"ann"}"#, .init(by: "ann")), (#"{"by":7}"#, .init()),
        (
            #"{"paused":true,"by":"ann","reason":"a drill","since":"2026-11-21T12:00:00Z","ticket":4}"#, pause
        ),
        // What cannot be understood pauses: whoever wrote it meant something.
        ("until monday", .init(reason: "until monday")), ("0", .init(reason: "0")), ("[]", .init(reason: "[]")),
        (#"{"paused":fal"#, .init(reason: #"{"paused":fal"#)), (#"{"paused":"false"}"#, .init()),
    ]

    @Test("is understood however it was written", arguments: notes)
    func note(_ text: String?, _ pause: PauseKnowledge.Pause?) {
        #expect(PauseNote(reading: text)?.pause == pause)
    }

    @Test(
        "is read as it was written",
        arguments: [pause, .init(), .init(by: #"a "b""#), .init(reason: "täglich\n"), .init(since: "x")])
    func roundTrip(_ pause: PauseKnowledge.Pause) {
        #expect(PauseNote(reading: PauseNote(pause: pause).text)?.pause == pause)
        #expect(PauseNote(reading: PauseNote.running) == nil)
    }
}
