import ArgumentParser
import Foundation
import JSON
import LambdaRuntime
import Logging

enum Terminal {
    static let logger = Logger(label: "promoter") { _ in LambdaLogHandler.terminal(level: .warning) }

    /// To standard error, so that results can be piped.
    static func complain(_ lines: [String]) {
        for line in lines { FileHandle.standardError.write(Data("promoter: \(line)\n".utf8)) }
    }

    /// A question, whose answer is typed on the same line.
    static func ask(_ question: String) {
        FileHandle.standardError.write(Data(question.utf8))
    }

    /// A line on standard output, at once: who follows `watch` through a pipe must not wait for a full buffer.
    ///
    /// - Throws: where it cannot be written; an empty file with exit code 0 would be a lie.
    static func say(_ line: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data("\(line)\n".utf8))
        } catch {
            complain(["standard output cannot be written to: \(error.localizedDescription)"])
            throw ExitCode.failure
        }
    }

    static func say(_ value: JSONValue) throws {
        try say(String(decoding: value.serialized(), as: UTF8.self))
    }

    /// Columns as wide as their widest cell, two blanks between them.
    static func table(_ rows: [[String]]) -> String {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            var line = cells.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }
}
