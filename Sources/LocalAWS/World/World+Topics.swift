/// What is published to topics, whoever does it.
extension World {
    /// - Returns: whether there is such a topic.
    @discardableResult
    func publish(_ message: PublishedMessage) -> Bool {
        let isThere = change { state in
            state.topics[message.topicARN]?.messages.append(message)
            return state.topics[message.topicARN] != nil
        }
        if isThere { events.publish(.messagePublished(message)) }
        return isThere
    }
}
