internal import Glibc
internal import JSON
package import Logging
internal import Synchronization

/// Writes log lines the way Lambda wants them: one `write` a line, as JSON or as text, each with
/// the time, the level and the id of the request.
package struct LambdaLogHandler: LogHandler {
    package enum Format: Sendable {
        /// `{"timestamp":…,"level":"INFO","message":…,"requestId":…}`: what `AWS_LAMBDA_LOG_FORMAT=JSON` asks for.
        case json
        /// Time, request id, level and message, with tabs between them.
        case text
        /// Level and message, for a person at a terminal.
        case terminal
    }

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let format: Format
    private let write: @Sendable ([UInt8]) -> Void

    package init(format: Format, level: Logger.Level, write: @escaping @Sendable ([UInt8]) -> Void) {
        self.format = format
        logLevel = level
        self.write = write
    }

    /// As `AWS_LAMBDA_LOG_FORMAT` and `AWS_LAMBDA_LOG_LEVEL` say, to standard output. Lambda lets
    /// nothing else through than the values that it knows, so others are taken as its defaults.
    package static func lambda(environment: [String: String]) -> LambdaLogHandler {
        LambdaLogHandler(
            format: environment["AWS_LAMBDA_LOG_FORMAT"]?.lowercased() == "json" ? .json : .text,
            level: level(named: environment["AWS_LAMBDA_LOG_LEVEL"] ?? "") ?? .info,
            write: writeLine)
    }

    /// To standard output, which is the log: a whole line, its line feed included.
    @Sendable
    package static func writeLine(_ line: [UInt8]) {
        writeLine(line, to: STDOUT_FILENO)
    }

    /// For the command line: to standard error, so that results can be piped.
    package static func terminal(level: Logger.Level) -> LambdaLogHandler {
        LambdaLogHandler(format: .terminal, level: level, write: { writeLine($0, to: STDERR_FILENO) })
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        // Sorted, because a dictionary's order changes from run to run.
        let members = all.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value.json) }
        var line =
            switch format {
            case .json: jsonLine(event.level, event.message.description, members)
            case .text: textLine(event.level, event.message.description, members)
            case .terminal: Array("\(event.level.lambdaName.lowercased()): \(event.message)\(Self.words(members))".utf8)
            }
        line.append(UInt8(ascii: "\n"))
        write(line)
    }

    private func jsonLine(_ level: Logger.Level, _ message: String, _ members: [JSONValue.Member]) -> [UInt8] {
        var line: [JSONValue.Member] = [
            .init("timestamp", .string(WallClockTime.now().rfc3339)),
            .init("level", .string(level.lambdaName)),
            .init("message", .string(message)),
        ]
        if let id = RequestIdentity.shared.current { line.append(.init("requestId", .string(id))) }
        let taken = Set(line.map(\.key))
        line += members.filter { !taken.contains($0.key) }
        return JSONValue.object(line).serialized()
    }

    private func textLine(_ level: Logger.Level, _ message: String, _ members: [JSONValue.Member]) -> [UInt8] {
        let id = RequestIdentity.shared.current ?? "-"
        let line = "\(WallClockTime.now().rfc3339)\t\(id)\t\(level.lambdaName)\t\(message)\(Self.words(members))"
        // A line feed would make Lambda cut the line in two.
        return line.utf8.map { $0 == 10 || $0 == 13 ? 32 : $0 }
    }

    private static func words(_ members: [JSONValue.Member]) -> String {
        members.map { " \($0.key)=\(String(decoding: $0.value.serialized(), as: UTF8.self))" }.joined()
    }

    package static func level(named name: String) -> Logger.Level? {
        switch name.uppercased() {
        case "TRACE": .trace
        case "DEBUG": .debug
        case "INFO": .info
        case "WARN": .warning
        case "ERROR": .error
        case "FATAL": .critical
        default: nil
        }
    }

    private static func writeLine(_ line: [UInt8], to descriptor: Int32) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0 && errno == EINTR { continue }
                // Nowhere left to complain to.
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }
}

extension Logger.Level {
    /// The names that Lambda's log settings use.
    fileprivate var lambdaName: String {
        switch self {
        case .trace: "TRACE"
        case .debug: "DEBUG"
        case .info, .notice: "INFO"
        case .warning: "WARN"
        case .error: "ERROR"
        case .critical: "FATAL"
        }
    }
}

extension Logger.MetadataValue {
    fileprivate var json: JSONValue {
        switch self {
        case .string(let text): .string(text)
        // A number as a number, so that metric filters can compare it.
        case .stringConvertible(let value as Int): .integer(Int64(value))
        case .stringConvertible(let value as Double): .real(value)
        case .stringConvertible(let value): .string("\(value)")
        case .array(let values): .array(values.map(\.json))
        case .dictionary(let members):
            .object(members.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, $0.value.json) })
        }
    }
}

/// The id of the request that is being handled. A sandbox handles one at a time, so there is one for
/// the whole process, and every line can have it whatever task it comes from.
final class RequestIdentity: Sendable {
    static let shared = RequestIdentity()
    private let id = Mutex<String?>(nil)

    var current: String? { id.withLock { $0 } }

    func set(_ id: String?) {
        self.id.withLock { $0 = id }
    }
}
