/// The form in which host names are compared: lower case, no final dot. (What Route 53 escapes is decoded
/// where its answers are read.)
///
/// Only ASCII letters change their case, as DNS has it: Unicode's rules would turn the Kelvin sign into
/// a `k`.
package func normalizedHostName(_ name: String) -> String {
    let bytes = name.utf8.last == UInt8(ascii: ".") ? name.utf8.dropLast() : name.utf8[...]
    let upperCase = UInt8(ascii: "A")...UInt8(ascii: "Z")
    return String(decoding: bytes.map { upperCase.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
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
