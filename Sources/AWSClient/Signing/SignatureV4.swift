package import HTTPTransport

/// AWS Signature Version 4, in the header, for every service but S3 (whose paths are not normalized).
///
/// The three stages are functions of their own, because that is how AWS publishes its examples and how
/// a refused signature is looked into. See "Create a signed AWS API request" in the IAM user guide.
package struct SignatureV4: Sendable {
    /// What a signature is valid for: a day, a region and a service.
    package struct Scope: Sendable, Hashable {
        /// As in `20150830`.
        package var date: String
        package var region: String
        package var service: String

        package init(date: String, region: String, service: String) {
            self.date = date
            self.region = region
            self.service = service
        }

        package var text: String { "\(date)/\(region)/\(service)/aws4_request" }
    }

    /// The hash of no body at all, in hexadecimal digits.
    package static let hashOfEmptyBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    package var credentials: AWSCredentials
    package var region: String
    package var service: String

    package init(credentials: AWSCredentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// Puts `X-Amz-Date`, `X-Amz-Security-Token` and `Authorization` into a request, in the place of any
    /// that an earlier attempt left there.
    ///
    /// - Parameters:
    ///   - bodyHash: the SHA-256 of the body in hexadecimal digits. The caller computes it once for all
    ///     attempts.
    ///   - keys: where the derived key of the day is kept.
    package func sign(
        _ request: inout HTTPRequest, at time: Timestamp, bodyHash: String, keys: SigningKeyCache
    ) throws(AWSError) {
        let scope = Scope(date: time.basicDate, region: region, service: service)
        request.headers.remove("Authorization")
        request.headers.replace("X-Amz-Date", with: time.basicISO8601)
        request.headers.remove("X-Amz-Security-Token")
        if let token = credentials.sessionToken { request.headers.append("X-Amz-Security-Token", token.revealed) }

        let canonical = try Self.canonicalRequest(request, bodyHash: bodyHash)
        let text = try Self.stringToSign(canonical.text, at: time, scope: scope)
        let signature = try Self.signature(of: text, key: keys.key(for: scope, credentials: credentials))
        request.headers.append(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope.text), "
                + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)")
    }

    /// The second stage.
    package static func stringToSign(
        _ canonicalRequest: String, at time: Timestamp, scope: Scope
    ) throws(AWSError) -> String {
        let hash = try SHA256.hexadecimalHash(Array(canonicalRequest.utf8))
        return "AWS4-HMAC-SHA256\n\(time.basicISO8601)\n\(scope.text)\n\(hash)"
    }

    /// The third stage, in hexadecimal digits.
    package static func signature(of stringToSign: String, key: [UInt8]) throws(AWSError) -> String {
        SHA256.hexadecimal(try SHA256.authenticationCode(of: stringToSign, key: key))
    }

    /// The key that signs all requests of a day in a region to a service, of 32 bytes.
    package static func key(secret: Secret, scope: Scope) throws(AWSError) -> [UInt8] {
        var key = Array("AWS4\(secret.revealed)".utf8)
        for part in [scope.date, scope.region, scope.service, "aws4_request"] {
            key = try SHA256.authenticationCode(of: part, key: key)
        }
        return key
    }
}
