package import Foundation

/// An SNS topic, and all that was published to it.
package struct Topic: Sendable, Equatable {
    package struct Subscription: Sendable, Equatable {
        package let arn: String
        /// `lambda`, or `email` for whoever reads the messages here.
        package let networkProtocol: String
        package let endpoint: String

        init(topicARN: String, networkProtocol: String, endpoint: String) {
            arn = "\(topicARN):\(UUID().uuidString.lowercased())"
            self.networkProtocol = networkProtocol
            self.endpoint = endpoint
        }
    }

    package let arn: String
    package var messages: [PublishedMessage] = []
    /// In the order in which they came; all are confirmed.
    package internal(set) var subscriptions: [Subscription] = []
    /// How many there were beside these.
    package internal(set) var subscriptionsDeleted = 0

    /// - Parameter reader: gets the messages by mail: it is `LocalAWS.messages` where that mail is read. nil: nobody.
    package init(name: String, region: String, reader: String? = Topic.onCall) {
        arn = Self.arn(of: name, in: region)
        if let reader {
            subscriptions = [Subscription(topicARN: arn, networkProtocol: "email", endpoint: reader)]
        }
    }

    package static let onCall = "on-call@example.com"

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
    /// Their values.
    package let attributes: [String: String]
    /// `String` where it is not said.
    package var attributeTypes: [String: String] = [:]

    /// The types are for subscribers only.
    private enum CodingKeys: String, CodingKey { case id, topicARN, time, subject, message, attributes }

    package var topicName: String { topicARN.split(separator: ":").last.map(String.init) ?? topicARN }
    package var region: String { topicARN.split(separator: ":").dropFirst(3).first.map(String.init) ?? "" }
}

extension LocalAWS {
    /// A topic whose messages are read here, and that therefore has a subscription from the start.
    ///
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
