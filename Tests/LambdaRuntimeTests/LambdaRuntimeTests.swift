@preconcurrency import Glibc
import HTTPTransport
import JSON
import LambdaRuntime
import Logging
import Synchronization
import Testing

// One process has one trace variable and one request id, as it has one invocation at a time.
@Suite("The runtime loop", .serialized)
struct LambdaRuntimeTests {
    struct Boom: Error, CustomStringConvertible {
        var description: String { "it went \"boom\"\nloudly" }
    }

    struct Typed: LambdaReportable, CustomStringConvertible {
        var lambdaErrorType: String
        var description: String { "typed" }
    }

    static func runtime(_ api: FakeRuntimeAPI, _ log: LogSink = LogSink()) -> LambdaRuntime {
        LambdaRuntime(
            address: "api:9001", executor: api, logger: log.logger(),
            wallClock: { WallClockTime(millisecondsSince1970: 2_000_000_000_000) })
    }

    @discardableResult
    static func run(_ api: FakeRuntimeAPI, _ log: LogSink = LogSink(), _ handler: LambdaRuntime.Handler) async -> (
        any Error
    )? {
        do {
            try await runtime(api, log).run(handler)
        } catch {
            return error
        }
    }

    @Test("Events are handled in order, each answered under its own id, until the API is gone")
    func order() async {
        let api = FakeRuntimeAPI([
            FakeRuntimeAPI.event("one"), FakeRuntimeAPI.event("two"), FakeRuntimeAPI.event("three"),
        ])
        let end = await Self.run(api) { Array("\"\($0.requestID)\"".utf8) }
        #expect(end is LambdaRuntimeError)
        #expect(
            api.answers.map(\.url) == [
                "http://api:9001/2018-06-01/runtime/invocation/one/response",
                "http://api:9001/2018-06-01/runtime/invocation/two/response",
                "http://api:9001/2018-06-01/runtime/invocation/three/response",
            ])
        #expect(api.answers.map { String(decoding: $0.body, as: UTF8.self) } == ["\"one\"", "\"two\"", "\"three\""])
    }

    @Test("The handler is told everything about its invocation")
    func context() async {
        let payload = (0..<256).map { UInt8($0) }
        let api = FakeRuntimeAPI([
            FakeRuntimeAPI.event("id-1", payload, headers: [("Lambda-Runtime-Trace-Id", "Root=1-2;Sampled=1")])
        ])
        let before = ContinuousClock.now
        await Self.run(api) { invocation in
            #expect(invocation.requestID == "id-1")
            #expect(invocation.payload == payload)
            #expect(invocation.traceID == "Root=1-2;Sampled=1")
            #expect(invocation.functionARN == "arn:aws:lambda:us-east-1:123456789012:function:promoter")
            // 3 s by the wall clock that was given, on the process's own clock.
            #expect(invocation.deadline >= before + .seconds(3))
            #expect(invocation.deadline <= ContinuousClock.now + .seconds(3))
            return []
        }
        #expect(api.answers.count == 1)
    }

    @Test("The trace id is in the environment for the time of the invocation, and gone after it")
    func traceVariable() async {
        let long = String(repeating: "x", count: 5000)
        let api = FakeRuntimeAPI([
            FakeRuntimeAPI.event("a", headers: [("Lambda-Runtime-Trace-Id", "Root=1-first")]),
            FakeRuntimeAPI.event("b"),
            FakeRuntimeAPI.event("c", headers: [("Lambda-Runtime-Trace-Id", long)]),
            FakeRuntimeAPI.event("d", headers: [("Lambda-Runtime-Trace-Id", "Root=1-d")]),
        ])
        let seen = Mutex<[String]>([])
        await Self.run(api) { _ in
            seen.withLock { $0.append(getenv("_X_AMZN_TRACE_ID").map { String(cString: $0) } ?? "unset") }
            return []
        }
        #expect(seen.withLock { $0 } == ["Root=1-first", "", "", "Root=1-d"])
        #expect(getenv("_X_AMZN_TRACE_ID").map { String(cString: $0) } == "")
    }

    @Test(
        "An invocation id is sent back if it came, and only then",
        arguments: [(["Lambda-Runtime-Invocation-Id": "i-7"], "i-7"), ([:], nil)] as [([String: String], String?)])
    func invocationID(headers: [String: String], expected: String?) async {
        let api = FakeRuntimeAPI([
            FakeRuntimeAPI.event("a", headers: headers.map { ($0.key, $0.value) }),
            FakeRuntimeAPI.event("b", headers: headers.map { ($0.key, $0.value) }),
        ])
        await Self.run(api) { invocation in
            if invocation.requestID == "b" { throw Boom() }
            return []
        }
        #expect(api.answers.map { $0.headers["Lambda-Runtime-Invocation-Id"] } == [expected, expected])
    }

    @Test("A handler that throws fails its own invocation, and the loop lives on")
    func failure() async throws {
        let log = LogSink()
        let api = FakeRuntimeAPI([FakeRuntimeAPI.event("bad"), FakeRuntimeAPI.event("good")])
        await Self.run(api, log) { invocation in
            if invocation.requestID == "bad" { throw Boom() }
            return Array("1".utf8)
        }
        #expect(api.answers.map(\.url).map { $0.split(separator: "/").last } == ["error", "response"])
        let report = try JSONValue(parsing: api.answers[0].body)
        #expect(report["errorMessage"] == .string("it went \"boom\"\nloudly"))
        #expect(report["errorType"] == "Function.Boom")
        #expect(report["stackTrace"] == [])
        #expect(api.answers[0].headers["Lambda-Runtime-Function-Error-Type"] == "Function.Boom")
        #expect(log.lines.contains { $0["level"] == "ERROR" && $0["requestId"] == "bad" })
    }

    @Test(
        "Error types keep to the pattern that Lambda accepts",
        arguments: [
            ("Misconfigured", "Function.Misconfigured"), ("AWS_Error2", "Function.AWSError"),
            ("", "Function.HandlerError"),
            ("lowercase", "Function.HandlerError"), ("Ä", "Function.HandlerError"), ("X", "Function.HandlerError"),
        ])
    func errorTypes(name: String, expected: String) async {
        let api = FakeRuntimeAPI([FakeRuntimeAPI.event("a")])
        await Self.run(api) { _ in throw Typed(lambdaErrorType: name) }
        #expect(api.answers.first?.headers["Lambda-Runtime-Function-Error-Type"] == expected)
    }

    @Test("Answers that Lambda no longer wants end nothing", arguments: [400, 403, 410, 413])
    func refusedAnswer(status: Int) async {
        let api = FakeRuntimeAPI([FakeRuntimeAPI.event("a"), FakeRuntimeAPI.event("b")], answerStatus: [status])
        await Self.run(api) { _ in [] }
        // No error is posted for the refused one either: Lambda knows already.
        #expect(api.answers.map(\.url.utf8.count).count == 2)
        #expect(api.answers.allSatisfy { $0.url.hasSuffix("/response") })
    }

    @Test("A container error of the API ends the loop", arguments: [500, 503])
    func containerError(status: Int) async {
        let api = FakeRuntimeAPI([FakeRuntimeAPI.event("a"), FakeRuntimeAPI.event("b")], answerStatus: [status])
        #expect(await Self.run(api) { _ in [] } is LambdaRuntimeError)
        #expect(api.answers.count == 1)
    }

    @Test("An API that cannot be reached ends the loop, with the reason")
    func unreachable() async {
        let failure = HTTPTransportError(
            code: .connectFailed, activity: "GET x", reason: "refused", requestMayHaveBeenSent: false)
        let end = await Self.run(FakeRuntimeAPI([], transportFailure: failure)) { _ in [] }
        #expect((end as? LambdaRuntimeError)?.reason == "refused")
    }

    @Test("An id that would change the URL is not used", arguments: ["", "../../evil", "a b", "a?b", "a/b", "a\u{e9}"])
    func unusableID(id: String) async {
        let api = FakeRuntimeAPI([FakeRuntimeAPI.event(id)])
        #expect(await Self.run(api) { _ in [] } is LambdaRuntimeError)
        #expect(api.answers.isEmpty)
    }

    @Test(
        "A deadline that makes no sense is bounded, never a trap",
        arguments: [
            ("", 3), ("soon", 3), ("-9223372036854775808", 3), ("9223372036854775807", 3), ("0", 3),
            ("2000000000000", 3), ("2000001200000", 1200), ("2000001200001", 3),
            ("2000000001500", 1.5), ("99999999999999999999999", 3),
        ] as [(String, Double)])
    func deadlines(header: String, seconds: Double) async {
        let api = FakeRuntimeAPI([FakeRuntimeAPI.event("a", headers: [("Lambda-Runtime-Deadline-Ms", header)])])
        let before = ContinuousClock.now
        await Self.run(api) { invocation in
            let remaining = Duration.milliseconds(Int(seconds * 1000))
            #expect(invocation.deadline >= before + remaining)
            #expect(invocation.deadline <= ContinuousClock.now + remaining)
            return []
        }
        #expect(api.answers.count == 1)
    }

    @Test("A function that cannot start says so to Lambda")
    func initError() async throws {
        let api = FakeRuntimeAPI([])
        await Self.runtime(api).reportInitError(Typed(lambdaErrorType: "InvalidConfiguration"))
        #expect(api.answers.map(\.url) == ["http://api:9001/2018-06-01/runtime/init/error"])
        #expect(api.answers[0].headers["Lambda-Runtime-Function-Error-Type"] == "Function.InvalidConfiguration")
        #expect(try JSONValue(parsing: api.answers[0].body)["errorMessage"] == "typed")
    }
}
