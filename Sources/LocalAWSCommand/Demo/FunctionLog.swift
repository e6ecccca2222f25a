import Foundation
import LocalAWS
import Synchronization

/// The log of a function, as far as it was read.
final class FunctionLog: Sendable {
    struct Entry: Decodable {
        var timestamp: String
        var level: String
        var message: String
        /// Of a check.
        var decision: String?
        /// Of a probe.
        var probe: String?
        /// Of a round of records.
        var result: String?
        /// Of the line at the end of an invocation.
        var checks: Int?
        var probes: Int?

        /// It says that something has changed.
        var isNews: Bool {
            result == "changed" || (decision != nil || probe != nil) && checks == nil && probes == nil
        }
    }

    private let process: ChildProcess
    private let read = Mutex(0)

    init(of process: ChildProcess) {
        self.process = process
    }

    /// What was written since the last time.
    func entries() -> [(time: Date, entry: Entry)] {
        let output = Array(process.output.utf8)
        let new = read.withLock { read in
            let end = (output.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
            defer { read = max(read, end) }
            return output[min(read, end)..<end]
        }
        return new.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let entry = try? JSONDecoder().decode(Entry.self, from: Data(line)),
                let time = try? Date(
                    entry.timestamp, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            else { return nil }
            return (time, entry)
        }
    }
}
