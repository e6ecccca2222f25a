import Synchronization

@testable import NameResolution

/// A look-up that hangs for every name that begins with `hang`, until it is released, and takes notes.
final class Lookups: Sendable {
    let gate = Semaphore()
    private let names = Mutex<[String]>([])

    var started: [String] { names.withLock { $0 } }
    func lookUp(_ name: String) -> ResolvedName {
        names.withLock { $0.append(name) }
        if name.hasPrefix("hang") { gate.wait() }
        return ResolvedName(canonicalName: name, addresses: [])
    }
}
