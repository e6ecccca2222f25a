import AWSClient
import HTTPTransport
import Synchronization

/// A client in a world whose clocks are moved by hand. Sleeping moves both of them, and takes no time.
final class World: Sendable {
    struct State {
        var now = ContinuousClock.now
        var wallClock = Timestamp(secondsSince1970: 1_440_938_160)  // 2015-08-30T12:36:00Z
        var slept: [Duration] = []
        var random = 0.5
        var traceID: String?
        var calls: [AWSCallRecord] = []
        var files: [String: FileContents] = [:]
        var filesRead: [String] = []
    }

    private let state = Mutex(State())

    static let keys = [
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        "AWS_REGION": "eu-west-1", "AWS_LAMBDA_FUNCTION_NAME": "test",
    ]

    var current: State { state.withLock { $0 } }

    func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
    }

    /// Lets time pass.
    func advance(by duration: Duration) {
        state.withLock { state in
            state.now += duration
            state.wallClock = state.wallClock.adding(seconds: duration.components.seconds)
        }
    }

    var deadline: ContinuousClock.Instant { current.now + .seconds(60) }

    var readFile: FileReader {
        { path in
            self.state.withLock { state in
                state.filesRead.append(path)
                return state.files[path] ?? .missing
            }
        }
    }

    var hooks: AWSHooks {
        AWSHooks(
            now: { self.current.now }, wallClock: { self.current.wallClock },
            sleep: { duration in
                self.change { $0.slept.append(duration) }
                self.advance(by: duration)
            },
            random: { self.current.random }, traceID: { self.current.traceID })
    }

    func configuration(_ environment: [String: String] = World.keys) throws -> AWSConfiguration {
        try AWSConfiguration(environment: environment, readFile: readFile, version: "1.2.3")
    }

    func client(_ executor: FakeExecutor, _ environment: [String: String] = World.keys) throws -> AWSClient {
        AWSClient(
            configuration: try configuration(environment), executor: executor, hooks: hooks,
            onCall: { call in self.change { $0.calls.append(call) } })
    }
}

/// The error that an expression throws; nil where it throws none, or one of another type.
func awsError<Value>(_ body: () async throws -> Value) async -> AWSError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? AWSError
    }
}
