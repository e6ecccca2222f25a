import Foundation
import Testing

@testable import LocalAWS

@Suite struct FaultTests {
    private let describe = LocalAWS.query("DescribeGlobalReplicationGroups")

    @Test func `A fault strikes as often as it was told to, then is gone`() async throws {
        let aws = try LocalAWS.sample()
        aws.inject(Fault(.error(status: 503, code: "ServiceUnavailable", message: "Busy."), times: 2))
        var statuses: [Int] = []
        for _ in 1...3 { statuses.append(try await aws.ask(describe).status) }
        #expect(statuses == [503, 503, 200])
        #expect(aws.activeFaults.isEmpty)
    }

    @Test(
        "A fault strikes only what it matches",
        arguments: [
            (Fault(.drop), true), (Fault(.drop, service: "elasticache"), true), (Fault(.drop, service: "sts"), false),
            (Fault(.drop, operation: "DescribeGlobalReplicationGroups"), true),
            (Fault(.drop, operation: "FailoverGlobalReplicationGroup"), false),
            (Fault(.drop, region: "us-west-2"), true), (Fault(.drop, region: "us-east-1"), false),
            (Fault(.drop, exceptServices: ["elasticache"]), false),
        ]
    )
    func matching(_ fault: Fault, _ strikes: Bool) async throws {
        let aws = try LocalAWS.sample()
        aws.inject(fault)
        let answered = (try? await aws.ask(describe)) != nil
        #expect(answered != strikes)
    }

    @Test(
        "A fault strikes each service, in the service's own form",
        arguments: ["ssm", "sns", "monitoring", "iam", "lambda", "events"]
    )
    func newServices(_ service: String) async throws {
        let aws = try LocalAWS.sample()
        let request = try Self.request(to: service)
        aws.inject(Fault(.error(status: 400, code: "SlowDown", message: "Slowly."), service: service, times: 1))
        guard case .respond(400, let headers, let body) = await aws.handle(request) else { throw Dropped() }
        let text = String(decoding: body, as: UTF8.self)
        #expect(text.contains("Slowly."))
        #expect(text.contains("SlowDown") || headers["x-amzn-ErrorType"] == "SlowDown")
        #expect(headers["x-amzn-RequestId"] != nil)
        #expect(headers["Content-Type"]?.contains("json") == !["sns", "iam"].contains(service))
        aws.inject(Fault(.drop, service: service, region: "us-east-1", times: 1))
        await #expect(throws: Dropped.self) { try await aws.ask(request) }
        #expect(try await aws.ask(request).status != 400 || service == "ssm")
        #expect(aws.requests.map(\.service) == [service, service, service])
    }

    private static func request(to service: String) throws -> LocalHTTPRequest {
        switch service {
        case "ssm": try LocalAWS.json("AmazonSSM.GetParameter", ["Name": "x"], service: service, region: "us-east-1")
        case "monitoring":
            try LocalAWS.json("GraniteServiceVersion20100801.ListMetrics", [:], service: service, region: "us-east-1")
        case "events":
            try LocalAWS.json(
                "AWSEvents.ListRuleNamesByTarget", ["TargetArn": "x"], service: service, region: "us-east-1")
        case "lambda":
            LocalAWS.signed(
                LocalHTTPRequest(method: "GET", path: "/2015-03-31/functions/none/configuration"), service: service,
                region: "us-east-1"
            )
        case "sns":
            LocalAWS.query("CreateTopic", ["Name": "x"], service: service, version: "2010-03-31", region: "us-east-1")
        default:
            LocalAWS.query(
                "SimulatePrincipalPolicy",
                ["PolicySourceArn": "arn:aws:iam::1:role/r", "ActionNames.member.1": "a:b"], service: service,
                version: "2010-05-08", region: "us-east-1"
            )
        }
    }

