import Foundation
import Glibc
import Synchronization

/// A program of this package, as it was built, in a process of its own.
final class BuiltProcess: Sendable {
    struct Result: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    private let process: Process
    private let files: (output: URL, errors: URL)
    private let ended: Task<Int32, Never>

    /// - Parameter environment: the whole of it; nothing of the test's own is inherited but PATH.
    init(_ product: String, _ arguments: [String] = [], environment: [String: String]) throws {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let directory = URL(fileURLWithPath: program).deletingLastPathComponent()
        let scratch = FileManager.default.temporaryDirectory
        let name = "\(product)-\(UUID().uuidString)"
        files = (scratch.appendingPathComponent("\(name).out"), scratch.appendingPathComponent("\(name).err"))
        for file in [files.output, files.errors] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }

        let process = Process()
        process.executableURL = directory.appendingPathComponent(product)
        process.arguments = arguments
        process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { given, _ in given }
        // Files, not pipes: nobody has to read them for the process to go on.
        process.standardOutput = try FileHandle(forWritingTo: files.output)
        process.standardError = try FileHandle(forWritingTo: files.errors)
        process.standardInput = FileHandle.nullDevice
        let (statuses, status) = AsyncStream<Int32>.makeStream()
        process.terminationHandler = {
            // A signal as a shell would say it.
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
        try? FileManager.default.removeItem(at: files.output)
        try? FileManager.default.removeItem(at: files.errors)
    }

    var identifier: Int32 { process.processIdentifier }

    /// Not SIGTERM: what is started from a Dispatch thread inherits that it is blocked.
    func kill() {
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
    }

    var output: String { (try? String(contentsOf: files.output, encoding: .utf8)) ?? "" }
    var errors: String { (try? String(contentsOf: files.errors, encoding: .utf8)) ?? "" }

    func exit() async -> Result {
        let status = await ended.value
        return Result(status: status, output: output, errors: errors)
    }

    static func run(_ product: String, _ arguments: [String] = [], environment: [String: String]) async throws -> Result
    {
        try await BuiltProcess(product, arguments, environment: environment).exit()
    }

    /// What the process holds of memory, in KiB (`VmRSS`, proc(5)).
    var residentMemory: Int? {
        let status = try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    }
}
