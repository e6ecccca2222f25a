import AWSClient
import Failover
import JSON
import NameResolution
import Testing

@testable import Promotion

@Suite("The history")
struct HistoryTests {
    let parameters = FakeParameters()
    let clock = HandClock()
    let history: PromotionHistory
    static let parameter = "/promoter/pause-history"

    init() { history = PromotionHistory(pauseParameter: "/promoter/pause", service: parameters) }

    private func note(_ event: PromotionEvent, at time: String = "t", by name: String? = nil) async throws {
        try await history.note(event, watch: "w", by: name, time: time, deadline: clock.now)
    }

    private func entries() async throws -> [PromotionHistory.Entry] {
        try await history.entries(deadline: clock.now)
    }

    private func isDetached(_ group: String = World.groupID, _ region: String = "us-west-2") async -> Bool {
        await history.isDetached(group: group, region: region, deadline: clock.now)
    }

    private static func entry(
        _ outcome: String, time: String = "t", seconds: Double? = nil, by name: String? = nil
    ) -> PromotionHistory.Entry {
        .init(
            time: time, watch: "w", group: World.groupID, member: "sessions-west", region: "us-west-2",
            outcome: outcome, seconds: seconds, by: name)
    }

    @Test("has nothing where nothing was ever written")
    func empty() async throws {
        #expect(try await entries() == [])
        #expect(await !isDetached())
    }

    static let ends: [(PromotionEvent, String, Double?)] = [
        (.finished(World.promotion, duration: .milliseconds(61_500)), "finished", 61.5),
        (.cameToNothing(World.promotion, after: .seconds(60)), "cameToNothing", 60),
        (.gaveUp(World.promotion, after: .seconds(900)), "gaveUp", 900),
        (.overtaken(World.promotion, by: "us-east-1", after: .seconds(7)), "overtaken", 7),
        (.detached(World.promotion, after: .seconds(300)), "detached", 300),
    ]

    @Test("has one entry for a promotion, which its end changes, with who ordered it and when", arguments: ends)
    func endings(_ event: PromotionEvent, _ outcome: String, _ seconds: Double?) async throws {
        try await note(.begun(World.promotion, delay: nil), at: "t1", by: "ann")
        #expect(try await entries() == [Self.entry("begun", time: "t1", by: "ann")])
        try await note(event, at: "t2")
        #expect(try await entries() == [Self.entry(outcome, time: "t1", seconds: seconds, by: "ann")])
    }

    @Test("has an entry for an end without a beginning, too", arguments: ends)
    func endOnly(_ event: PromotionEvent, _ outcome: String, _ seconds: Double?) async throws {
        try await note(event)
        #expect(try await entries() == [Self.entry(outcome, seconds: seconds)])
    }

    @Test(
        "has no entry for what is not of one promotion",
        arguments: [
            PromotionEvent.failed(reason: "x"), .stuck(why: "x", for: .seconds(1)), .noLongerWanted(why: "x"),
        ])
    func others(_ event: PromotionEvent) async throws {
        try await note(event)
        #expect(parameters.value(Self.parameter) == nil)
    }

