import Foundation
import Synchronization
import Testing

@testable import LocalAWS

@Suite struct SNSTests {
    private static let version = "2010-03-31"

    private func publish(
        _ parameters: [String: String], _ aws: LocalAWS, region: String = "us-west-2"
    ) async throws -> (status: Int, body: String) {
        try await aws.ask(
            LocalAWS.query("Publish", parameters, service: "sns", version: Self.version, region: region)
        )
    }

    @Test func `What is published is kept as it came, and told`() async throws {
        let aws = try LocalAWS.sample()
        let topic = aws.addTopic("promotions", region: "us-west-2")
        let told = Told()
        aws.events.observe { if case .messagePublished(let message) = $0.kind { told.append(message) } }
        let answer = try await publish(
            [
                "TopicArn": topic, "Subject": "Promoted", "Message": "sessions-usw2 <is> primary\n& well",
                "MessageAttributes.entry.1.Name": "event", "MessageAttributes.entry.1.Value.DataType": "String",
                "MessageAttributes.entry.1.Value.StringValue": "promoted",
            ], aws
        )
        let message = try #require(aws.messages(topic).first)
        #expect(answer.body.element("MessageId") == message.id)
        #expect(message.subject == "Promoted")
        #expect(message.message == "sessions-usw2 <is> primary\n& well")
        #expect(message.attributes == ["event": "promoted"])
        #expect(message.time == aws.clock.now)
        #expect(told.messages == [message])
    }

    @Test func `A topic that is created twice is one, and keeps its messages`() async throws {
        let aws = try LocalAWS.sample()
        let create = LocalAWS.query("CreateTopic", ["Name": "alarms"], service: "sns", version: Self.version)
        let arn = try #require(try await aws.ask(create).body.element("TopicArn"))
        #expect(arn == "arn:aws:sns:us-west-2:111122223333:alarms")
        _ = try await publish(["TopicArn": arn, "Message": "x"], aws)
        #expect(try await aws.ask(create).body.element("TopicArn") == arn)
        #expect(aws.addTopic("alarms", region: "us-west-2") == arn)
        #expect(aws.messages(arn).count == 1)
    }

    @Test(
        "A topic has attributes, and one that there is not is not found",
        arguments: [("promotions", 200), ("none", 404)])
    func attributes(_ name: String, _ status: Int) async throws {
        let aws = try LocalAWS.sample()
        aws.addTopic("promotions", region: "us-west-2")
        let arn = "arn:aws:sns:us-west-2:111122223333:\(name)"
        let answer = try await aws.ask(
            LocalAWS.query("GetTopicAttributes", ["TopicArn": arn], service: "sns", version: Self.version))
        #expect(answer.status == status)
        #expect(answer.body.contains("<key>TopicArn</key><value>\(arn)</value>") == (status == 200))
    }

    private static let topic = "arn:aws:sns:us-west-2:111122223333:promotions"

    @Test(
        "What SNS does not take is refused with its code, and not kept",
        arguments: [
            (["TopicArn": "arn:aws:sns:us-west-2:111122223333:none", "Message": "x"], "NotFound"),
            (["TopicArn": "arn:aws:sns:us-east-1:111122223333:promotions", "Message": "x"], "InvalidParameter"),
            (["TopicArn": "promotions", "Message": "x"], "InvalidParameter"),
            (["Message": "x"], "InvalidParameter"),
            (["TopicArn": topic], "InvalidParameter"),
            (["TopicArn": topic, "Message": "x", "Subject": "two\nlines"], "InvalidParameter"),
            (["TopicArn": topic, "Message": "x", "Subject": "us-west-2 → us-east-1"], "InvalidParameter"),
            (["TopicArn": topic, "Message": "x", "Subject": " blank"], "InvalidParameter"),
            (["TopicArn": topic, "Message": "x", "Subject": ""], "InvalidParameter"),
            (
                [
                    "TopicArn": topic, "Message": "x", "MessageAttributes.entry.1.Name": "event",
                    "MessageAttributes.entry.1.Value.StringValue": "promoted",
                ], "ParameterValueInvalid"
            ),
        ]
    )
    func refusal(_ parameters: [String: String], _ code: String) async throws {
        let aws = try LocalAWS.sample()
        aws.addTopic("promotions", region: "us-west-2")
        let answer = try await publish(parameters, aws)
        #expect(answer.status == (code == "NotFound" ? 404 : 400))
        #expect(answer.body.element("Code") == code)
        #expect(aws.messages.isEmpty)
    }

    @Test(
        "Subject and message have a greatest length",
        arguments: [(100, 262_144, 200), (101, 1, 400), (1, 262_145, 400)])
    func lengths(_ subject: Int, _ message: Int, _ status: Int) async throws {
        let aws = try LocalAWS.sample()
        let parameters = [
            "TopicArn": aws.addTopic("promotions", region: "us-west-2"),
            "Subject": String(repeating: "s", count: subject),
            "Message": String(repeating: "m", count: message),
        ]
        #expect(try await publish(parameters, aws).status == status)
        #expect(aws.messages.map(\.subject?.count) == (status == 200 ? [subject] : []))
    }

    private final class Told: Sendable {
        private let list = Mutex<[PublishedMessage]>([])
        func append(_ message: PublishedMessage) { list.withLock { $0.append(message) } }
        var messages: [PublishedMessage] { list.withLock { $0 } }
    }
}
