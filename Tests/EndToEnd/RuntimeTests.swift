import Foundation
import LocalAWS
import Testing

@Suite("In Lambda")
struct RuntimeTests {
    typealias D = Deployment

    @Test(
        "Any event is accepted",
        arguments: [
            Data(), Data("null".utf8), Data("not JSON {{{".utf8), Data([0, 255, 254, 10, 13]),
            Data(repeating: UInt8(ascii: "x"), count: 6 << 20),
        ])
    func anyEvent(payload: Data) async throws {
        let world = try await Deployment(regions: [D.east])
        guard case .response = try await world.invoke(D.east, payload) else {
            Issue.record("not answered")
            return
        }
        await world.stop()
    }

    @Test("When the Runtime API goes away the process ends with 1 and says why")
    func goneAway() async throws {
        let world = try await Deployment(regions: [D.east])
        _ = try await world.check(D.east)
        try world.function(D.east).goAway(status: 500)
        let result = try #require(await world.processes[D.east]?.exit())
        #expect(result.status == 1)
        #expect(result.output.contains("\"level\":\"FATAL\""))
        await world.stop()
    }

    @Test("When the Runtime API's port closes the process ends, too")
    func portClosed() async throws {
        let world = try await Deployment(regions: [D.east])
        _ = try await world.check(D.east)
        try world.function(D.east).dropPolls()
        await world.aws.stop()
        #expect(await world.processes[D.east]?.exit().status == 1)
    }

    @Test(
        "A function that cannot start says so to Lambda, naming each wrong variable",
        arguments: [
            (
                ["DNS_NAME": nil, "CONFIRMATIONS": "many"], ["DNS_NAME", "CONFIRMATIONS"],
                "Function.InvalidConfiguration"
            ),
            (["_HANDLER": "promote.handler"], ["promote.handler"], "Function.UnknownHandler"),
        ] as [([String: String?], [String], String)])
    func cannotStart(variables: [String: String?], named: [String], type: String) async throws {
        let world = try await Deployment(regions: [D.east], start: false)
        let process = try world.launch(D.east, variables)
        guard case .initError(let reported, let body) = try await world.invoke(D.east) else {
            Issue.record("not reported")
            return
        }
        #expect(reported == type)
        let message = String(decoding: body, as: UTF8.self)
        for name in named { #expect(message.contains(name)) }
        #expect(await process.exit().status == 1)
        await world.stop()
    }

    @Test(
        "The log is JSON lines with the request's id, or text, as Lambda's settings say", arguments: ["JSON", "Text"])
    func logFormat(format: String) async throws {
        let world = try await Deployment(regions: [D.east], start: false)
        let process = try world.launch(D.east, ["AWS_LAMBDA_LOG_FORMAT": format])
        _ = try await world.check(D.east)
        process.kill()
        // Metrics are JSON in either.
        let lines = await process.exit().output.split(separator: "\n").filter { !$0.contains(D.metricsMark) }
        #expect(lines.count >= 2)
        for line in lines {
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect((object != nil) == (format == "JSON"))
        }
        await world.stop()
    }

    @Test("At level ERROR a check that goes well writes nothing but metrics")
    func logLevel() async throws {
        let world = try await Deployment(regions: [D.east], start: false)
        let process = try world.launch(D.east, ["AWS_LAMBDA_LOG_LEVEL": "ERROR"])
        _ = try await world.check(D.east)
        process.kill()
        let result = await process.exit()
        let lines = result.output.split(separator: "\n").filter { !$0.contains(D.metricsMark) }
        #expect(lines.isEmpty && result.errors.isEmpty)
        await world.stop()
    }

    @Test(
        "Each invocation writes one line of metrics, and none where METRICS is off", arguments: [("on", 3), ("off", 0)])
    func metrics(_ word: String, count: Int) async throws {
        let world = try await Deployment(regions: [D.east], start: false)
        let process = try world.launch(D.east, ["METRICS": word])
        for _ in 0..<3 { _ = try await world.check(D.east) }
        process.kill()
        let lines = await process.exit().output.split(separator: "\n").filter { $0.contains(D.metricsMark) }
        #expect(lines.count == count)
        for line in lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(object?["Checks"] as? Int == 1 && object?["InPlace"] as? Int == 1)
            #expect(object?["Watch"] as? String == LocalAWS.Sample.recordName)
            #expect(object?["Region"] as? String == D.east)
        }
        await world.stop()
    }

    @Test("The trace of the invocation goes along with every call to AWS")
    func trace() async throws {
        let world = try await Deployment(regions: [D.west])
        try world.aws.setHealthy(false, region: D.east)
        #expect(try await world.check(D.west).decision == "promote")
        let promotion = try #require(world.aws.requests.last { $0.operation == "FailoverGlobalReplicationGroup" })
        #expect(promotion.headers["x-amzn-trace-id"]?.hasPrefix("Root=") == true)
        await world.stop()
    }
}