    @Test("has the latest first")
    func order() async throws {
        for number in 1...3 {
            try await note(.begun(World.promotion, delay: nil), at: "t\(number)")
            try await note(.finished(World.promotion, duration: .seconds(number)), at: "end")
        }
        #expect(
            try await entries() == [3, 2, 1].map { Self.entry("finished", time: "t\($0)", seconds: Double($0)) })
    }

    @Test("keeps that a member is detached, however many promotions come after it")
    func crowded() async throws {
        let other = Decision.Promotion(groupID: "ldgnf-carts", memberID: "carts-west", region: "us-west-2")
        try await note(.detached(World.promotion, after: .seconds(300)), at: "first")
        for number in 0..<100 {
            try await note(.begun(other, delay: nil), at: "t\(number)")
            try await note(.finished(other, duration: .seconds(60)))
        }
        #expect(await isDetached())
        #expect(try await entries().count < 100)
        #expect(try await entries().first?.time == "t99")
    }

    @Test("keeps apart what is of other groups and regions")
    func apart() async throws {
        var other = World.promotion
        other.groupID = "ldgnf-other"
        var east = World.promotion
        east.region = "us-east-1"
        try await note(.begun(World.promotion, delay: nil))
        try await note(.begun(other, delay: nil))
        try await note(.detached(east, after: nil))
        try await note(.finished(World.promotion, duration: .seconds(1)))
        let outcomes = try await entries().map { "\($0.group) \($0.region) \($0.outcome)" }
        #expect(
            outcomes == [
                "ldgnf-sessions us-west-2 finished", "ldgnf-sessions us-east-1 detached", "ldgnf-other us-west-2 begun",
            ])
    }

    @Test("says that a member is detached where that is the latest of its group and region, in any case of the id")
    func detached() async throws {
        try await note(.begun(World.promotion, delay: nil))
        #expect(await !isDetached())
        try await note(.detached(World.promotion, after: nil))
        #expect(await isDetached())
        #expect(await isDetached("LDGNF-Sessions"))
        #expect(await !isDetached("ldgnf-other"))
        #expect(await !isDetached(World.groupID, "us-east-1"))
        // It was rebuilt, and promoted since.
        try await note(.begun(World.promotion, delay: nil))
        #expect(await !isDetached())
    }

    @Test(
        "knows a member to be detached whatever the promotion came to that the detachment replaced",
        arguments: [
            .overtaken(World.promotion, by: "us-east-1", after: .seconds(1)),
            .gaveUp(World.promotion, after: .seconds(1)), .cameToNothing(World.promotion, after: .seconds(1)),
        ] as [PromotionEvent])
    func detachedMeanwhile(_ end: PromotionEvent) async throws {
        try await note(.begun(World.promotion, delay: nil))
        // By an operator, in a process of his own.
        try await note(.detached(World.promotion, after: nil), by: "ann")
        #expect(try await entries() == [Self.entry("detached", by: "ann")])
        try await note(end)
        #expect(await isDetached())
        #expect(try await entries().count == 2)
        // It is back.
        try await note(.finished(World.promotion, duration: .seconds(1)))
        #expect(await !isDetached())
    }

    @Test("says nothing of a detachment where it cannot be read")
    func unreadable() async throws {
        try await note(.detached(World.promotion, after: nil))
        parameters.change { $0.failures = [Broken()] }
        #expect(await !isDetached())
        #expect(await isDetached())
    }

    @Test(
        "is begun anew where somebody has written something else there", arguments: ["", "x", "{}", #"[{"time":1}]"#])
    func foreign(_ text: String) async throws {
        parameters.change { $0.values[Self.parameter] = text }
        #expect(await !isDetached())
        try await note(.begun(World.promotion, delay: nil))
        #expect(try await entries() == [Self.entry("begun")])
    }

    @Test(
        "that is something else is refused by the name of its parameter, also where it is no JSON",
        arguments: ["", "x", "{}", #"[{"time":1}]"#, "[7]"])
    func garbled(_ text: String) async throws {
        parameters.change { $0.values[Self.parameter] = text }
        let error = await thrown(PromotionError.self) { try await entries() }
        #expect(error?.code == .historyUnreadable)
        #expect(error?.reason.contains(Self.parameter) == true)
        // The remedy is one.
        parameters.change { $0.values[Self.parameter] = "[]" }
        #expect(try await entries() == [])
    }

    @Test(
        "shows a promotion whose end nobody saw as such, once it may not last any more",
        arguments: [
            ("begun", 899, "begun"), ("begun", 900, "notSeen"), ("begun", 999_999, "notSeen"), ("begun", -60, "begun"),
            ("finished", 999_999, "finished"), ("detached", 999_999, "detached"),
        ])
    func notSeen(_ outcome: String, _ seconds: Int64, _ shown: String) throws {
        let now = Timestamp(secondsSince1970: 1_795_250_000)
        let begun = now.adding(seconds: -seconds)
        #expect(
            Self.entry(outcome, time: begun.iso8601).shown(at: now) == Self.entry(shown, time: begun.iso8601))
        // As the function writes it, with milliseconds.
        let time = begun.iso8601.dropLast() + ".250Z"
        #expect(Self.entry(outcome, time: String(time)).shown(at: now).outcome == shown)
        #expect(Self.entry(outcome, time: "yesterday").shown(at: now).outcome == outcome)
    }

    @Test("is not written where it could not be read: what is there would be lost")
    func notWritten() async throws {
        try await note(.begun(World.promotion, delay: nil))
        let before = parameters.value(Self.parameter)
        parameters.change { $0.failures = [Broken("store")] }
        let error = await thrown(Broken.self) { try await note(.finished(World.promotion, duration: .seconds(1))) }
        #expect(error == Broken("store"))
        #expect(parameters.value(Self.parameter) == before)
    }

    @Test("keeps as many of the latest as fit into a parameter")
    func capacity() async throws {
        for number in 1...60 {
            try await note(.begun(World.promotion, delay: nil), at: "\(number)", by: "täglich")
            #expect((parameters.value(Self.parameter) ?? "").utf8.count <= 4096)
        }
        let kept = try await entries()
        #expect(kept.map(\.time) == (0..<kept.count).map { "\(60 - $0)" })
        // Another one would not have fitted.
        let size = (parameters.value(Self.parameter) ?? "").utf8.count
        let one = JSONValue.array([kept[0].json]).serialized().count
        #expect(size + one > 4096)
    }
}
