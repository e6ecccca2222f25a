@testable import HTTPTransport

/// Bundles of certificates: those that are read, in a bundle of their own, are the same.
func fuzz(_ input: [UInt8]) throws {
    let bundle: CertificateBundle
    do throws(CertificateBundle.Problem) { bundle = try CertificateBundle(pem: input) } catch {
        try require(!error.reason.isEmpty, "no reason is given")
        return
    }
    try require(bundle.count > 0, "there is nothing in it")
    var pem = "a comment\n"
    for index in 0..<bundle.count {
        pem += "-----BEGIN CERTIFICATE-----\n\(base64(Array(bundle.certificate(index))))\n-----END CERTIFICATE-----\n"
    }
    let again: CertificateBundle
    do throws(CertificateBundle.Problem) { again = try CertificateBundle(pem: Array(pem.utf8)) } catch {
        throw WrongResult(reason: "what was read is refused: \(error.reason)")
    }
    try require(again.count == bundle.count, "\(bundle.count) are \(again.count) the second time")
    for index in 0..<bundle.count {
        try require(again.certificate(index) == bundle.certificate(index), "number \(index) is another")
        // Each part of a certificate can be asked for as a subject; the ends of what is compared are the bundle's.
        let bytes = Array(bundle.certificate(index))
        for start in stride(from: 0, to: bytes.count, by: 7) {
            let found = bundle.certificates(withSubject: bytes[start...].prefix(20))
            try require(found.allSatisfy { (0..<bundle.count).contains($0) }, "\(found)")
        }
    }
}

private func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = (group + [0, 0]).prefix(3).reduce(0) { $0 << 8 | Int($1) }
        for place in 0..<4 {
            text.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}
