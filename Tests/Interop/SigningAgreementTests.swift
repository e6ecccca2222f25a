import Foundation
import HTTPTransport
import Testing

@testable import AWSClient

/// botocore signs the requests of the AWS command line and of most of the world's scripts; what it and we
/// disagree about, AWS would refuse.
@Suite struct SigningAgreementTests {
    struct Signed: Codable, Equatable {
        var canonicalRequest: String
        var stringToSign: String
        var authorization: String
    }

    @Test("Canonical request, string to sign and signature are those of botocore")
    func agreement() throws {
        let cases = SigningCase.table
        let answer = try runPython("sign_with_botocore.py", input: try JSONEncoder().encode(cases))
        let theirs = try JSONDecoder().decode([Signed].self, from: answer)
        try #require(theirs.count == cases.count)
        for (signingCase, expected) in zip(cases, theirs) {
            let ours = try sign(signingCase)
            #expect(ours.canonicalRequest == expected.canonicalRequest, "\(signingCase.name)")
            #expect(ours.stringToSign == expected.stringToSign, "\(signingCase.name)")
            #expect(ours.authorization == expected.authorization, "\(signingCase.name)")
        }
    }

    private func sign(_ signingCase: SigningCase) throws -> Signed {
        let url = signingCase.params.map { params in
            "\(signingCase.url)?\(PercentEncoding.form(params.map { (name: $0[0], value: $0[1]) }))"
        }
        var request = HTTPRequest(
            method: signingCase.method, url: url ?? signingCase.url, body: Array(signingCase.body.utf8))
        for field in signingCase.headers { request.headers.append(field[0], field[1]) }
        let credentials = AWSCredentials(
            accessKeyID: signingCase.accessKey, secretAccessKey: Secret(signingCase.secretKey),
            sessionToken: signingCase.token.map(Secret.init), source: "a test")
        let time = try #require(Timestamp(iso8601: extended(signingCase.time)))
        let bodyHash = try SHA256.hexadecimalHash(request.body)
        try SignatureV4(credentials: credentials, region: signingCase.region, service: signingCase.service)
            .sign(&request, at: time, bodyHash: bodyHash, keys: SigningKeyCache())
        let canonical = try SignatureV4.canonicalRequest(request, bodyHash: bodyHash)
        let scope = SignatureV4.Scope(date: time.basicDate, region: signingCase.region, service: signingCase.service)
        return Signed(
            canonicalRequest: canonical.text,
            stringToSign: try SignatureV4.stringToSign(canonical.text, at: time, scope: scope),
            authorization: try #require(request.headers["Authorization"]))
    }

    /// `20150830T123600Z` as `2015-08-30T12:36:00Z`.
    private func extended(_ time: String) -> String {
        var text = ""
        for (index, character) in time.enumerated() {
            if index == 4 || index == 6 { text.append("-") }
            if index == 11 || index == 13 { text.append(":") }
            text.append(character)
        }
        return text
    }
}
