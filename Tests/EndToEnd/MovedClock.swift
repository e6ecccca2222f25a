import Foundation
import LocalAWS

/// The clock that a process measures time by, for tests to move on: a minute between two invocations, in which Lambda has
/// frozen the sandbox, takes none here. `Tests/MovedClock` is what does it.
final class MovedClock {
    private let file: URL
    private let handle: FileHandle
    private var seconds: Int64 = 0

    init() throws {
        file = FileManager.default.temporaryDirectory.appendingPathComponent("moved-clock-\(UUID().uuidString)")
        try Data(count: MemoryLayout<Int64>.size).write(to: file)
        handle = try FileHandle(forWritingTo: file)
    }

    deinit {
        try? handle.close()
        try? FileManager.default.removeItem(at: file)
    }

    /// What a process that shall live by it is given.
    var variables: [String: String?] {
        let libraries = "\(ChildProcess.siblings)/libmoved-clock.so \(HostsFile.preloadedLibraries)"
        return ["LD_PRELOAD": libraries, "MOVED_CLOCK": file.path]
    }

    func pass(seconds: Int64) throws {
        self.seconds += seconds
        try handle.seek(toOffset: 0)
        try handle.write(contentsOf: withUnsafeBytes(of: self.seconds) { Data($0) })
    }
}
