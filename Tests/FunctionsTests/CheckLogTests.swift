import Failover
import Logging
import Promotion
import Testing

@testable import Functions

@Suite("What is logged of the checks")
struct CheckLogTests {
    let recorder = LogRecorder()

    func log(interval: String? = nil, watches: Int = 1) throws -> CheckLog {
        let entries = (0..<watches).map { #"{"name":"w\#($0)","globalDatastoreId":"ldgnf-\#($0)"}"# }
        let list = "[\(entries.joined(separator: ","))]"
        let configuration = try PromoterConfiguration(
            environment: environment(["WATCHES": list, "CHECK_INTERVAL_SECONDS": interval]))
        return CheckLog(logger: recorder.logger, watches: configuration.watches)
    }

    static let standby = Samples.result(.hold(.standby(activeRegion: "us-east-1")), .region("us-east-1"))
    static let inPlace = Samples.result(.hold(.inPlace))

    func levels() -> [Logger.Level] { recorder.take().map(\.level) }

    @Test("With one check an invocation each is logged, also where nothing changes")
    func oneShot() throws {
        let log = try log()
        for _ in 0..<3 { log.note(Self.inPlace, of: Samples.identity("a")) }
        let lines = recorder.take()
        #expect(lines.map(\.level) == [.info, .info, .info])
        #expect(lines.map { $0.metadata["reason"] } == Array(repeating: "inPlace", count: 3))
        log.summarize([.init(last: Self.inPlace, checks: 1, failures: 0)])
        #expect(recorder.take().isEmpty)
    }

    @Test("A failure that fails the invocation is left to the runtime, and one of several watches is not")
    func oneShotFailure() throws {
        let only = try log()
        only.note(Samples.failure(CancellationError()), of: Samples.identity("a"))
        #expect(recorder.take().isEmpty)
        let several = try log(watches: 2)
        several.note(Samples.failure(CancellationError()), of: Samples.identity("a"))
        #expect(levels() == [.error])
    }

    @Test("With many checks an invocation only what changes is logged, for each watch by itself")
    func continuous() throws {
        let log = try log(interval: "1", watches: 2)
        for _ in 0..<5 {
            log.note(Self.inPlace, of: Samples.identity("a"))
            log.note(Self.inPlace, of: Samples.identity("b"))
        }
        #expect(levels() == [.info, .info])
        for _ in 0..<5 {
            log.note(Self.standby, of: Samples.identity("a"))
            log.note(Self.inPlace, of: Samples.identity("b"))
        }
        #expect(recorder.take().map { $0.metadata["reason"] } == ["standby"])
        // Another region is a change, too.
        log.note(
            Samples.result(.hold(.standby(activeRegion: "eu-west-1")), .region("eu-west-1")), of: Samples.identity("a"))
        #expect(recorder.take().map { $0.metadata["activeRegion"] } == ["eu-west-1"])
    }

    @Test("Numbers that run are no change")
    func numbers() throws {
        let log = try log(interval: "1")
        for second in 0..<90 {
            log.note(Samples.result(.hold(.promotionUnderWay(elapsed: .seconds(second)))), of: Samples.identity("a"))
        }
        #expect(recorder.take().count == 1)
    }

    @Test("An error is logged once for its kind, and again when another was between")
    func errors() throws {
        let log = try log(interval: "1")
        let misconfigured = Samples.failure(PromotionError(code: .misconfigured, reason: "1"))
        let again = Samples.failure(PromotionError(code: .misconfigured, reason: "2"))
        let loop = Samples.failure(PromotionError(code: .aliasLoop, reason: "3"))
        for failure in [misconfigured, again, misconfigured] { log.note(failure, of: Samples.identity("a")) }
        #expect(levels() == [.error])
        log.note(loop, of: Samples.identity("a"))
        log.note(again, of: Samples.identity("a"))
        #expect(recorder.take().map { $0.metadata["reason"] } == ["AliasLoop", "Misconfigured"])
        log.note(Self.inPlace, of: Samples.identity("a"))
        log.note(again, of: Samples.identity("a"))
        #expect(levels() == [.info, .error])
    }

    @Test("What happens is logged each time, at the level that it deserves")
    func events() throws {
        let log = try log(interval: "1")
        log.note(Self.inPlace, of: Samples.identity("a"))
        _ = recorder.take()
        log.note(Samples.result(.hold(.inPlace), events: Samples.events), of: Samples.identity("a"))
        let lines = recorder.take().filter { $0.metadata["event"] != nil }
        #expect(lines.map { $0.metadata["event"] } == Samples.events.map { "\($0.kind)" })
        #expect(lines.allSatisfy { $0.metadata["watch"] == "a" })
        for (line, event) in zip(lines, Samples.events) {
            switch event {
            case .begun, .finished, .noLongerWanted: #expect(line.level == .notice)
            case .overtaken: #expect(line.level == .warning)
            case .failed, .cameToNothing, .gaveUp, .detached, .detachmentFailed, .stuck: #expect(line.level == .error)
            }
        }
        log.note(Samples.failure(CancellationError(), events: [Samples.events[0]]), of: Samples.identity("a"))
        #expect(recorder.take().contains { $0.metadata["event"] == "begun" })
    }

    @Test("An invocation of many checks ends with one line: how many there were, how many failed, what was last")
    func summary() throws {
        let log = try log(interval: "1")
        log.summarize([.init(last: Self.inPlace, checks: 60, failures: 2)])
        let lines = recorder.take()
        #expect(lines.map(\.level) == [.info])
        #expect(lines.first?.metadata["checks"] == .stringConvertible(60))
        #expect(lines.first?.metadata["failedChecks"] == .stringConvertible(2))
        #expect(lines.first?.metadata["reason"] == "inPlace")
    }

    @Test("Of several watches the line says how many came to what")
    func summaryOfSeveral() throws {
        let log = try log(interval: "1", watches: 4)
        let last = [Self.inPlace, Self.standby, Samples.failure(CancellationError()), Self.inPlace]
        log.summarize(last.map { .init(last: $0, checks: 10, failures: 0) })
        let line = try #require(recorder.take().first)
        #expect(line.metadata["checks"] == .stringConvertible(40))
        #expect(line.metadata["failedChecks"] == nil)
        #expect(line.metadata["watches"] == .stringConvertible(4))
        for part in ["2 inPlace", "1 standby", "1 failed"] { #expect(line.message.contains(part)) }
    }
}
