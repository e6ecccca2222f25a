/// Subscriptions of functions. They need no confirmation, as in AWS.
extension SNSService {
    static let subscriptionsPerPage = 100

    /// Of the same function again it is the same subscription.
    func subscribe(_ call: ServiceCall) throws(AWSFailure) -> Topic.Subscription {
        let arn = try Self.topicARN(call.parameters["TopicArn"], of: call)
        let name = call.parameters["Protocol"] ?? ""
        guard name == "lambda" else {
            throw Self.invalid("local-aws delivers by the protocol lambda only, not by \(name.isEmpty ? "none" : name)")
        }
        let endpoint = call.parameters["Endpoint"] ?? ""
        let parts = endpoint.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 7, parts[0] == "arn", parts[2] == "lambda", parts[5] == "function" else {
            throw Self.invalid("Lambda endpoint ARN")
        }
        guard call.parameters["Attributes.entry.1.key"] == nil else {
            throw Self.invalid("Attributes Reason: local-aws has no filters and no redrive of subscriptions")
        }
        return try world.change { state throws(AWSFailure) in
            guard let topic = state.topics[arn] else { throw Self.noTopic }
            if let known = topic.subscriptions.first(where: { $0.networkProtocol == name && $0.endpoint == endpoint }) {
                return known
            }
            let subscription = Topic.Subscription(topicARN: arn, networkProtocol: name, endpoint: endpoint)
            state.topics[arn]?.subscriptions.append(subscription)
            return subscription
        }
    }

    /// One that is gone may be ended again.
    func unsubscribe(_ call: ServiceCall) throws(AWSFailure) {
        let arn = call.parameters["SubscriptionArn"] ?? ""
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 7, parts[2] == "sns", parts[3] == call.region else {
            throw Self.invalid("SubscriptionArn")
        }
        let topic = parts.dropLast().joined(separator: ":")
        world.change { state in
            let before = state.topics[topic]?.subscriptions.count ?? 0
            state.topics[topic]?.subscriptions.removeAll { $0.arn == arn }
            let after = state.topics[topic]?.subscriptions.count ?? 0
            state.topics[topic]?.subscriptionsDeleted += before - after
        }
    }

    func listSubscriptions(_ call: ServiceCall, into xml: inout XML) throws(AWSFailure) {
        let arn = try Self.topicARN(call.parameters["TopicArn"], of: call)
        guard let topic = world.snapshot.topics[arn] else { throw Self.noTopic }
        var rest = topic.subscriptions[...]
        if let token = call.parameters["NextToken"] {
            guard let start = rest.firstIndex(where: { $0.arn == token }) else { throw Self.invalid("NextToken") }
            rest = rest[start...]
        }
        let page = rest.prefix(Self.subscriptionsPerPage)
        xml.element("Subscriptions") { xml in
            for subscription in page {
                xml.element("member") { xml in
                    xml.element("SubscriptionArn", subscription.arn)
                    xml.element("Owner", CredentialStore.account)
                    xml.element("Protocol", subscription.networkProtocol)
                    xml.element("Endpoint", subscription.endpoint)
                    xml.element("TopicArn", arn)
                }
            }
        }
        xml.element("NextToken", rest.dropFirst(Self.subscriptionsPerPage).first?.arn)
    }
}

extension LocalAWS {
    /// - Parameter topicARN: nothing happens where there is no such topic.
    package func subscribe(_ function: LocalFunction, to topicARN: String) {
        world.change { state in
            guard let topic = state.topics[topicARN],
                !topic.subscriptions.contains(where: { $0.endpoint == function.arn })
            else { return }
            state.topics[topicARN]?.subscriptions.append(
                Topic.Subscription(topicARN: topicARN, networkProtocol: "lambda", endpoint: function.arn))
        }
    }
}
