/// An input, taken apart from its beginning. Where nothing is left of it there are zeros, and empty texts.
struct Input {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    var isEmpty: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// One of several, which may become more: the first is `A`, so that a seed can be read, and stays what it is.
    mutating func choice<Value>(of values: [Value]) -> Value {
        values[Int(byte() &- UInt8(ascii: "A")) % values.count]
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// What stands before the next byte of this value, or all that is left.
    mutating func part(until separator: UInt8) -> [UInt8] {
        let part = rest.prefix { $0 != separator }
        rest = rest.dropFirst(part.count + 1)
        return Array(part)
    }

    mutating func parts(by separator: UInt8) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        while !isEmpty { parts.append(part(until: separator)) }
        return parts
    }

    mutating func remainder() -> [UInt8] { bytes(rest.count) }

    mutating func text() -> String { String(decoding: remainder(), as: UTF8.self) }
}

extension Input {
    /// `NAME=VALUE`, with a NUL after each but the last; of two with one name the first counts.
    mutating func environment() -> [String: String] {
        var environment: [String: String] = [:]
        for part in parts(by: 0) {
            let name = part.prefix { $0 != UInt8(ascii: "=") }
            guard !name.isEmpty, name.count < part.count else { continue }
            let variable = String(decoding: name, as: UTF8.self)
            guard environment[variable] == nil else { continue }
            environment[variable] = String(decoding: part.dropFirst(name.count + 1), as: UTF8.self)
        }
        return environment
    }
}

/// A clear mark of what must not be shown.
let secretMark = "wJalrXUtnFEMI"

extension String {
    func has(_ part: String) -> Bool { Array(utf8).has(Array(part.utf8)) }

    /// Whether it can stand in one line of a log: without the control characters of ASCII.
    var isOneLine: Bool { utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}

extension [UInt8] {
    func has(_ part: [UInt8]) -> Bool {
        guard count >= part.count, let first = part.first else { return part.isEmpty }
        return (0...count - part.count).contains { self[$0] == first && self[$0..<$0 + part.count].elementsEqual(part) }
    }
}
