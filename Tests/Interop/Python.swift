import Foundation

/// A script failed; what it wrote says why.
struct PythonError: Error, CustomStringConvertible {
    var description: String
}

/// Runs a script of `Tests/Interop/python` and returns what it writes.
///
/// The interpreter is `PROMOTER_PYTHON`, that of the virtual environment which `make test` makes, or the
/// `python3` of the path.
func runPython(_ script: String, input: Data) throws -> Data {
    let interop = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let root = interop.deletingLastPathComponent().deletingLastPathComponent()
    let installed = root.appendingPathComponent(".venv/bin/python").path
    let chosen = ProcessInfo.processInfo.environment["PROMOTER_PYTHON"]
    let interpreter = chosen ?? (FileManager.default.isExecutableFile(atPath: installed) ? installed : "python3")

    // Through files and not pipes: a pipe that neither side reads from holds both.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("interop-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["input", "output", "errors"].map { folder.appendingPathComponent($0) }
    try input.write(to: files[0])
    for file in files.dropFirst() { try Data().write(to: file) }

    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [interpreter, interop.appendingPathComponent("python/\(script)").path]
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        let errors = String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
        throw PythonError(description: "\(interpreter) \(script) failed (make test installs what it needs): \(errors)")
    }
    return try Data(contentsOf: files[1])
}
