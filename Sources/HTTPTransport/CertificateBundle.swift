internal import Glibc

/// The certificates of a PEM file, decoded but not parsed.
///
/// OpenSSL 3.0 takes 20 ms and more to parse the 140 of a system's bundle, three times the rest of a cold start; a
/// connection needs one of them. Decoding them takes a third of a millisecond, and their subjects show which one.
struct CertificateBundle: Sendable {
    struct Problem: Error, Equatable {
        var reason: String
    }

    private struct Entry {
        var certificate: Range<Int>
        /// Within the certificate: a whole `Name`, as it stands there.
        var subject: Range<Int>
    }

    /// All certificates (DER), one after the other.
    private let bytes: [UInt8]
    private let entries: [Entry]

    var count: Int { entries.count }

    /// - Parameter pem: what stands outside `BEGIN CERTIFICATE` and `END CERTIFICATE` is commentary, and skipped.
    init(pem: [UInt8]) throws(Problem) {
        let opening = Array("-----BEGIN CERTIFICATE-----".utf8)
        let closing = Array("-----END CERTIFICATE-----".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(pem.count * 3 / 4)
        var entries: [Entry] = []
        var rest = 0..<pem.count
        while let start = Self.firstRange(of: opening, in: pem, rest) {
            let number = entries.count + 1
            guard let end = Self.firstRange(of: closing, in: pem, start.upperBound..<pem.count) else {
                throw Problem(reason: "its certificate number \(number) has no end")
            }
            let first = bytes.count
            guard Self.decode(pem, start.upperBound..<end.lowerBound, into: &bytes) else {
                throw Problem(reason: "its certificate number \(number) is not in Base64")
            }
            guard let subject = Self.subject(in: bytes, first..<bytes.count) else {
                throw Problem(reason: "its certificate number \(number) is damaged")
            }
            entries.append(Entry(certificate: first..<bytes.count, subject: subject))
            rest = end.upperBound..<pem.count
        }
        guard !entries.isEmpty else { throw Problem(reason: "it holds no certificate in PEM") }
        self.bytes = bytes
        self.entries = entries
    }

    func certificate(_ index: Int) -> ArraySlice<UInt8> { bytes[entries[index].certificate] }

    /// The certificates whose subject may be this one, to be compared by OpenSSL. For it a name is the same in
    /// capitals, and as another type of string.
    ///
    /// - Parameter name: a `Name` in DER.
    func certificates(withSubject name: some Collection<UInt8>) -> [Int] {
        entries.indices.filter { index in
            let subject = bytes[entries[index].subject]
            return subject.count == name.count
                && subject.elementsEqual(name) { $0 == $1 || Self.folded($0) == Self.folded($1) }
        }
    }

    /// Wherever it stands, since a certificate too many does no harm.
    private static func folded(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        // PrintableString, TeletexString, IA5String: as UTF8String.
        case 0x13, 0x14, 0x16: 0x0C
        default: byte
        }
    }

    // MARK: - DER

    /// Where the subject of a certificate is (RFC 5280, 4.1): behind version, serial number, algorithm, issuer and
    /// validity.
    private static func subject(in bytes: [UInt8], _ certificate: Range<Int>) -> Range<Int>? {
        let sequence: UInt8 = 0x30
        guard let whole = value(in: bytes, certificate), bytes[certificate.lowerBound] == sequence,
            let signed = value(in: bytes, whole), bytes[whole.lowerBound] == sequence
        else { return nil }
        var next = signed.lowerBound
        var hasVersion = false
        if next < signed.upperBound, bytes[next] == 0xA0 { hasVersion = true }
        for _ in 0..<(hasVersion ? 5 : 4) {
            guard let field = value(in: bytes, next..<signed.upperBound) else { return nil }
            next = field.upperBound
        }
        guard let subject = value(in: bytes, next..<signed.upperBound), bytes[next] == sequence else { return nil }
        return next..<subject.upperBound
    }

