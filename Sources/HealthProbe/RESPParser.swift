/// Takes replies out of what a server sends, in whatever pieces it comes.
///
/// The server may send anything: a reply may have 64 KB, 1,024 elements and 8 levels, and nothing is set aside for
/// what has only been announced. However small the pieces are, each byte is looked at once or twice.
package struct RESPParser: Sendable {
    /// What is no reply, with the reason in words.
    package struct Violation: Error, Sendable, Equatable {
        package var reason: String
    }

    package static let maximumSize = 64 << 10
    package static let maximumElements = 1024
    package static let maximumDepth = 8

    /// An array that has not come to its end.
    private struct OpenArray {
        var values: [RESPValue] = []
        /// More than `values` has.
        var count: Int
    }

    private var bytes: [UInt8] = []
    /// Where the part of the reply begins that has not been understood yet.
    private var position = 0
    /// Up to where no end of its line is.
    private var searched = 0
    /// The length of the string whose line has been read.
    private var announced: Int?
    /// Each is an element of the one before.
    private var open: [OpenArray] = []
    private var elements = 0
    /// Once something was no reply, nothing is known of what follows.
    private var violation: Violation?

    package init() {}

    package mutating func append(_ more: [UInt8]) {
        bytes += more
    }

    /// Whether all that has come was taken.
    package var isEmpty: Bool { bytes.isEmpty }

    /// What has come and was not taken, as far as it is text, and no more than 24 characters: what speaks another
    /// protocol often says which. It depends on the pieces in which it comes.
    package var text: String {
        let characters = bytes.dropFirst(position).prefix(24)
        return Self.text(characters.prefix { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") })
    }

    /// Takes the next reply.
    ///
    /// - Returns: nil where part of it has not come yet.
    /// - Throws: from then on, always the same.
    package mutating func next() throws(Violation) -> RESPValue? {
        if let violation { throw violation }
        do throws(Violation) {
            let reply = try reply()
            guard (reply == nil ? bytes.count : position) <= Self.maximumSize else {
                throw Violation(reason: "a reply has more than \(Self.maximumSize) bytes")
            }
            guard let reply else { return nil }
            bytes.removeFirst(position)
            (position, searched, elements) = (0, 0, 0)
            return reply
        } catch {
            violation = error
            throw error
        }
    }

    /// From here on, nil is for what has not come yet.
    private mutating func reply() throws(Violation) -> RESPValue? {
        while var value = try element() {
            // What was the last element of an array is followed by what comes after that one.
            while true {
                guard var array = open.popLast() else { return value }
                array.values.append(value)
                guard array.values.count == array.count else {
                    open.append(array)
                    break
                }
                value = .array(array.values)
            }
        }
        return nil
    }

    /// The next one that is whole by itself; arrays that begin before it are opened.
    private mutating func element() throws(Violation) -> RESPValue? {
        if let announced { return try string(of: announced) }
        while position < bytes.count {
            let type = bytes[position]
            switch type {
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "*"): break
            default: throw Violation(reason: "a reply begins with the byte \(type), which no reply does")
            }
            guard elements < Self.maximumElements else {
                throw Violation(reason: "a reply has more than \(Self.maximumElements) elements")
            }
            guard open.count < Self.maximumDepth else {
                throw Violation(reason: "a reply has more than \(Self.maximumDepth) levels")
            }
            guard let line = try line() else { return nil }
            elements += 1
            switch type {
            case UInt8(ascii: "+"): return .simple(Self.text(line))
            case UInt8(ascii: "-"): return .error(RedisError(Self.text(line)))
            case UInt8(ascii: ":"): return .integer(try Self.number(line))
            case UInt8(ascii: "$"):
                guard let length = try Self.count(line, upTo: Self.maximumSize, "a string", "bytes") else {
                    return .null
                }
                announced = length
                return try string(of: length)
            default:
                guard let count = try Self.count(line, upTo: Self.maximumElements, "an array", "elements") else {
                    return .null
                }
                if count == 0 { return .array([]) }
                open.append(OpenArray(count: count))
            }
        }
        return nil
    }

    /// What is between the type and the end of the line.
    private mutating func line() throws(Violation) -> ArraySlice<UInt8>? {
        searched = max(searched, position)
        guard let end = bytes[searched...].firstIndex(where: { $0 == 13 || $0 == 10 }) else {
            searched = bytes.count
            return nil
        }
        searched = end
        guard bytes[end] == 13 else { throw Violation(reason: "a line of a reply ends without a carriage return") }
        guard end + 1 < bytes.count else { return nil }
        guard bytes[end + 1] == 10 else { throw Violation(reason: "a line of a reply ends without a line feed") }
        defer { position = end + 2 }
        return bytes[(position + 1)..<end]
    }

    private mutating func string(of length: Int) throws(Violation) -> RESPValue? {
        guard bytes.count - position >= length + 2 else { return nil }
        let end = position + length
        guard bytes[end] == 13, bytes[end + 1] == 10 else {
            throw Violation(reason: "a string does not end where it was announced to")
        }
        defer { (position, announced) = (end + 2, nil) }
        return .bulk(Array(bytes[position..<end]))
    }

    /// - Returns: nil for the −1 of what is none.
    private static func count(
        _ line: ArraySlice<UInt8>, upTo maximum: Int, _ what: String, _ unit: String
    ) throws(Violation) -> Int? {
        let number = try number(line)
        if number == -1 { return nil }
        guard let count = Int(exactly: number), (0...maximum).contains(count) else {
            throw Violation(reason: "\(what) is announced with \(number) \(unit)")
        }
        return count
    }

    private static func number(_ line: ArraySlice<UInt8>) throws(Violation) -> Int64 {
        guard let number = Int64(String(decoding: line, as: UTF8.self)) else {
            throw Violation(reason: "a number is announced and \(text(line).debugDescription) came")
        }
        return number
    }

    /// It is shown to people: what is not printable becomes a question mark, and what is long is clipped.
    private static func text(_ line: ArraySlice<UInt8>) -> String {
        let clipped = line.prefix(256).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: clipped, as: UTF8.self) + (line.count > 256 ? "…" : "")
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
