internal import AWSClient
internal import JSON
internal import Promotion

/// What the reporter needs of SNS.
package protocol TopicService: Sendable {
    func publish(_ notification: Notification, to topicARN: String, deadline: ContinuousClock.Instant) async throws
}

struct Topics: TopicService {
    private let sns: SNS

    init(_ sns: SNS) {
        self.sns = sns
    }

    func publish(_ notification: Notification, to topicARN: String, deadline: ContinuousClock.Instant) async throws {
        _ = try await sns.publish(
            topicARN: topicARN, subject: notification.subject, message: notification.body,
            attributes: [("event", String(decoding: notification.json.serialized(), as: UTF8.self))], deadline: deadline
        )
    }
}

struct ParameterStore: ParameterService {
    private let systemsManager: SystemsManager

    init(_ systemsManager: SystemsManager) {
        self.systemsManager = systemsManager
    }

    func parameter(named name: String, deadline: ContinuousClock.Instant) async throws -> String? {
        try await systemsManager.parameter(named: name, deadline: deadline)?.value
    }

    func putParameter(named name: String, value: String, deadline: ContinuousClock.Instant) async throws -> Bool {
        try await systemsManager.putParameter(named: name, value: value, deadline: deadline) == 1
    }
}
