import Foundation
import Synchronization
import Testing

@testable import LocalAWS

/// Functions that subscribe to topics, and what comes to them.
@Suite struct SubscriptionTests {
    private static let topic = "arn:aws:sns:us-west-2:111122223333:events"
    private static let lambda = "arn:aws:lambda:us-west-2:111122223333:function:endpoints"

    private func ask(_ operation: String, _ parameters: [String: String], _ aws: LocalAWS) async throws -> (
        status: Int, body: String
    ) {
        try await aws.ask(LocalAWS.query(operation, parameters, service: "sns", version: "2010-03-31"))
    }

    private func subscribe(_ aws: LocalAWS, _ more: [String: String] = [:]) async throws -> (status: Int, body: String)
    {
        let parameters = ["TopicArn": Self.topic, "Protocol": "lambda", "Endpoint": Self.lambda]
        return try await ask("Subscribe", parameters.merging(more) { $1 }, aws)
    }

    private func publish(_ messages: [String], _ aws: LocalAWS) async throws {
        for message in messages {
            #expect(try await ask("Publish", ["TopicArn": Self.topic, "Message": message], aws).status == 200)
        }
    }

    // MARK: Subscriptions

    @Test func `A function subscribes at once, and once`() async throws {
        let aws = try LocalAWS.sample()
        _ = try await ask("CreateTopic", ["Name": "events"], aws)
        let first = try await subscribe(aws)
        let arn = try #require(first.body.element("SubscriptionArn"))
        #expect(arn.hasPrefix("\(Self.topic):"))
        #expect(try await subscribe(aws).body.element("SubscriptionArn") == arn)
        let list = try await ask("ListSubscriptionsByTopic", ["TopicArn": Self.topic], aws).body
        #expect(list.elements("SubscriptionArn") == [arn])
        #expect(list.element("Endpoint") == Self.lambda)
    }

