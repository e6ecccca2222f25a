import Foundation
import Synchronization

/// Brings what is published to the functions that subscribe, as SNS and Lambda's asynchronous invocations do together:
/// in order unless a fault has it otherwise, each message at least once.
final class FunctionNotifier: Sendable {
    /// Lambda invokes again after these times, when a function fails.
    static let retries: [Duration] = [.seconds(60), .seconds(120)]

    private struct Notification: Sendable {
        let message: PublishedMessage
        let subscription: Topic.Subscription
    }

    /// Under way, or to be made again.
    private struct Invocation: Sendable {
        let function: LocalFunction
        let payload: Data
        var retries = FunctionNotifier.retries[...]
    }

    // Not the world's owner: this one is kept alive by the world's observers.
    private weak let world: World?
    private let clock: LocalClock
    private let functions: FunctionRegistry
    private let faults: FaultBoard
    /// What the next notification overtakes, by subscription.
    private let overtaken = Mutex<[String: [Notification]]>([:])

    private let invocations = Mutex<[String: Invocation]>([:])

    init(world: World, clock: LocalClock, functions: FunctionRegistry, faults: FaultBoard) {
        self.world = world
        self.clock = clock
        self.functions = functions
        self.faults = faults
    }

    func notify(of message: PublishedMessage) {
        let subscriptions = world?.snapshot.topics[message.topicARN]?.subscriptions ?? []
        for subscription in subscriptions where subscription.networkProtocol == "lambda" {
            let notification = Notification(message: message, subscription: subscription)
            guard let verdict = faults.verdict(onNotificationIn: message.region) else {
                deliver(notification)
                continue
            }
            let function = function(of: subscription)?.name ?? subscription.endpoint
            world?.events.publish(.messageDisturbed(message, function: function, verdict.id))
            suffer(verdict.notification, notification)
        }
    }

    private func suffer(_ fault: Fault.Notification, _ notification: Notification) {
        switch fault {
        case .lost: break
        case .repeated(let times): for _ in 0...max(times, 0) { deliver(notification) }
        case .delayed(let delay): clock.schedule(after: delay) { [weak self] in self?.deliver(notification) }
        case .overtaken:
            overtaken.withLock { $0[notification.subscription.arn, default: []].append(notification) }
        }
    }

    private func deliver(_ notification: Notification) {
        let late = overtaken.withLock { $0.removeValue(forKey: notification.subscription.arn) ?? [] }
        for notification in [notification] + late {
            guard let function = function(of: notification.subscription) else { continue }
            world?.events.publish(.messageDelivered(notification.message, function: function.name))
            let payload = Self.event(notification.message, for: notification.subscription)
            invoke(Invocation(function: function, payload: payload), requestID: UUID().uuidString.lowercased())
        }
    }

    private func function(of subscription: Topic.Subscription) -> LocalFunction? {
        functions.all.first { $0.arn == subscription.endpoint }
    }

    /// Queued before this returns, so that what is published first is delivered first.
    private func invoke(_ invocation: Invocation, requestID: String) {
        invocations.withLock { $0[requestID] = invocation }
        let timeout = Duration.seconds(invocation.function.settings.timeout)
        invocation.function.enqueue(invocation.payload, requestID: requestID, timeout: timeout)
    }

    /// Invokes again where it failed and is not given up yet.
    func invocationEnded(_ requestID: String, _ outcome: InvocationOutcome) {
        guard var invocation = invocations.withLock({ $0.removeValue(forKey: requestID) }) else { return }
        switch outcome {
        case .response, .notDelivered: return
        case .error, .initError, .timedOut: break
        }
        guard let delay = invocation.retries.popFirst() else { return }
        clock.schedule(after: delay) { [weak self, invocation] in self?.invoke(invocation, requestID: requestID) }
    }

    /// What Lambda hands to a function. Whoever checks the signature finds that it is none.
    private static func event(_ message: PublishedMessage, for subscription: Topic.Subscription) -> Data {
        let attributes = message.attributes.map { name, value in
            (
                name,
                AnswerValue.object(["Type": .text(message.attributeTypes[name] ?? "String"), "Value": .text(value)])
            )
        }
        let place = "https://sns.\(message.region).amazonaws.com/"
        var notification: [String: AnswerValue] = [
            "Type": .text("Notification"), "MessageId": .text(message.id), "TopicArn": .text(message.topicARN),
            "Message": .text(message.message), "Timestamp": .text(AWSDate.milliseconds(message.time)),
            "SignatureVersion": .text("1"), "Signature": .text(Data("local-aws".utf8).base64EncodedString()),
            "SigningCertUrl": .text("\(place)SimpleNotificationService-local-aws.pem"),
            "UnsubscribeUrl": .text("\(place)?Action=Unsubscribe&SubscriptionArn=\(subscription.arn)"),
            "MessageAttributes": .object(Dictionary(attributes) { first, _ in first }),
        ]
        notification["Subject"] = message.subject.map { .text($0) } ?? .null
        let record = AnswerValue.object([
            "EventSource": .text("aws:sns"), "EventVersion": .text("1.0"),
            "EventSubscriptionArn": .text(subscription.arn), "Sns": .object(notification),
        ])
        // Strings always encode; the fallback is for the compiler.
        return Data(((try? AnswerValue.object(["Records": .list([record])]).json) ?? "{}").utf8)
    }
}
