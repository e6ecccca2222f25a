import JSON
import LambdaRuntime
import Logging
import Synchronization

/// Keeps what the log handler writes.
final class LogSink: Sendable {
    private let written = Mutex<[[UInt8]]>([])

    func logger(_ format: LambdaLogHandler.Format = .json, level: Logger.Level = .trace) -> Logger {
        Logger(label: "test") { _ in
            LambdaLogHandler(format: format, level: level) { line in self.written.withLock { $0.append(line) } }
        }
    }

    /// Each `write`, as text.
    var writes: [String] { written.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }

    /// Each line that is JSON.
    var lines: [JSONValue] { written.withLock { $0.compactMap { try? JSONValue(parsing: $0) } } }
}
