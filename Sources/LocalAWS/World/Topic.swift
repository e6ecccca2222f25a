package import Foundation

/// An SNS topic, and all that was published to it.
package struct Topic: Sendable, Equatable {
    package let arn: String
    package var messages: [PublishedMessage] = []

    package init(name: String, region: String) { arn = Self.arn(of: name, in: region) }

    static func isName(_ text: String) -> Bool {
        text.hasOnlyLettersAndDigits(or: "-_") && (1...256).contains(text.utf8.count)
    }

    package static func arn(of name: String, in region: String) -> String {
        "arn:aws:sns:\(region):\(CredentialStore.account):\(name)"
    }
}

package struct PublishedMessage: Sendable, Equatable, Encodable {
    package let id: String
    package let topicARN: String
    /// By the emulator's clock.
    package let time: Date
    package let subject: String?
    package let message: String
    /// The values of String and Number attributes.
    package let attributes: [String: String]
}

extension LocalAWS {
    /// - Returns: its ARN; of one that is there already, too.
    @discardableResult
    package func addTopic(_ name: String, region: String) -> String {
        let topic = Topic(name: name, region: region)
        world.change { $0.topics[topic.arn] = $0.topics[topic.arn] ?? topic }
        return topic.arn
    }

    /// In the order in which they were published; none for a topic that is not there.
    package func messages(_ topicARN: String) -> [PublishedMessage] {
        world.snapshot.topics[topicARN]?.messages ?? []
    }

    /// Those of all topics.
    package var messages: [PublishedMessage] {
        world.snapshot.topics.sorted { $0.key < $1.key }.flatMap(\.value.messages).sorted { $0.time < $1.time }
    }
}