    @Test func `The subscriptions of a topic are counted`() async throws {
        let aws = try LocalAWS.sample()
        _ = try await ask("CreateTopic", ["Name": "events"], aws)
        func counts() async throws -> [String] {
            let body = try await ask("GetTopicAttributes", ["TopicArn": Self.topic], aws).body
            return ["Confirmed", "Deleted", "Pending"].map { name in
                let entry = body.elements("entry").first { $0.element("key") == "Subscriptions\(name)" }
                return entry?.element("value") ?? ""
            }
        }
        #expect(try await counts() == ["0", "0", "0"])
        let arn = try await subscribe(aws).body.element("SubscriptionArn") ?? ""
        #expect(try await counts() == ["1", "0", "0"])
        for _ in 1...2 { #expect(try await ask("Unsubscribe", ["SubscriptionArn": arn], aws).status == 200) }
        #expect(try await counts() == ["0", "1", "0"])
    }

    @Test func `Whoever reads the messages of a topic here has subscribed to it`() async throws {
        let aws = try LocalAWS.sample()
        for topic in [aws.addTopic("events", region: "us-west-2"), LocalAWS.Sample.topicARN(in: "us-west-2")] {
            let list = try await ask("ListSubscriptionsByTopic", ["TopicArn": topic], aws).body
            #expect(list.elements("Protocol") == ["email"])
        }
    }

    @Test func `A list of subscriptions is cut into pages`() async throws {
        let aws = try LocalAWS.sample()
        _ = try await ask("CreateTopic", ["Name": "events"], aws)
        for number in 1...101 { _ = try await subscribe(aws, ["Endpoint": "\(Self.lambda)\(number)"]) }
        let first = try await ask("ListSubscriptionsByTopic", ["TopicArn": Self.topic], aws).body
        #expect(first.elements("Endpoint").count == 100)
        let token = try #require(first.element("NextToken"))
        let second = try await ask("ListSubscriptionsByTopic", ["TopicArn": Self.topic, "NextToken": token], aws).body
        #expect(second.elements("Endpoint") == ["\(Self.lambda)101"])
        #expect(second.element("NextToken") == nil)
    }

    @Test(
        "What is no subscription of a function is refused with its code",
        arguments: [
            (["Protocol": "email", "Endpoint": "a@example.com"], "InvalidParameter"),
            (["Endpoint": "endpoints"], "InvalidParameter"),
            (["TopicArn": "arn:aws:sns:us-west-2:111122223333:none"], "NotFound"),
            (["TopicArn": "arn:aws:sns:us-east-1:111122223333:events"], "InvalidParameter"),
            (["Attributes.entry.1.key": "FilterPolicy", "Attributes.entry.1.value": "{}"], "InvalidParameter"),
        ])
    func refusal(_ parameters: [String: String], _ code: String) async throws {
        let aws = try LocalAWS.sample()
        _ = try await ask("CreateTopic", ["Name": "events"], aws)
        #expect(try await subscribe(aws, parameters).body.element("Code") == code)
        #expect(aws.world.snapshot.topics[Self.topic]?.subscriptions.isEmpty == true)
    }

    // MARK: Delivery

    /// A function that answers, or fails, at once, and what came to it.
    private final class Function: Sendable {
        let aws: LocalAWS
        let function: LocalFunction

        init() async throws {
            aws = try LocalAWS.sample()
            function = try await aws.addFunction(name: "endpoints", region: "us-west-2")
            aws.addTopic("events", region: "us-west-2")
            aws.subscribe(function, to: SubscriptionTests.topic)
        }

        /// The next invocation's payload; it is answered before this returns.
        /// - Throws: where none is waiting: nobody would answer.
        func next(failing: Bool = false) async throws -> (id: String, sns: [String: Any]) {
            try #require(waiting > 0)
            let next = LocalHTTPRequest(method: "GET", path: "/2018-06-01/runtime/invocation/next")
            guard case .respond(200, let headers, let body) = await function.handle(next),
                let id = headers["Lambda-Runtime-Aws-Request-Id"]
            else { throw Dropped() }
            let path = "/2018-06-01/runtime/invocation/\(id)/\(failing ? "error" : "response")"
            var answer = LocalHTTPRequest(method: "POST", path: path, body: Data("{}".utf8))
            answer.headers["lambda-runtime-invocation-id"] = headers["Lambda-Runtime-Invocation-Id"]
            guard case .respond(202, _, _) = await function.handle(answer) else { throw Dropped() }
            let event = try JSONSerialization.jsonObject(with: body) as? [String: Any]
            let record = (event?["Records"] as? [[String: Any]])?.first
            #expect(record?["EventSource"] as? String == "aws:sns")
            return (id, try #require(record?["Sns"] as? [String: Any]))
        }

        func messages(_ count: Int) async throws -> [String] {
            var messages: [String] = []
            for _ in 0..<count { messages.append(try await next().sns["Message"] as? String ?? "") }
            return messages
        }

        var waiting: Int { function.state.withLock { $0.queue.count } }
    }

    @Test func `A message comes to the function as Lambda hands it over`() async throws {
        let it = try await Function()
        let published = try await ask(
            "Publish",
            [
                "TopicArn": Self.topic, "Message": "{\"a\": \"b\"}", "Subject": "Hello",
                "MessageAttributes.entry.1.Name": "event",
                "MessageAttributes.entry.1.Value.DataType": "Number",
                "MessageAttributes.entry.1.Value.StringValue": "1",
            ], it.aws)
        let sns = try await it.next().sns
        #expect(sns["Type"] as? String == "Notification")
        #expect(sns["MessageId"] as? String == published.body.element("MessageId"))
        #expect(sns["TopicArn"] as? String == Self.topic)
        #expect(sns["Message"] as? String == "{\"a\": \"b\"}")
        #expect(sns["Subject"] as? String == "Hello")
        #expect(
            sns["MessageAttributes"] as? [String: [String: String]] == ["event": ["Type": "Number", "Value": "1"]])
        let time = try #require((sns["Timestamp"] as? String).flatMap(AWSDate.parseExtended))
        #expect(abs(time.timeIntervalSince(it.aws.clock.now)) < 0.001)
        for field in ["Signature", "SignatureVersion", "SigningCertUrl", "UnsubscribeUrl"] {
            #expect((sns[field] as? String)?.isEmpty == false)
        }
        try await publish(["plain"], it.aws)
        #expect(try await it.next().sns["Subject"] is NSNull)
        await it.aws.stop()
    }

    @Test func `Messages come in the order in which they were published`() async throws {
        let it = try await Function()
        let messages = (1...50).map(String.init)
        try await publish(messages, it.aws)
        #expect(try await it.messages(50) == messages)
        await it.aws.stop()
    }

    @Test func `What is published elsewhere, or after the subscription has ended, does not come`() async throws {
        let it = try await Function()
        it.aws.world.publish(
            PublishedMessage(
                id: "1", topicARN: LocalAWS.Sample.topicARN(in: "us-west-2"), time: Date(), subject: nil, message: "x",
                attributes: [:]))
        #expect(it.waiting == 0)
        try await publish(["one"], it.aws)
        let arn = it.aws.world.snapshot.topics[Self.topic]?.subscriptions.last?.arn ?? ""
        #expect(try await ask("Unsubscribe", ["SubscriptionArn": arn], it.aws).status == 200)
        try await publish(["two"], it.aws)
        #expect(it.waiting == 1)
        await it.aws.stop()
    }

    @Test func `A failed invocation comes again after one minute and after two more, then no more`() async throws {
        let it = try await Function()
        try await publish(["one"], it.aws)
        let (first, _) = try await it.next(failing: true)
        for delay in [60.0, 120.0] {
            it.aws.clock.advance(by: .seconds(delay - 1))
            #expect(it.waiting == 0)
            it.aws.clock.advance(by: .seconds(1))
            let (again, sns) = try await it.next(failing: true)
            #expect(again == first)
            #expect(sns["Message"] as? String == "one")
        }
        it.aws.clock.advance(by: .seconds(3600))
        #expect(it.waiting == 0)
        await it.aws.stop()
    }

    // MARK: Faults on the way

    struct Disturbance: Sendable {
        var fault: Fault.Notification
        var arrives: [String]
        /// After ten seconds.
        var later: [String] = []
    }

    @Test(
        "Notifications are lost, repeated, delayed and reordered on request",
        arguments: [
            Disturbance(fault: .lost, arrives: ["two", "three"]),
            Disturbance(fault: .repeated(2), arrives: ["one", "one", "one", "two", "three"]),
            Disturbance(fault: .delayed(.seconds(10)), arrives: ["two", "three"], later: ["one"]),
            Disturbance(fault: .overtaken, arrives: ["two", "one", "three"]),
        ])
    func faults(_ disturbance: Disturbance) async throws {
        let it = try await Function()
        it.aws.inject(Fault(.notification(disturbance.fault), region: "us-west-2", times: 1))
        // Elsewhere, and so none of this one's.
        it.aws.inject(Fault(.notification(.lost), region: "us-east-1"))
        try await publish(["one", "two", "three"], it.aws)
        #expect(it.waiting == disturbance.arrives.count)
        #expect(try await it.messages(disturbance.arrives.count) == disturbance.arrives)
        it.aws.clock.advance(by: .seconds(10))
        #expect(it.waiting == disturbance.later.count)
        #expect(try await it.messages(disturbance.later.count) == disturbance.later)
        await it.aws.stop()
    }

    @Test func `A fault of notifications is none of requests`() async throws {
        let it = try await Function()
        it.aws.inject(Fault(.notification(.lost), times: 1))
        try await publish(["one"], it.aws)
        #expect(it.waiting == 0)
        #expect(it.aws.activeFaults.isEmpty)
        #expect(it.aws.messages(Self.topic).map(\.message) == ["one"], "it was published all the same")
        await it.aws.stop()
    }
}