    @Test func `Latency goes together with another fault, whose name is in the log`() async throws {
        let aws = try LocalAWS.sample()
        aws.inject(Fault(.latency(.milliseconds(1))))
        let error = aws.inject(
            Fault(.error(status: 429, code: "SlowDown", message: "Slowly."), headers: ["x-amz-retry-after": "7"])
        )
        guard case .respond(429, let headers, _) = await aws.handle(describe) else { throw Dropped() }
        #expect(headers["x-amz-retry-after"] == "7")
        #expect(aws.requests.last?.fault == error)
    }

    @Test func `A request that comes to hang on a fault just removed does not hang`() async {
        let board = FaultBoard()
        let id = board.inject(Fault(.hang))
        #expect(board.verdict(service: "sts", operation: "GetCallerIdentity", region: "us-east-1").id == id)
        #expect(board.remove(id))
        await board.hang(on: id)
    }

    @Test func `A lost answer is lost after the operation was carried out`() async throws {
        let aws = try LocalAWS.sample()
        aws.inject(Fault(.dropAfterwards, operation: "FailoverGlobalReplicationGroup", times: 1))
        await #expect(throws: Dropped.self) { try await aws.failover() }
        #expect(aws.datastore("ldgnf-sessions")?.status == "modifying")
        #expect(aws.requests.last?.operation == "FailoverGlobalReplicationGroup")
        #expect(aws.requests.last?.status == nil)
    }

    @Test func `A dropped request was not carried out`() async throws {
        let aws = try LocalAWS.sample()
        aws.inject(Fault(.drop, times: 1))
        await #expect(throws: Dropped.self) { try await aws.failover() }
        #expect(aws.datastore("ldgnf-sessions")?.status == "available")
    }

    @Test func `Raw bodies and half answers come as they are`() async throws {
        let aws = try LocalAWS.sample()
        let whole = try await aws.ask(describe).body
        aws.inject(Fault(.raw(status: 502, contentType: "text/html", body: "<html>Bad gateway</html>"), times: 1))
        let page = try await aws.ask(describe)
        #expect(page.status == 502)
        #expect(page.body == "<html>Bad gateway</html>")
        aws.inject(Fault(.halfAnAnswer, times: 1))
        #expect(try await aws.ask(describe).body.count == whole.count / 2)
    }

    @Test func `Half an answer may promise more than comes`() async throws {
        let aws = try LocalAWS.sample()
        aws.inject(Fault(.halfAnAnswer, times: 1, headers: ["Content-Length": "1000000"]))
        guard case .respond(200, let headers, _) = await aws.handle(describe) else { throw Dropped() }
        #expect(headers["Content-Length"] == "1000000")
    }

    @Test func `Stale reads tell of a datastore as it was, and what is asked for is done as it is`() async throws {
        let aws = try LocalAWS.sample()
        let members = LocalAWS.query("DescribeGlobalReplicationGroups", ["ShowMemberInfo": "true"])
        func seen() async throws -> [String] {
            let body = try await aws.ask(members).body
            return [body.element("Status") ?? "", body.elements("Role").first ?? ""]
        }
        aws.clock.advance(by: .seconds(60))
        aws.inject(Fault(.stale(.seconds(10)), service: "elasticache"))
        #expect(try await aws.failover().status == 200)
        #expect(try await seen() == ["available", "PRIMARY"])
        aws.clock.advance(by: .seconds(11))
        #expect(try await seen() == ["modifying", "PRIMARY"])
        // 90 s after it began.
        aws.clock.advance(by: .seconds(85))
        #expect(try await seen() == ["modifying", "PRIMARY"])
        aws.clock.advance(by: .seconds(5))
        #expect(try await seen() == ["available", "SECONDARY"])
        #expect(try await aws.failover(to: "us-east-1").status == 200)
        #expect(try await seen() == ["available", "SECONDARY"])
        #expect(aws.datastore("ldgnf-sessions")?.status == "modifying")
    }

