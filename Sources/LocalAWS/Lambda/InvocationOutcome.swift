package import Foundation

/// How an invocation ended.
package enum InvocationOutcome: Sendable, Equatable {
    case response(Data)
    /// - Parameter type: of the header `Lambda-Runtime-Function-Error-Type`.
    case error(type: String, body: Data)
    case timedOut
    /// The runtime reported that it could not start.
    case initError(type: String, body: Data)
    /// No process asked for it, or the function was removed.
    case notDelivered
}

/// What an invocation carries beside its payload.
package struct InvocationOptions: Sendable {
    package var clientContext: String?
    package var cognitoIdentity: String?
    package var tenantID: String?
    /// How long to wait for a process to ask for it.
    package var deliveryTimeout: Duration = .seconds(60)

    package init() {}
}
