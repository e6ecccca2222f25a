/// The form in which host names are compared: lower case, no final dot, Route 53's octal escapes decoded.
///
/// Only ASCII letters change their case, as DNS has it: Unicode's rules would turn the Kelvin sign into
/// a `k`. Of the escapes (`\052` is `*`), those of a printable character are decoded; a dot or
/// a backslash stays escaped, since neither would be read as part of its label afterwards, and so does
/// everything malformed. The result is therefore its own normal form.
package func normalizedHostName(_ name: String) -> String {
    var bytes = Array(name.utf8)[...]
    if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
    var normal: [UInt8] = []
    normal.reserveCapacity(bytes.count)
    while let first = bytes.popFirst() {
        var byte = first
        if let escaped = escapedByte(first, bytes) {
            byte = escaped
            bytes = bytes.dropFirst(3)
        }
        let isUpperCase = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
        normal.append(isUpperCase ? byte | 0x20 : byte)
    }
    return String(decoding: normal, as: UTF8.self)
}

/// What `\` and the three octal digits after it stand for; nil where they do not, or must stay escaped.
private func escapedByte(_ first: UInt8, _ rest: ArraySlice<UInt8>) -> UInt8? {
    let backslash = UInt8(ascii: "\\")
    let digits = rest.prefix(3)
    guard first == backslash, digits.count == 3 else { return nil }
    var value = 0
    for digit in digits {
        guard UInt8(ascii: "0")...UInt8(ascii: "7") ~= digit else { return nil }
        value = value * 8 + Int(digit - UInt8(ascii: "0"))
    }
    guard let byte = UInt8(exactly: value), 0x21...0x7e ~= byte, byte != backslash, byte != UInt8(ascii: ".") else {
        return nil
    }
    return byte
}

/// Why `name` cannot be a host name; nil where it can. The rules are RFC 1035's lengths and no more:
/// which characters are allowed is for the name server to say.
func flaw(inHostName name: String) -> String? {
    let bytes = name.utf8.last == UInt8(ascii: ".") ? name.utf8.dropLast() : name.utf8[...]
    guard !bytes.isEmpty else { return "it is empty" }
    // C would ask for what is before it.
    guard !bytes.contains(0) else { return "it contains a NUL" }
    guard bytes.count <= 253 else { return "it has \(bytes.count) bytes, and at most 253 are allowed" }
    for label in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
        guard !label.isEmpty else { return "it has an empty label" }
        guard label.count <= 63 else { return "a label has \(label.count) bytes, and at most 63 are allowed" }
    }
    return nil
}
