/// Reads a configuration out of a ``JSONValue``. Every error names the place and what would be right
/// there: `watches[3].dnsName: must be a string, not a number`.
///
/// null is a value of the wrong kind here, not a member left out: what it would mean differs from
/// reader to reader, so it is better asked back.
package struct JSONReader: Sendable, Equatable {
    package let value: JSONValue
    /// Where the value stands, as in `watches[3].dnsName`.
    package let path: String

    /// - Parameter path: what the document is called in errors, such as the variable that it came from.
    package init(_ value: JSONValue, path: String = "") {
        self.value = value
        self.path = path
    }

    /// An error at this place, for rules of the caller's own.
    package func error(_ reason: String) -> JSONError { JSONError(path: path, reason: reason) }

    private func mismatch(_ wanted: String) -> JSONError { error("must be \(wanted), not \(value.kind)") }
}

extension JSONReader {
    package func string() throws(JSONError) -> String {
        guard case .string(let text) = value else { throw mismatch("a string") }
        return text
    }

    package func bool() throws(JSONError) -> Bool {
        guard case .bool(let isTrue) = value else { throw mismatch("true or false") }
        return isTrue
    }

    /// A number written without fraction and exponent.
    package func integer(in range: ClosedRange<Int>) throws(JSONError) -> Int {
        switch value {
        case .integer(let number):
            guard let number = Int(exactly: number), range.contains(number) else {
                throw error("must be from \(range.lowerBound) to \(range.upperBound), not \(number)")
            }
            return number
        case .real(let number): throw error("must be a whole number, not \(number)")
        default: throw mismatch("a whole number")
        }
    }

    package func number(in range: ClosedRange<Double>) throws(JSONError) -> Double {
        let number: Double
        switch value {
        case .integer(let integer): number = Double(integer)
        case .real(let real): number = real
        default: throw mismatch("a number")
        }
        guard range.contains(number) else {
            throw error("must be from \(range.lowerBound) to \(range.upperBound), not \(number)")
        }
        return number
    }

    /// The elements of an array.
    package func array() throws(JSONError) -> [JSONReader] {
        guard case .array(let elements) = value else { throw mismatch("an array") }
        return elements.enumerated().map { JSONReader($1, path: "\(path)[\($0)]") }
    }
}

extension JSONReader {
    /// The members of an object, in their order.
    package func members() throws(JSONError) -> [(name: String, reader: JSONReader)] {
        guard case .object(let members) = value else { throw mismatch("an object") }
        return members.map { ($0.key, JSONReader($0.value, path: path(of: $0.key))) }
    }

    /// The member of an object; nil where there is none of the name.
    package func member(_ name: String) throws(JSONError) -> JSONReader? {
        guard case .object = value else { throw mismatch("an object") }
        return value[name].map { JSONReader($0, path: path(of: name)) }
    }

    /// The member of an object, which must be there.
    package func required(_ name: String) throws(JSONError) -> JSONReader {
        guard let member = try member(name) else { throw JSONError(path: path(of: name), reason: "is required") }
        return member
    }

    /// Refuses members of other names than these: a misspelt one would otherwise be left out in silence.
    package func refuseMembers(except names: [String]) throws(JSONError) {
        for (name, reader) in try members() where !names.contains(name) {
            throw reader.error("is not known here; allowed are \(names.joined(separator: ", "))")
        }
    }

    /// `path.name`, or `path["name"]` where the name is not a plain word (`eu-west-1` is none).
    private func path(of name: String) -> String {
        let isWord =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
        guard isWord else { return "\(path)[\(name.debugDescription)]" }
        return path.isEmpty ? name : "\(path).\(name)"
    }
}
