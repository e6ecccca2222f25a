import Foundation

/// Topics that keep what is published to them, for whoever wants to read it, and tell the functions that subscribe.
struct SNSService: QueryService {
    let name = "sns"
    let namespace = "http://sns.amazonaws.com/doc/2010-03-31/"
    let version = "2010-03-31"
    let operations: Set<String> = [
        "CreateTopic", "GetTopicAttributes", "Publish", "Subscribe", "Unsubscribe", "ListSubscriptionsByTopic",
    ]
    /// Of a message, in bytes.
    static let longestMessage = 262_144

    let world: World
    let clock: LocalClock

    func result(of call: ServiceCall, into xml: inout XML) throws {
        switch call.operation {
        case "CreateTopic": xml.element("TopicArn", try createTopic(call))
        case "GetTopicAttributes": try describe(call, into: &xml)
        case "Subscribe": xml.element("SubscriptionArn", try subscribe(call).arn)
        case "Unsubscribe": try unsubscribe(call)
        case "ListSubscriptionsByTopic": try listSubscriptions(call, into: &xml)
        default: xml.element("MessageId", try publish(call).id)
        }
    }

    private func describe(_ call: ServiceCall, into xml: inout XML) throws {
        let arn = try Self.topicARN(call.parameters["TopicArn"], of: call)
        guard let topic = world.snapshot.topics[arn] else { throw Self.noTopic }
        let attributes = [
            ("Owner", CredentialStore.account), ("SubscriptionsConfirmed", String(topic.subscriptions.count)),
            ("SubscriptionsDeleted", String(topic.subscriptionsDeleted)), ("SubscriptionsPending", "0"),
            ("TopicArn", topic.arn),
        ]
        xml.element("Attributes") { xml in
            for (key, value) in attributes {
                xml.element("entry") { xml in
                    xml.element("key", key)
                    xml.element("value", value)
                }
            }
        }
    }

    static let noTopic = AWSFailure(404, "NotFound", "Topic does not exist")

    /// A topic is one of the region that is asked.
    static func topicARN(_ arn: String?, of call: ServiceCall) throws(AWSFailure) -> String {
        guard let arn else { throw invalid("TopicArn Reason: no value for required parameter") }
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[2] == "sns", parts[3] == call.region else { throw invalid("TopicArn") }
        return arn
    }

    private func createTopic(_ call: ServiceCall) throws -> String {
        let name = call.parameters["Name"] ?? ""
        guard Topic.isName(name) else { throw Self.invalid("Topic Name") }
        let topic = Topic(name: name, region: call.region, reader: nil)
        world.change { $0.topics[topic.arn] = $0.topics[topic.arn] ?? topic }
        return topic.arn
    }

    private func publish(_ call: ServiceCall) throws -> PublishedMessage {
        let arn = try Self.topicARN(call.parameters["TopicArn"] ?? call.parameters["TargetArn"], of: call)
        let text = call.parameters["Message"] ?? ""
        guard !text.isEmpty else { throw Self.invalid("Empty message") }
        guard text.utf8.count <= Self.longestMessage else { throw Self.invalid("Message too long") }
        try Self.checkSubject(call.parameters["Subject"])
        let attributes = try Self.attributes(call)
        let message = PublishedMessage(
            id: call.requestID, topicARN: arn, time: clock.now, subject: call.parameters["Subject"], message: text,
            attributes: attributes.mapValues(\.text), attributeTypes: attributes.mapValues(\.type)
        )
        guard world.publish(message) else { throw Self.noTopic }
        return message
    }

    /// "Subjects must be ASCII text that begins with a letter, number, or punctuation mark; must not
    /// include line breaks or control characters; and must be less than 100 characters long" says the
    /// reference; a hundred are taken.
    private static func checkSubject(_ subject: String?) throws(AWSFailure) {
        guard let subject else { return }
        guard let first = subject.utf8.first, first != UInt8(ascii: " "), subject.utf8.count <= 100,
            subject.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw invalid("Subject") }
    }

    private static func attributes(_ call: ServiceCall) throws(AWSFailure) -> [String: (text: String, type: String)] {
        var attributes: [String: (text: String, type: String)] = [:]
        var number = 1
        while let name = call.parameters["MessageAttributes.entry.\(number).Name"] {
            let value = "MessageAttributes.entry.\(number).Value"
            guard let type = call.parameters["\(value).DataType"], !type.isEmpty else {
                throw AWSFailure(
                    400, "ParameterValueInvalid", "The message attribute '\(name)' must contain non-empty data type."
                )
            }
            guard let text = call.parameters["\(value).StringValue"] ?? call.parameters["\(value).BinaryValue"],
                !text.isEmpty
            else {
                throw AWSFailure(
                    400, "ParameterValueInvalid",
                    "The message attribute '\(name)' must contain non-empty message attribute value for message "
                        + "attribute type '\(type)'."
                )
            }
            attributes[name] = (text, type)
            number += 1
        }
        return attributes
    }

    static func invalid(_ what: String) -> AWSFailure {
        AWSFailure(400, "InvalidParameter", "Invalid parameter: \(what)")
    }
}
