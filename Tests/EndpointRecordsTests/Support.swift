import AWSClient
import Synchronization

/// What happened, in its order.
final class Journal: Sendable {
    private let state = Mutex<[String]>([])

    var entries: [String] { state.withLock { $0 } }
    func note(_ entry: String) { state.withLock { $0.append(entry) } }
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

/// SplitMix64: the same numbers in each run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
