import Foundation
import JSON

enum Terminal {
    /// To standard error, so that results can be piped.
    static func complain(_ lines: [String]) {
        for line in lines { FileHandle.standardError.write(Data("promoter: \(line)\n".utf8)) }
    }

    static func print(_ value: JSONValue) {
        Swift.print(String(decoding: value.serialized(), as: UTF8.self))
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
            return cells.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
