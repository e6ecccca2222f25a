/// An error as a service answers it: HTTP status, code on the wire, message.
package struct AWSFailure: Error, Sendable, Equatable {
    package var status: Int
    package var code: String
    package var message: String
    /// One by one, where the message is about several things.
    package var details: [String] = []

    package init(_ status: Int, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}
