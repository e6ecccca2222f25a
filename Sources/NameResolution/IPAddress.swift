internal import Glibc

/// An IPv4 or IPv6 address, without port and scope.
///
/// An IPv4-mapped IPv6 address (`::ffff:10.0.0.1`) **is** its IPv4 address here: both name the same
/// host, and what is compared are hosts. The order is that of the bytes with IPv4 in its mapped
/// form: total and the same in every run, nothing more.
package struct IPAddress: Sendable, Hashable, Comparable {
    // The 16 bytes of the IPv6 form, in host order: equality, hashing and order are two comparisons.
    private let high: UInt64
    private let low: UInt64

    private static let mappedPrefix: UInt64 = 0xffff << 32

    /// - Parameter bytes: 4 or 16 bytes in network order; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: (high, low) = (0, Self.mappedPrefix | Self.number(bytes))
        case 16: (high, low) = (Self.number(bytes.prefix(8)), Self.number(bytes.dropFirst(8)))
        default: return nil
        }
    }

    /// Reads what `inet_pton` reads: `10.0.0.1`, `2001:db8::1`. No scope, no brackets, no short forms
    /// such as `127.1`.
    package init?(_ text: String) {
        // C would stop reading at a NUL and take the rest on trust.
        guard !text.utf8.contains(0) else { return nil }
        var bytes: [UInt8] = Array(repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.init(bytes: bytes.prefix(4))
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.init(bytes: bytes)
        } else {
            return nil
        }
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// 4 or 16 bytes in network order.
    package var bytes: [UInt8] {
        if isIPv4 { return withUnsafeBytes(of: UInt32(truncatingIfNeeded: low).bigEndian) { Array($0) } }
        return withUnsafeBytes(of: high.bigEndian) { Array($0) } + withUnsafeBytes(of: low.bigEndian) { Array($0) }
    }

    package var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

    package static func < (one: IPAddress, other: IPAddress) -> Bool { (one.high, one.low) < (other.high, other.low) }
}

extension IPAddress: CustomStringConvertible {
    /// The form of `inet_ntop`, which is RFC 5952's: `10.0.0.1`, `2001:db8::1`.
    package var description: String {
        var text: [CChar] = Array(repeating: 0, count: Int(INET6_ADDRSTRLEN))
        // It fails only for an unknown family or too little room, and then leaves the zeros.
        _ = inet_ntop(isIPv4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
