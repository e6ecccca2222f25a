import CLibcrypto
import Foundation

/// Checks Signature Version 4 in the Authorization header, by the page "Create a signed AWS API
/// request" of the IAM user guide. Written from that page, apart from the product's signer.
struct SignatureVerifier: Sendable {
    /// The credential scope, as far as it can be read without checking anything.
    struct Scope: Sendable {
        var accessKeyID: String
        var date: String
        var region: String
        var service: String
        var signedHeaders: [String]
        var signature: String
    }

    static let tolerance: TimeInterval = 15 * 60

    let credentials: CredentialStore
    /// Real time, plus the skew that a test may set.
    let now: @Sendable () -> Date

    static func scope(of request: LocalHTTPRequest) -> Scope? {
        guard let header = request.headers["authorization"], header.hasPrefix("AWS4-HMAC-SHA256") else { return nil }
        var fields: [String: String] = [:]
        for field in header.dropFirst("AWS4-HMAC-SHA256".count).split(separator: ",") {
            let halves = field.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else { continue }
            fields[halves[0].trimmingCharacters(in: .whitespaces)] = halves[1].trimmingCharacters(in: .whitespaces)
        }
        guard let credential = fields["Credential"], let signedHeaders = fields["SignedHeaders"],
            let signature = fields["Signature"]
        else { return nil }
        let parts = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[4] == "aws4_request" else { return nil }
        return Scope(
            accessKeyID: parts[0], date: parts[1], region: parts[2], service: parts[3],
            signedHeaders: signedHeaders.split(separator: ";").map(String.init), signature: signature
        )
    }

    /// - Returns: who it is.
    func verify(_ request: LocalHTTPRequest) throws(AWSFailure) -> LocalCredentials {
        guard request.headers["authorization"] != nil else {
            throw AWSFailure(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
        }
        guard let scope = Self.scope(of: request) else {
            throw AWSFailure(
                400, "IncompleteSignature",
                "The Authorization header has no credential scope, signed headers and signature of AWS4-HMAC-SHA256."
            )
        }
        let known = try identify(scope, token: request.headers["x-amz-security-token"])
        let date = try checkedDate(of: request, scope: scope)
        for name in request.headers.keys.filter({ $0 == "host" || $0.hasPrefix("x-amz-") })
        where !scope.signedHeaders.contains(name) {
            throw AWSFailure(403, "SignatureDoesNotMatch", "Header '\(name)' must be signed, and is not.")
        }
        let bodyHash = Self.hex(Self.sha256(request.body))
        if let claimed = request.headers["x-amz-content-sha256"], claimed != bodyHash {
            throw AWSFailure(403, "SignatureDoesNotMatch", "X-Amz-Content-Sha256 is not the hash of the body.")
        }
        let canonical = Self.canonicalRequest(request, signedHeaders: scope.signedHeaders, bodyHash: bodyHash)
        let stringToSign = [
            "AWS4-HMAC-SHA256", date, "\(scope.date)/\(scope.region)/\(scope.service)/aws4_request",
            Self.hex(Self.sha256(Data(canonical.utf8))),
        ].joined(separator: "\n")
        var key = Data("AWS4\(known.secretAccessKey)".utf8)
        for part in [scope.date, scope.region, scope.service, "aws4_request", stringToSign] {
            key = Self.hmac(key: key, Data(part.utf8))
        }
        guard Self.hex(key) == scope.signature else {
            throw AWSFailure(
                403, "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Expected the "
                    + "canonical string '\(canonical)' and the string to sign '\(stringToSign)'."
            )
        }
        return known
    }

    private func identify(_ scope: Scope, token: String?) throws(AWSFailure) -> LocalCredentials {
        guard let known = credentials[scope.accessKeyID], known.sessionToken == token else {
            throw AWSFailure(
                403, "InvalidClientTokenId", "The security token included in the request is invalid."
            )
        }
        if let expiration = known.expiration, expiration < now() {
            throw AWSFailure(403, "ExpiredToken", "The security token included in the request is expired")
        }
        return known
    }

    private func checkedDate(of request: LocalHTTPRequest, scope: Scope) throws(AWSFailure) -> String {
        guard let text = request.headers["x-amz-date"], let date = AWSDate.parseBasic(text) else {
            throw AWSFailure(400, "IncompleteSignature", "Date must be in ISO-8601 'basic format', in X-Amz-Date.")
        }
        guard text.hasPrefix(scope.date) else {
            throw AWSFailure(
                403, "SignatureDoesNotMatch", "Date in Credential scope does not match YYYYMMDD from ISO-8601 version."
            )
        }
        let now = now()
        let age = now.timeIntervalSince(date)
        if age > Self.tolerance {
            throw AWSFailure(
                403, "SignatureDoesNotMatch",
                "Signature expired: \(text) is now earlier than \(AWSDate.basic(now - Self.tolerance)) "
                    + "(\(AWSDate.basic(now)) - 15 min.)"
            )
        }
        if age < -Self.tolerance {
            throw AWSFailure(
                403, "SignatureDoesNotMatch",
                "Signature not yet current: \(text) is still later than \(AWSDate.basic(now + Self.tolerance)) "
                    + "(\(AWSDate.basic(now)) + 15 min.)"
            )
        }
        return text
    }

    // MARK: The canonical request

    static func canonicalRequest(_ request: LocalHTTPRequest, signedHeaders: [String], bodyHash: String) -> String {
        // The path is encoded once more than on the wire, for every service but S3.
        let path = FormCoding.percentEncode(request.path.utf8, keeping: "/")
        let query = request.query.split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (recode(halves.first ?? ""), recode(halves.count > 1 ? halves[1] : ""))
        }
        let headers = signedHeaders.map { name in
            let value = (request.headers[name] ?? "").split(separator: " ").joined(separator: " ")
            return "\(name):\(value)\n"
        }
        return [
            request.method,
            path.isEmpty ? "/" : path,
            query.sorted { $0 < $1 }.map { "\($0.0)=\($0.1)" }.joined(separator: "&"),
            headers.joined(),
            signedHeaders.joined(separator: ";"),
            bodyHash,
        ].joined(separator: "\n")
    }

    /// In a signature a blank is `%20`, and `+` in a query is a plus sign.
    private static func recode(_ text: Substring) -> String {
        FormCoding.percentEncode((text.removingPercentEncoding ?? String(text)).utf8)
    }

    // MARK: Hashes

    static func sha256(_ data: Data) -> Data {
        var digest = Data(count: Int(SHA256_DIGEST_LENGTH))
        digest.withUnsafeMutableBytes { digest in
            data.withUnsafeBytes { bytes in
                // The result is the pointer handed in; there is no way to fail.
                _ = SHA256(
                    bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count,
                    digest.bindMemory(to: UInt8.self).baseAddress)
            }
        }
        return digest
    }

    static func hmac(key: Data, _ data: Data) -> Data {
        var digest = Data(count: Int(SHA256_DIGEST_LENGTH))
        digest.withUnsafeMutableBytes { digest in
            key.withUnsafeBytes { key in
                data.withUnsafeBytes { bytes in
                    _ = HMAC(
                        EVP_sha256(), key.baseAddress, Int32(key.count), bytes.bindMemory(to: UInt8.self).baseAddress,
                        bytes.count, digest.bindMemory(to: UInt8.self).baseAddress, nil
                    )
                }
            }
        }
        return digest
    }

    static func hex(_ data: Data) -> String {
        data.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
