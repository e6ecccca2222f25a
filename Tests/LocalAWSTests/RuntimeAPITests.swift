import Foundation
import Synchronization
import Testing

@testable import LocalAWS

@Suite struct RuntimeAPITests {
    /// A function and the few calls that a runtime makes.
    private struct Runtime {
        let aws: LocalAWS
        let function: LocalFunction
        let port: UInt16

        init(sendsInvocationID: Bool = true) async throws {
            aws = try LocalAWS.sample()
            function = try await aws.addFunction(
                name: "promoter", region: "us-west-2", sendsInvocationID: sendsInvocationID
            )
            port = try #require(UInt16(function.runtimeAPI.split(separator: ":").last ?? ""))
        }

        func next() async throws -> LocalHTTPClient.Answer {
            try await LocalHTTPClient.send("GET", "/2018-06-01/runtime/invocation/next", toPort: port)
        }

        @discardableResult
        func post(
            _ path: String, of invocation: LocalHTTPClient.Answer? = nil, type: String? = nil,
            body: Data = Data("{}".utf8)
        ) async throws -> Int {
            var headers: [String: String] = [:]
            headers["Lambda-Runtime-Invocation-Id"] = invocation?.headers["lambda-runtime-invocation-id"]
            headers["Lambda-Runtime-Function-Error-Type"] = type
            return try await LocalHTTPClient.send(
                "POST", "/2018-06-01/runtime/\(path)", headers: headers, body: body, toPort: port
            ).status
        }

        func id(_ invocation: LocalHTTPClient.Answer) -> String {
            invocation.headers["lambda-runtime-aws-request-id"] ?? ""
        }
    }

    @Test func `An event goes out with its headers, and the response comes back`() async throws {
        let runtime = try await Runtime()
        async let outcome = runtime.function.invoke(Data(#"{"a":1}"#.utf8), timeout: .seconds(20))
        let event = try await runtime.next()
        #expect(event.body == Data(#"{"a":1}"#.utf8))
        let deadline = try #require(Double(event.headers["lambda-runtime-deadline-ms"] ?? ""))
        #expect(abs(deadline / 1000 - Date().timeIntervalSince1970 - 20) < 5)
        #expect(
            event.headers["lambda-runtime-invoked-function-arn"]
                == "arn:aws:lambda:us-west-2:111122223333:function:promoter"
        )
        #expect(event.headers["lambda-runtime-trace-id"]?.hasPrefix("Root=1-") == true)
        #expect(
            try await runtime.post("invocation/\(runtime.id(event))/response", of: event, body: Data("ok".utf8)) == 202)
        #expect(await outcome == .response(Data("ok".utf8)))
        await runtime.aws.stop()
    }

    @Test func `A reported error is the outcome, with its type`() async throws {
        let runtime = try await Runtime()
        async let outcome = runtime.function.invoke()
        let event = try await runtime.next()
        let status = try await runtime.post(
            "invocation/\(runtime.id(event))/error", of: event, type: "Function.Failed", body: Data("e".utf8)
        )
        #expect(status == 202)
        #expect(await outcome == .error(type: "Function.Failed", body: Data("e".utf8)))
        await runtime.aws.stop()
    }

    @Test func `What a runtime must not do is refused`() async throws {
        let runtime = try await Runtime()
        #expect(try await runtime.post("invocation/none/response") == 400, "before any event")
        async let outcome = runtime.function.invoke()
        let event = try await runtime.next()
        #expect(try await runtime.next().status == 403, "an event is under way")
        #expect(try await runtime.post("invocation/other/response", of: event) == 400, "another id")
        #expect(try await runtime.post("invocation/\(runtime.id(event))/response") == 400, "no invocation id")
        #expect(try await runtime.post("init/error", type: "Runtime.X") == 403, "init is over")
        #expect(try await runtime.post("invocation/\(runtime.id(event))/response", of: event) == 202)
        #expect(try await runtime.post("invocation/\(runtime.id(event))/response", of: event) == 403, "twice")
        _ = await outcome
        await runtime.aws.stop()
    }

    @Test func `An invocation ID is not asked for where none was sent`() async throws {
        let runtime = try await Runtime(sendsInvocationID: false)
        async let outcome = runtime.function.invoke()
        let event = try await runtime.next()
        #expect(event.headers["lambda-runtime-invocation-id"] == nil)
        #expect(try await runtime.post("invocation/\(runtime.id(event))/response") == 202)
        #expect(await outcome == .response(Data("{}".utf8)))
        await runtime.aws.stop()
    }

