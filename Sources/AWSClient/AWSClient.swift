package import HTTPTransport
package import JSON
internal import Synchronization

/// Calls AWS: finds the endpoint, signs, sends, reads, and tries again where that is allowed. One client
/// serves all services and regions; the facades in `Services` know their operations.
package final class AWSClient: Sendable {
    package let configuration: AWSConfiguration
    let executor: any HTTPExecutor
    let hooks: AWSHooks
    let state: State
    let onCall: (@Sendable (AWSCallRecord) -> Void)?

    /// What all views of a client share.
    final class State: Sendable {
        let credentials: CredentialCache
        let signingKeys = SigningKeyCache()
        let quota = Mutex(RetryQuota())
        /// Seconds that the clock of AWS is ahead of ours, where it once refused a request for it.
        let clockOffset = Mutex<Int64>(0)

        init(taskExecutor: (any TaskExecutor)?) {
            credentials = CredentialCache(taskExecutor: taskExecutor)
        }
    }

    /// - Parameter onCall: told of every call when it ends, in whatever way.
    package convenience init(
        configuration: AWSConfiguration, executor: any HTTPExecutor, hooks: AWSHooks = AWSHooks(),
        onCall: (@Sendable (AWSCallRecord) -> Void)? = nil
    ) {
        self.init(
            configuration: configuration, executor: executor, hooks: hooks,
            state: State(taskExecutor: executor.taskExecutor), onCall: onCall)
    }

    private init(
        configuration: AWSConfiguration, executor: any HTTPExecutor, hooks: AWSHooks, state: State,
        onCall: (@Sendable (AWSCallRecord) -> Void)?
    ) {
        self.configuration = configuration
        self.executor = executor
        self.hooks = hooks
        self.state = state
        self.onCall = onCall
    }

    /// The same client, its credentials and its retry quota, reporting calls elsewhere: so that one check
    /// can list its own among several that run at once.
    package func reporting(to onCall: @escaping @Sendable (AWSCallRecord) -> Void) -> AWSClient {
        AWSClient(configuration: configuration, executor: executor, hooks: hooks, state: state, onCall: onCall)
    }

    /// Makes a call that answers with XML.
    ///
    /// - Parameters:
    ///   - root: the name of the root element of the answer.
    ///   - deadline: when to give up, retries and credentials included.
    ///   - credentials: to sign with; nil for those of the configuration.
    ///   - read: takes what is needed out of the root element.
    package func xml<Value: Sendable>(
        _ call: AWSCall, root: String, deadline: ContinuousClock.Instant, credentials: AWSCredentials? = nil,
        read: (XMLElement) throws(XMLError) -> Value
    ) async throws(AWSError) -> Value {
        try await send(call, deadline: deadline, credentials: credentials) { response, reader throws(AWSError) in
            try reader.xml(response, root: root, read: read)
        }
    }

    /// Makes a call of the query protocol, whose answers are `<OperationResponse><OperationResult>`.
    package func query<Value: Sendable>(
        _ call: AWSCall, deadline: ContinuousClock.Instant, credentials: AWSCredentials? = nil,
        read: (XMLElement) throws(XMLError) -> Value
    ) async throws(AWSError) -> Value {
        try await xml(call, root: "\(call.operation)Response", deadline: deadline, credentials: credentials) {
            root throws(XMLError) in
            let name = "\(call.operation)Result"
            guard let result = root[name] else { throw XMLError(reason: "an element \(root.name) has no \(name)") }
            return try read(result)
        }
    }

    /// Makes a call of the JSON protocol, or of REST-JSON.
    package func json<Value: Sendable>(
        _ call: AWSCall, deadline: ContinuousClock.Instant, read: (JSONValue) throws(JSONError) -> Value
    ) async throws(AWSError) -> Value {
        try await send(call, deadline: deadline, credentials: nil) { response, reader throws(AWSError) in
            try reader.json(response, read: read)
        }
    }

    /// Our clock, by what AWS has said of it.
    func correctedTime() -> Timestamp {
        hooks.wallClock().adding(seconds: state.clockOffset.withLock { $0 })
    }
}
