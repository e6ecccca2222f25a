import Synchronization

/// The functions there are, by name.
final class FunctionRegistry: Sendable {
    private let functions = Mutex<[String: LocalFunction]>([:])

    subscript(name: String) -> LocalFunction? { functions.withLock { $0[name] } }

    var all: [LocalFunction] { functions.withLock { $0.values.sorted { $0.name < $1.name } } }

    func add(_ function: LocalFunction) { functions.withLock { $0[function.name] = function } }

    func removeAll() -> [LocalFunction] {
        functions.withLock { functions in
            defer { functions = [:] }
            return functions.values.sorted { $0.name < $1.name }
        }
    }
}

extension LocalAWS {
    /// - Parameter port: of its Runtime API; 0 takes a free one.
    @discardableResult
    package func addFunction(
        name: String, region: String, port: UInt16 = 0, sendsInvocationID: Bool = true,
        settings: FunctionSettings = .init()
    ) async throws -> LocalFunction {
        guard registry[name] == nil else { throw LocalAWSError("There is a function \(name) already.") }
        let function = LocalFunction(
            name: name, region: region,
            credentials: credentials.issue(role: LocalFunction.roleName(of: name), session: name, lasting: 12 * 3600),
            sendsInvocationID: sendsInvocationID, settings: settings, events: events
        )
        try await function.start(port: port)
        registry.add(function)
        return function
    }

    package func function(_ name: String) -> LocalFunction? { registry[name] }

    package var functions: [LocalFunction] { registry.all }
}