    @Test(
        "The log tells what was carried out, whether or not somebody was told",
        arguments: [
            (nil, true), (.dropAfterwards, true), (.halfAnAnswer, true), (.stale(.seconds(1)), true), (.drop, false),
            (.error(status: 500, code: "x", message: "x"), false),
            (.raw(status: 200, contentType: "text/xml", body: ""), false),
        ] as [(Fault.Effect?, Bool)])
    func carriedOut(_ effect: Fault.Effect?, _ isCarriedOut: Bool) async throws {
        let aws = try LocalAWS.sample()
        if let effect { aws.inject(Fault(effect, times: 1)) }
        _ = try? await aws.failover()
        #expect(aws.requests.last?.isCarriedOut == isCarriedOut)
        #expect((aws.datastore("ldgnf-sessions")?.status == "modifying") == isCarriedOut)
        // AWS itself refuses a second one.
        aws.inject(Fault(.dropAfterwards, times: 1))
        if isCarriedOut {
            _ = try? await aws.failover()
            #expect(aws.requests.last?.isCarriedOut == false)
        }
    }

    @Test func `A region that is down hangs until it is up, and spares the others`() async throws {
        let aws = try LocalAWS.sample()
        aws.takeDown(region: "us-west-2")
        let events = aws.events.stream()
        let hanging = Task { try await aws.ask(describe) }
        for await event in events {
            if case .requestServed(let request) = event.kind, request.status == nil { break }
        }
        #expect(try await aws.ask(LocalAWS.query("DescribeGlobalReplicationGroups", region: "us-east-1")).status == 200)
        aws.bringUp(region: "us-west-2")
        await #expect(throws: Dropped.self) { try await hanging.value }
        #expect(try await aws.ask(describe).status == 200)
    }

    @Test func `A drop closes the connection without a byte, and the next request is served`() async throws {
        let aws = try LocalAWS.sample()
        try await aws.start()
        let port = try #require(UInt16(aws.endpoint.split(separator: ":").last ?? ""))
        aws.inject(Fault(.drop, times: 1))
        let request = describe
        func send() async throws -> Int {
            // The client brings its own Host header, under which the request was not signed.
            try await LocalHTTPClient.send(
                "POST", "/", headers: request.headers, body: request.body, toPort: port
            ).status
        }
        await #expect(throws: LocalAWSError.self) { try await send() }
        #expect(try await send() == 200)
        await aws.stop()
    }

    @Test func `Stopping does not wait for what hangs`() async throws {
        let aws = try LocalAWS.sample()
        try await aws.start()
        let port = try #require(UInt16(aws.endpoint.split(separator: ":").last ?? ""))
        aws.inject(Fault(.hang))
        let events = aws.events.stream()
        let request = describe
        let hanging = Task {
            try await LocalHTTPClient.send("POST", "/", headers: request.headers, body: request.body, toPort: port)
        }
        for await event in events {
            if case .requestServed = event.kind { break }
        }
        await aws.stop()
        await #expect(throws: LocalAWSError.self) { try await hanging.value }
    }

    @Test func `A taken port is named`() async throws {
        let first = try LocalAWS.sample()
        try await first.start()
        let port = try #require(UInt16(first.endpoint.split(separator: ":").last ?? ""))
        var configuration = LocalAWSConfiguration()
        configuration.port = port
        let second = try LocalAWS(configuration)
        let error = await #expect(throws: LocalAWSError.self) { try await second.start() }
        #expect(error?.description.contains("Port \(port)") == true)
        await first.stop()
        await second.stop()
    }

    @Test func `The log keeps who asked what, and how it was answered`() async throws {
        let aws = try LocalAWS.sample()
        _ = try await aws.failover(to: "us-east-1")
        let request = try #require(aws.requests.first)
        #expect(request.service == "elasticache")
        #expect(request.region == "us-east-1")
        #expect(request.parameters["PrimaryReplicationGroupId"] == "sessions-use1")
        #expect(request.status == 400)
        #expect(request.errorCode == "InvalidGlobalReplicationGroupState")
        aws.clearRequests()
        #expect(aws.requests.isEmpty)
    }
}