    /// The value of the first element of the range, without its tag and its length.
    private static func value(in bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        var next = range.lowerBound + 1
        guard next < range.upperBound else { return nil }
        var length = Int(bytes[next])
        next += 1
        if length >= 0x80 {
            let digits = length - 0x80
            // Four are more than any certificate has; none would be a length that is not known.
            guard (1...4).contains(digits), next + digits <= range.upperBound else { return nil }
            length = bytes[next..<next + digits].reduce(0) { $0 << 8 | Int($1) }
            next += digits
        }
        guard length <= range.upperBound - next else { return nil }
        return next..<next + length
    }

    // MARK: - PEM

    private static func firstRange(of pattern: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        bytes.withUnsafeBufferPointer { bytes in
            var rest = range
            // Every marker begins with a hyphen, and Base64 has none: the contents are passed over by memchr.
            while rest.count >= pattern.count, let base = bytes.baseAddress,
                let match = memchr(base + rest.lowerBound, Int32(pattern[0]), rest.count)
            {
                let start = UnsafeRawPointer(match) - UnsafeRawPointer(base)
                let end = start + pattern.count
                if end <= range.upperBound, memcmp(match, pattern, pattern.count) == 0 { return start..<end }
                rest = (start + 1)..<range.upperBound
            }
            return nil
        }
    }

    /// Through pointers: with every access checked this took longer than all the rest of a start that is ours.
    ///
    /// - Returns: whether it was Base64 with white space.
    private static func decode(_ text: [UInt8], _ range: Range<Int>, into bytes: inout [UInt8]) -> Bool {
        var isValid = false
        let decoded = [UInt8](unsafeUninitializedCapacity: range.count / 4 * 3 + 3) { output, count in
            text.withUnsafeBufferPointer { text in
                sextets.withUnsafeBufferPointer { sextets in
                    isValid = decode(UnsafeBufferPointer(rebasing: text[range]), sextets, to: output, &count)
                }
            }
        }
        bytes += decoded
        return isValid
    }

    /// - Parameter output: has room for three bytes for each four characters, and three more.
    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>, _ sextets: UnsafeBufferPointer<UInt8>,
        to output: UnsafeMutableBufferPointer<UInt8>, _ written: inout Int
    ) -> Bool {
        guard let output = output.baseAddress, let sextets = sextets.baseAddress, let input = text.baseAddress
        else { return false }
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        var next = 0
        while next < text.count {
            // Nearly all of it is four characters in a row.
            if count == 0, padding == 0, next &+ 4 <= text.count {
                let (a, b) = (sextets[Int(input[next])], sextets[Int(input[next &+ 1])])
                let (c, d) = (sextets[Int(input[next &+ 2])], sextets[Int(input[next &+ 3])])
                if a | b | c | d < 64 {
                    output[written] = a &<< 2 | b &>> 4
                    output[written &+ 1] = b &<< 4 | c &>> 2
                    output[written &+ 2] = c &<< 6 | d
                    written &+= 3
                    next &+= 4
                    continue
                }
            }
            let character = input[next]
            next &+= 1
            let value = sextets[Int(character)]
            if value < 64 {
                guard padding == 0 else { return false }
                bits = bits &<< 6 | UInt32(value)
                count &+= 1
                if count == 4 {
                    output[written] = UInt8(truncatingIfNeeded: bits &>> 16)
                    output[written &+ 1] = UInt8(truncatingIfNeeded: bits &>> 8)
                    output[written &+ 2] = UInt8(truncatingIfNeeded: bits)
                    written &+= 3
                    count = 0
                }
            } else if character == UInt8(ascii: "=") {
                padding += 1
            } else if value == notBase64 {
                return false
            }
        }
        switch (count, padding) {
        case (0, 0): break
        case (2, 2):
            output[written] = UInt8(truncatingIfNeeded: bits >> 4)
            written += 1
        case (3, 1):
            output[written] = UInt8(truncatingIfNeeded: bits >> 10)
            output[written + 1] = UInt8(truncatingIfNeeded: bits >> 2)
            written += 2
        default: return false
        }
        return true
    }

    private static let space: UInt8 = 64
    private static let notBase64: UInt8 = 65

    private static let sextets: [UInt8] = {
        var table = [UInt8](repeating: notBase64, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, character) in alphabet.utf8.enumerated() { table[Int(character)] = UInt8(value) }
        for character in " \t\r\n".utf8 { table[Int(character)] = space }
        return table
    }()
}
