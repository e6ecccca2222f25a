/// Takes replies out of what a server sends, in whatever pieces it comes.
///
/// The server may send anything: a reply may have 64 KB, 1,024 elements and 8 levels, and nothing is set aside for
/// what has only been announced.
package struct RESPParser: Sendable {
    /// What is no reply, with the reason in words.
    package struct Violation: Error, Sendable, Equatable {
        package var reason: String
    }

    package static let maximumSize = 64 << 10
    package static let maximumElements = 1024
    package static let maximumDepth = 8

    private var bytes: [UInt8] = []

    package init() {}

    package mutating func append(_ more: [UInt8]) {
        bytes += more
    }

    /// Whether all that has come was taken.
    package var isEmpty: Bool { bytes.isEmpty }

    /// Takes the next reply.
    ///
    /// - Returns: nil where part of it has not come yet.
    package mutating func next() throws(Violation) -> RESPValue? {
        var cursor = Cursor(bytes: bytes)
        guard let value = try cursor.value(depth: 1) else {
            guard bytes.count <= Self.maximumSize else {
                throw Violation(reason: "a reply has more than \(Self.maximumSize) bytes")
            }
            return nil
        }
        guard cursor.position <= Self.maximumSize else {
            throw Violation(reason: "a reply has more than \(Self.maximumSize) bytes")
        }
        bytes.removeFirst(cursor.position)
        return value
    }

    private struct Cursor {
        let bytes: [UInt8]
        var position = 0
        var elements = 0

        /// Every function here returns nil where what it needs has not come yet.
        mutating func value(depth: Int) throws(Violation) -> RESPValue? {
            guard depth <= maximumDepth else {
                throw Violation(reason: "a reply has more than \(maximumDepth) levels")
            }
            elements += 1
            guard elements <= maximumElements else {
                throw Violation(reason: "a reply has more than \(maximumElements) elements")
            }
            guard position < bytes.count else { return nil }
            let type = bytes[position]
            switch type {
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "*"): break
            default: throw Violation(reason: "a reply begins with the byte \(type), which no reply does")
            }
            position += 1
            guard let line = try line() else { return nil }
            switch type {
            case UInt8(ascii: "+"): return .simple(Self.text(line))
            case UInt8(ascii: "-"): return .error(RedisError(Self.text(line)))
            case UInt8(ascii: ":"): return .integer(try number(line))
            case UInt8(ascii: "$"): return try bulk(length: try number(line))
            default: return try array(count: try number(line), depth: depth)
            }
        }

        private mutating func line() throws(Violation) -> ArraySlice<UInt8>? {
            guard let end = bytes[position...].firstIndex(where: { $0 == 13 || $0 == 10 }) else { return nil }
            guard bytes[end] == 13 else { throw Violation(reason: "a line of a reply ends without a carriage return") }
            guard end + 1 < bytes.count else { return nil }
            guard bytes[end + 1] == 10 else { throw Violation(reason: "a line of a reply ends without a line feed") }
            defer { position = end + 2 }
            return bytes[position..<end]
        }

        private mutating func bulk(length: Int64) throws(Violation) -> RESPValue? {
            if length == -1 { return .null }
            guard let length = Int(exactly: length), (0...maximumSize).contains(length) else {
                throw Violation(reason: "a string is announced with \(length) bytes")
            }
            guard bytes.count - position >= length + 2 else { return nil }
            let end = position + length
            guard bytes[end] == 13, bytes[end + 1] == 10 else {
                throw Violation(reason: "a string does not end where it was announced to")
            }
            defer { position = end + 2 }
            return .bulk(Array(bytes[position..<end]))
        }

        private mutating func array(count: Int64, depth: Int) throws(Violation) -> RESPValue? {
            if count == -1 { return .null }
            guard let count = Int(exactly: count), (0...maximumElements).contains(count) else {
                throw Violation(reason: "an array is announced with \(count) elements")
            }
            var values: [RESPValue] = []
            for _ in 0..<count {
                guard let value = try value(depth: depth + 1) else { return nil }
                values.append(value)
            }
            return .array(values)
        }

        private func number(_ line: ArraySlice<UInt8>) throws(Violation) -> Int64 {
            guard let number = Int64(String(decoding: line, as: UTF8.self)), line.first != UInt8(ascii: "+") else {
                throw Violation(reason: "a number is announced and \(Self.text(line).debugDescription) came")
            }
            return number
        }

        /// It is shown to people: what is not printable becomes a question mark, and what is long is clipped.
        private static func text(_ line: ArraySlice<UInt8>) -> String {
            let clipped = line.prefix(256).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
            return String(decoding: clipped, as: UTF8.self) + (line.count > 256 ? "…" : "")
        }
    }
}

/// A command, as an array of bulk strings.
package func respCommand(_ words: [String]) -> [UInt8] {
    var bytes = Array("*\(words.count)\r\n".utf8)
    for word in words {
        bytes += Array("$\(word.utf8.count)\r\n".utf8)
        bytes += Array(word.utf8)
        bytes += [13, 10]
    }
    return bytes
}
