import Synchronization

@testable import NameResolution

/// A look-up that hangs for every name that begins with `hang`, until it is released, and takes notes.
final class Lookups: Sendable {
    private struct Notes {
        var started: [String] = []
        var running: [String] = []
        var overlapping: Set<String> = []
        var mostHanging = 0
    }

    let gate = Semaphore()
    private let notes = Mutex(Notes())

    var started: [String] { notes.withLock { $0.started } }
    /// Those that hang now.
    var hanging: Int { notes.withLock { $0.running.count(where: Self.hangs) } }
    /// The most that hung at the same time, since this was last read.
    var mostHanging: Int {
        notes.withLock { notes in
            defer { notes.mostHanging = 0 }
            return notes.mostHanging
        }
    }
    /// Names that were looked up twice at the same time.
    var overlapping: Set<String> { notes.withLock { $0.overlapping } }

    static func hangs(_ name: String) -> Bool { name.hasPrefix("hang") }

    func lookUp(_ name: String) -> ResolvedName {
        notes.withLock { notes in
            notes.started.append(name)
            if notes.running.contains(name) { notes.overlapping.insert(name) }
            notes.running.append(name)
            notes.mostHanging = max(notes.mostHanging, notes.running.count(where: Self.hangs))
        }
        if Self.hangs(name) { gate.wait() }
        notes.withLock { notes in
            if let index = notes.running.firstIndex(of: name) { notes.running.remove(at: index) }
        }
        return ResolvedName(canonicalName: name, addresses: [])
    }
}

extension LookupLimits {
    /// So many threads and no more: look-ups that hang do not make way for others.
    static func bounded(_ threads: Int) -> LookupLimits { LookupLimits(threads: threads, patience: .seconds(3600)) }
}
