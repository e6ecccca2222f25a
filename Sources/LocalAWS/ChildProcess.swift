import Foundation
import Glibc

/// A program in a process of its own, which ends with this object at the latest.
package final class ChildProcess: Sendable {
    package struct Result: Sendable {
        /// The exit code; 128 and its number for a signal, as a shell has it.
        package let status: Int32
        package let output: String
        package let errors: String
    }

    private let process: Process
    private let files: (output: URL, errors: URL)
    private let keepsFiles: Bool
    private let ended: Task<Int32, Never>

    /// - Parameters:
    ///   - program: a path.
    ///   - environment: the whole of it; nothing but PATH is inherited.
    ///   - log: the path, without its end, of the two files that take what it writes, and stay; nil for temporary ones.
    package init(
        _ program: String, _ arguments: [String] = [], environment: [String: String], log: String? = nil
    ) throws {
        let name = "\((program as NSString).lastPathComponent)-\(UUID().uuidString)"
        let path = log ?? FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        files = (URL(fileURLWithPath: "\(path).out"), URL(fileURLWithPath: "\(path).err"))
        keepsFiles = log != nil
        for file in [files.output, files.errors] {
            _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        }

        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { given, _ in given }
        // Files, not pipes: nobody has to read them for the process to go on.
        process.standardOutput = try FileHandle(forWritingTo: files.output)
        process.standardError = try FileHandle(forWritingTo: files.errors)
        process.standardInput = FileHandle.nullDevice
        let (statuses, status) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            status.yield($0.terminationReason == .exit ? $0.terminationStatus : 128 + $0.terminationStatus)
            status.finish()
        }
        try process.run()
        self.process = process
        ended = Task {
            for await status in statuses { return status }
            return -1
        }
    }

    deinit {
        kill()
        guard !keepsFiles else { return }
        try? FileManager.default.removeItem(at: files.output)
        try? FileManager.default.removeItem(at: files.errors)
    }

    package var identifier: Int32 { process.processIdentifier }

    /// The directory that the running program is in, where `swift build` puts its siblings, too.
    package static let siblings: String = {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (program as NSString).deletingLastPathComponent
    }()

    /// Not SIGTERM: what is started from a Dispatch thread inherits that it is blocked.
    package func kill() { send(SIGKILL) }

    package func send(_ signal: Int32) {
        if process.isRunning { Glibc.kill(process.processIdentifier, signal) }
    }

    package var output: String { (try? String(contentsOf: files.output, encoding: .utf8)) ?? "" }
    package var errors: String { (try? String(contentsOf: files.errors, encoding: .utf8)) ?? "" }

    package func exit() async -> Result {
        let status = await ended.value
        return Result(status: status, output: output, errors: errors)
    }

    package static func run(_ program: String, _ arguments: [String] = [], environment: [String: String]) async throws
        -> Result
    {
        try await ChildProcess(program, arguments, environment: environment).exit()
    }

    /// What the process holds of memory, in KiB (`VmRSS`, proc(5)).
    package var residentMemory: Int? {
        let status = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    }
}
