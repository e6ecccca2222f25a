import Foundation

/// A script failed; what it wrote says why.
struct PythonError: Error, CustomStringConvertible {
    var description: String
}

extension Process {
    /// Makes it one that runs a script of `Tests/Interop/python`.
    ///
    /// The interpreter is `PROMOTER_PYTHON`, that of the virtual environment which `make test` makes, or the
    /// `python3` of the path.
    fileprivate func choose(python script: String) {
        let interop = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let root = interop.deletingLastPathComponent().deletingLastPathComponent()
        let installed = root.appendingPathComponent(".venv/bin/python").path
        let chosen = ProcessInfo.processInfo.environment["PROMOTER_PYTHON"]
        let interpreter = chosen ?? (FileManager.default.isExecutableFile(atPath: installed) ? installed : "python3")
        executableURL = URL(fileURLWithPath: "/usr/bin/env")
        arguments = [interpreter, interop.appendingPathComponent("python/\(script)").path]
    }
}

/// Runs a script of `Tests/Interop/python` and returns what it writes.
func runPython(_ script: String, input: Data) throws -> Data {
    // Through files and not pipes: a pipe that neither side reads from holds both.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("interop-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["input", "output", "errors"].map { folder.appendingPathComponent($0) }
    try input.write(to: files[0])
    for file in files.dropFirst() { try Data().write(to: file) }

    let process = Process()
    process.choose(python: script)
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        let errors = String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
        throw PythonError(description: "\(script) failed (make test installs what it needs): \(errors)")
    }
    return try Data(contentsOf: files[1])
}

/// A script of `Tests/Interop/python` that is spoken to line by line, each side in its turn. What it writes on
/// standard error goes to that of the tests.
final class PythonDialogue {
    private let script: String
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ script: String) throws {
        self.script = script
        process.choose(python: script)
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    /// The script ends with its standard input, whatever has become of the test.
    deinit { try? input.fileHandleForWriting.close() }

    func say(_ line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }

    /// The next line that the script writes.
    func line() throws -> Data {
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
            if byte.first == UInt8(ascii: "\n") { return line }
            line += byte
        }
        throw PythonError(description: "\(script) ended early (make test installs what it needs)")
    }

    /// Waits for the end of the script.
    func finish() throws {
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw PythonError(description: "\(script) ended with \(process.terminationStatus)")
        }
    }
}