    @Test func `After its deadline an invocation is gone, and the next one is served`() async throws {
        let runtime = try await Runtime()
        async let late = runtime.function.invoke(timeout: .milliseconds(1))
        let event = try await runtime.next()
        #expect(await late == .timedOut)
        #expect(try await runtime.post("invocation/\(runtime.id(event))/response", of: event) == 410)
        async let outcome = runtime.function.invoke()
        let second = try await runtime.next()
        try await runtime.post("invocation/\(runtime.id(second))/response", of: second)
        #expect(await outcome == .response(Data("{}".utf8)))
        await runtime.aws.stop()
    }

    @Test func `Six mebibytes and a hundred bytes pass, one more does not`() async throws {
        let runtime = try await Runtime()
        let largest = Data(repeating: UInt8(ascii: "x"), count: LocalFunction.largestResponse)
        async let first = runtime.function.invoke()
        let event = try await runtime.next()
        #expect(try await runtime.post("invocation/\(runtime.id(event))/response", of: event, body: largest) == 202)
        #expect(await first == .response(largest))

        async let second = runtime.function.invoke()
        let next = try await runtime.next()
        #expect(
            try await runtime.post(
                "invocation/\(runtime.id(next))/response", of: next, body: largest + largest.prefix(1)) == 413)
        guard case .error("Function.ResponseSizeTooLarge", _) = await second else {
            Issue.record("The invoker is told that the response was too large.")
            return
        }
        await runtime.aws.stop()
    }

    @Test func `A large event goes out whole`() async throws {
        let runtime = try await Runtime()
        let payload = Data(repeating: UInt8(ascii: "y"), count: 6 << 20)
        async let outcome = runtime.function.invoke(payload)
        let event = try await runtime.next()
        #expect(event.body == payload)
        try await runtime.post("invocation/\(runtime.id(event))/response", of: event)
        _ = await outcome
        await runtime.aws.stop()
    }

    @Test func `Concurrent invocations are delivered one after the other`() async throws {
        let runtime = try await Runtime()
        let invokers = (1...5).map { number in
            Task { await runtime.function.invoke(Data("\(number)".utf8)) }
        }
        for _ in invokers {
            let event = try await runtime.next()
            try await runtime.post("invocation/\(runtime.id(event))/response", of: event, body: event.body)
        }
        for (number, invoker) in zip(1..., invokers) {
            #expect(await invoker.value == .response(Data("\(number)".utf8)))
        }
        await runtime.aws.stop()
    }

    @Test func `A failed init is the outcome of what waited`() async throws {
        let runtime = try await Runtime()
        var options = InvocationOptions()
        options.deliveryTimeout = .seconds(20)
        async let outcome = runtime.function.invoke(options: options)
        while runtime.function.state.withLock({ $0.queue.isEmpty }) { await Task.yield() }
        #expect(try await runtime.post("init/error", type: "Runtime.BadConfig", body: Data("why".utf8)) == 202)
        #expect(await outcome == .initError(type: "Runtime.BadConfig", body: Data("why".utf8)))
        await runtime.aws.stop()
    }

    @Test func `What nobody takes is not delivered`() async throws {
        let runtime = try await Runtime()
        var options = InvocationOptions()
        options.deliveryTimeout = .milliseconds(1)
        #expect(await runtime.function.invoke(options: options) == .notDelivered)
        await runtime.aws.stop()
    }

    @Test func `A Runtime API can end the loop after some invocations`() async throws {
        let runtime = try await Runtime()
        runtime.function.goAway(afterDeliveries: 1)
        async let outcome = runtime.function.invoke()
        let event = try await runtime.next()
        try await runtime.post("invocation/\(runtime.id(event))/response", of: event)
        _ = await outcome
        #expect(try await runtime.next().status == 410)
        await runtime.aws.stop()
    }

    @Test func `A poll that waits when the Runtime API goes away is closed`() async throws {
        let runtime = try await Runtime()
        let poll = Task { try await runtime.next() }
        while runtime.function.state.withLock({ $0.poll == nil }) { await Task.yield() }
        await runtime.function.stop()
        await #expect(throws: LocalAWSError.self) { try await poll.value }
        await runtime.aws.stop()
    }

    @Test func `When the process ends in the middle, the invocation ends with it`() async throws {
        let runtime = try await Runtime()
        async let outcome = runtime.function.invoke()
        _ = try await runtime.next()
        runtime.function.processExited("signal: killed")
        guard case .error("Runtime.ExitError", _) = await outcome else {
            Issue.record("The invoker is told that the runtime exited.")
            return
        }
        await runtime.aws.stop()
    }
}
