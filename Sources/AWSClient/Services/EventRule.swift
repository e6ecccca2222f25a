/// A rule of EventBridge: what starts something, and when.
package struct EventRule: Sendable, Equatable {
    package var name: String
    /// As in `rate(1 minute)`; nil where the rule waits for events.
    package var scheduleExpression: String?
    package var isEnabled: Bool

    package init(name: String, scheduleExpression: String?, isEnabled: Bool) {
        self.name = name
        self.scheduleExpression = scheduleExpression
        self.isEnabled = isEnabled
    }
}
