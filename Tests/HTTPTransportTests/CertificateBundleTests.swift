import CLibssl
import Foundation
import Testing

@testable import HTTPTransport

@Suite("Bundle of certificates")
struct CertificateBundleTests {
    /// Debian's, with some 140 certificates; the package ca-certificates makes it.
    static let systemBundle = "/etc/ssl/certs/ca-certificates.crt"

    static func subject(of certificate: some Collection<UInt8>) throws -> [UInt8] {
        let der = Array(certificate)
        let parsed = try #require(
            der.withUnsafeBufferPointer { bytes in
                var next = bytes.baseAddress
                return d2i_X509(nil, &next, bytes.count)
            })
        defer { X509_free(parsed) }
        var encoded: UnsafePointer<UInt8>?
        var length = 0
        try #require(X509_NAME_get0_der(X509_get_subject_name(parsed), &encoded, &length) == 1)
        return Array(UnsafeBufferPointer(start: encoded, count: length))
    }

    @Test("Each certificate of the system's bundle is found by the subject that OpenSSL reads in it")
    func systemCertificates() throws {
        let pem = try Data(contentsOf: URL(fileURLWithPath: Self.systemBundle))
        let bundle = try CertificateBundle(pem: Array(pem))
        #expect(bundle.count == String(decoding: pem, as: UTF8.self).components(separatedBy: "BEGIN CERT").count - 1)
        #expect(bundle.count > 16)
        for index in 0..<bundle.count {
            let subject = try Self.subject(of: bundle.certificate(index))
            #expect(bundle.certificates(withSubject: subject).contains(index))
            // Nothing but the whole name is the name.
            #expect(bundle.certificates(withSubject: subject.dropLast()).isEmpty)
            #expect(bundle.certificates(withSubject: subject + [0]).isEmpty)
        }
    }

    /// A sequence of the sequence that is signed, with the fields before the subject, the subject, and a byte more.
    static func certificate(version: [UInt8] = [0xA0, 0], subject: [UInt8]) -> [UInt8] {
        let signed = version + [0x02, 1, 7] + [0x30, 0] + [0x30, 1, 0xFF] + [0x30, 2, 1, 2] + subject + [0x05]
        return [0x30, UInt8(signed.count + 2), 0x30, UInt8(signed.count)] + signed
    }

    static func pem(_ certificates: [UInt8]..., comment: String = "") -> [UInt8] {
        certificates.flatMap { der in
            Array(
                """
                \(comment)
                -----BEGIN CERTIFICATE-----
                \(Data(der).base64EncodedString(options: .lineLength64Characters))
                -----END CERTIFICATE-----

                """.utf8)
        }
    }

    @Test("The subject is the sixth field, or the fifth where there is no version", arguments: [[0xA0, 0], []])
    func subject(version: [UInt8]) throws {
        let subject: [UInt8] = [0x30, 3, 1, 2, 3]
        let bundle = try CertificateBundle(pem: Self.pem(Self.certificate(version: version, subject: subject)))
        #expect(bundle.certificates(withSubject: subject) == [0])
        #expect(bundle.certificates(withSubject: [0x30, 1, 0xFF]).isEmpty, "the issuer")
    }

    @Test("All certificates of a subject are found, whatever length they have and whatever stands between them")
    func several() throws {
        let (one, other): ([UInt8], [UInt8]) = ([0x30, 1, 9], [0x30, 2, 9, 9])
        for extra in 0..<4 {
            let subject = [0x30, UInt8(extra)] + [UInt8](repeating: 5, count: extra)
            let pem = Self.pem(
                Self.certificate(subject: one), Self.certificate(subject: subject), Self.certificate(subject: other),
                Self.certificate(subject: one), comment: "# Some - Authority - of - ours")
            let bundle = try CertificateBundle(pem: pem)
            #expect(bundle.certificates(withSubject: one) == [0, 3])
            #expect(bundle.certificates(withSubject: subject) == [1])
            #expect(Array(bundle.certificate(1)) == Self.certificate(subject: subject))
        }
    }

    @Test("A subject is found in other letters and another type of string, which OpenSSL takes for the same")
    func sameName() throws {
        func name(_ type: UInt8, _ text: String) -> [UInt8] {
            let text = Array(text.utf8)
            let attribute = [0x06, 3, 0x55, 4, 3, type, UInt8(text.count)] + text
            let size = UInt8(attribute.count)
            return [0x30, size + 4, 0x31, size + 2, 0x30, size] + attribute
        }
        let bundle = try CertificateBundle(
            pem: Self.pem(
                Self.certificate(subject: name(0x0C, "Our CA")), Self.certificate(subject: name(0x13, "OUR ca")),
                Self.certificate(subject: name(0x13, "Our CB"))))
        for type: UInt8 in [0x0C, 0x13, 0x14, 0x16] {
            #expect(bundle.certificates(withSubject: name(type, "our ca")) == [0, 1])
        }
    }

    @Test("A length in several bytes is read")
    func longSubject() throws {
        let subject = [0x30, 0x81, 0x80] + [UInt8](repeating: 1, count: 0x80)
        let signed: [UInt8] = [0x02, 1, 7] + [0x30, 0] + [0x30, 1, 0xFF] + [0x30, 0] + subject
        let certificate = [0x30, 0x82, 0, UInt8(signed.count + 3), 0x30, 0x81, UInt8(signed.count)] + signed
        #expect(try CertificateBundle(pem: Self.pem(certificate)).certificates(withSubject: subject) == [0])
    }

    @Test(
        "What is no certificate is refused, and nothing of it is read beyond its end",
        arguments: [
            "", "no certificate", "-----BEGIN CERTIFICATE-----\nMAA=\n",
            "-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\nM?A=\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\nMAAAA\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\nMA=A\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\nMA===\n-----END CERTIFICATE-----",
        ])
    func refused(text: String) {
        #expect(throws: CertificateBundle.Problem.self) { try CertificateBundle(pem: Array(text.utf8)) }
    }

    @Test("A certificate that was cut off, or has a length that does not fit, is refused")
    func damaged() {
        let whole = Self.certificate(subject: [0x30, 3, 1, 2, 3])
        // All but the last byte, which no field needs, is needed.
        for length in 0..<whole.count - 1 {
            #expect(throws: CertificateBundle.Problem.self) {
                try CertificateBundle(pem: Self.pem(Array(whole[..<length])))
            }
        }
        for length: [UInt8] in [[0x80], [0x85, 0, 0, 0, 0, 1], [0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0x7F], [0x82, 1]] {
            #expect(throws: CertificateBundle.Problem.self) {
                try CertificateBundle(pem: Self.pem([0x30] + length + whole.dropFirst(2)))
            }
        }
    }
}
