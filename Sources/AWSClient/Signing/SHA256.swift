internal import CLibcrypto

/// SHA-256 and HMAC-SHA-256 of libcrypto. Both fail only where OpenSSL has no provider of SHA-256 or no memory.
enum SHA256 {
    static let digestSize = 32

    /// The hash, of 32 bytes.
    static func hash(_ bytes: [UInt8]) throws(AWSError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: digestSize)
        guard CLibcrypto.SHA256(bytes, bytes.count, &digest) != nil else { throw failure("the SHA-256 of a request") }
        return digest
    }

    /// The hash in lower-case hexadecimal digits, as Signature Version 4 writes it.
    static func hexadecimalHash(_ bytes: [UInt8]) throws(AWSError) -> String {
        hexadecimal(try hash(bytes))
    }

    /// The message authentication code, of 32 bytes.
    static func authenticationCode(of message: String, key: [UInt8]) throws(AWSError) -> [UInt8] {
        let message = Array(message.utf8)
        var code = [UInt8](repeating: 0, count: digestSize)
        var size: UInt32 = 0
        // A key is 36 bytes of "AWS4" and secret, or a digest: never beyond what a C int counts.
        guard let keySize = Int32(exactly: key.count),
            HMAC(EVP_sha256(), key, keySize, message, message.count, &code, &size) != nil, size == digestSize
        else { throw failure("the HMAC of a request") }
        return code
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func failure(_ activity: String) -> AWSError {
        AWSError(
            .library, "libcrypto could not compute \(activity): its provider of SHA-256 is missing or memory ran out")
    }
}
