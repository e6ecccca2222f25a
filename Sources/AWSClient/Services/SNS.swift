/// The operations of Simple Notification Service that are used.
/// See https://docs.aws.amazon.com/sns/latest/api/
package struct SNS: Sendable {
    private let client: AWSClient

    package init(_ client: AWSClient) {
        self.client = client
    }

    /// Sends a message to the subscribers of a standard topic, in the region of the topic. Sent again after a lost
    /// answer, it may arrive twice, as any message of a standard topic may.
    ///
    /// - Parameters:
    ///   - subject: any text; see `fittingSubject`.
    ///   - message: clipped at its end where it, the names, types and values of the attributes have more than
    ///     262,144 bytes together.
    ///   - attributes: those without a value are left out: SNS refuses them.
    /// - Returns: the id of the message.
    /// - Throws: `.notFound` where there is no such topic; `.invalidConfiguration` where the ARN is none of a topic.
    @discardableResult
    package func publish(
        topicARN: String, subject: String, message: String, attributes: [(name: String, value: String)],
        deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> String {
        let attributes = attributes.filter { !$0.value.isEmpty }
        var parameters: [(name: String, value: String?)] = [
            ("TopicArn", topicARN), ("Subject", Self.fittingSubject(subject)),
            ("Message", Self.fittingMessage(message, attributes: attributes)),
        ]
        for (index, attribute) in attributes.enumerated() {
            let entry = "MessageAttributes.entry.\(index + 1)"
            parameters += [
                ("\(entry).Name", attribute.name), ("\(entry).Value.DataType", Self.attributeType),
                ("\(entry).Value.StringValue", attribute.value),
            ]
        }
        let call = AWSCall.query(
            .sns, region: try Self.region(ofTopic: topicARN), operation: "Publish", parameters: parameters)
        return try await send(call, deadline: deadline) { result throws(XMLError) in try result.required("MessageId") }
    }

    /// What SNS tells of a topic, such as `SubscriptionsConfirmed`; not all of it to everybody.
    ///
    /// - Throws: as `publish`.
    package func attributes(
        ofTopic arn: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [String: String] {
        let call = AWSCall.query(
            .sns, region: try Self.region(ofTopic: arn), operation: "GetTopicAttributes",
            parameters: [("TopicArn", arn)])
        return try await send(call, deadline: deadline) { result throws(XMLError) in
            var attributes: [String: String] = [:]
            for entry in result.list("Attributes", of: "entry") {
                attributes[try entry.required("key")] = entry.optional("value") ?? ""
            }
            return attributes
        }
    }

    private func send<Value: Sendable>(
        _ call: AWSCall, deadline: ContinuousClock.Instant, read: (XMLElement) throws(XMLError) -> Value
    ) async throws(AWSError) -> Value {
        do throws(AWSError) { return try await client.query(call, deadline: deadline, read: read) } catch {
            var error = error
            if error.awsCode == "NotFound" { error.code = .notFound }
            throw error
        }
    }

    private static let attributeType = "String"

    /// What AWS's reference allows: "less than 100" characters.
    static let maximumSubjectLength = 99
    /// Of a topic that was not set up for more, in bytes.
    static let maximumMessageSize = 262_144

    /// The text in the form that SNS takes for every kind of subscriber.
    ///
    /// Line breaks, tabs, control characters and runs of spaces become one space each, none at the ends; every other
    /// character that is not ASCII becomes a question mark; what is longer than 99 characters is clipped and ends in
    /// three dots.
    ///
    /// - Returns: nil where nothing is left. Without a subject, SNS writes one of its own.
    static func fittingSubject(_ text: String) -> String? {
        var subject = ""
        for character in text {
            if character.isWhitespace || character.asciiValue.map({ $0 < 0x21 || $0 == 0x7F }) ?? false {
                if !subject.isEmpty, subject.last != " " { subject.append(" ") }
            } else {
                subject.append(character.isASCII ? character : "?")
            }
        }
        if subject.last == " " { subject.removeLast() }
        if subject.utf8.count > maximumSubjectLength { subject = subject.prefix(maximumSubjectLength - 3) + "..." }
        return subject.isEmpty ? nil : subject
    }

    /// The longest beginning of the message that SNS takes beside these attributes, in whole characters.
    static func fittingMessage(_ message: String, attributes: [(name: String, value: String)]) -> String {
        let limit = attributes.reduce(maximumMessageSize) { limit, attribute in
            limit - attribute.name.utf8.count - attributeType.utf8.count - attribute.value.utf8.count
        }
        guard message.utf8.count > limit else { return message }
        var size = 0
        let fitting = message.prefix { character in
            size += character.utf8.count
            return size <= limit
        }
        return String(fitting)
    }

    /// A topic is spoken to where it is, whatever the region of the configuration.
    private static func region(ofTopic arn: String) throws(AWSError) -> String {
        let fields = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 6, fields[0] == "arn", fields[2] == "sns", !fields[3].isEmpty, !fields[5].isEmpty else {
            throw AWSError(
                .invalidConfiguration,
                "\"\(AWSError.printable(arn, limit: 300))\" is no ARN of a topic: "
                    + "expected one like arn:aws:sns:eu-west-1:123456789012:promotions")
        }
        return String(fields[3])
    }
}
