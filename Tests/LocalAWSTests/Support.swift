import Foundation
import Testing

@testable import LocalAWS

extension LocalAWS {
    /// With a clock that stands still.
    static func sample(threeRegions: Bool = false) throws -> LocalAWS {
        var configuration = LocalAWSConfiguration()
        configuration.clock = .manual
        return try sampleWorld(configuration, threeRegions: threeRegions)
    }

    /// A query request, signed. That the signature is right in itself is checked against published ones
    /// in `SignatureTests`, and by botocore.
    static func query(
        _ action: String, _ parameters: [String: String] = [:], service: String = "elasticache",
        version: String = "2015-02-02", region: String = "us-west-2",
        credentials: LocalCredentials = CredentialStore.user
    ) -> LocalHTTPRequest {
        let form = parameters.merging(["Action": action, "Version": version]) { $1 }
        let body = form.sorted { $0.key < $1.key }
            .map { "\($0.key)=\(FormCoding.percentEncode($0.value.utf8))" }.joined(separator: "&")
        let request = LocalHTTPRequest(method: "POST", path: "/", body: Data(body.utf8))
        return signed(request, service: service, region: region, credentials: credentials)
    }

    /// A request of a JSON protocol, signed.
    /// - Parameter target: `AmazonSSM.GetParameter`.
    static func json(
        _ target: String, _ form: [String: Any], service: String, region: String = "us-west-2"
    ) throws -> LocalHTTPRequest {
        let request = LocalHTTPRequest(
            method: "POST", path: "/",
            headers: ["x-amz-target": target, "content-type": "application/x-amz-json-1.1"],
            body: try JSONSerialization.data(withJSONObject: form)
        )
        return signed(request, service: service, region: region)
    }

    static func signed(
        _ request: LocalHTTPRequest, service: String, region: String,
        credentials: LocalCredentials = CredentialStore.user, date: Date = Date()
    ) -> LocalHTTPRequest {
        var request = request
        let time = AWSDate.basic(date)
        request.headers["host"] = "127.0.0.1"
        request.headers["x-amz-date"] = time
        request.headers["x-amz-security-token"] = credentials.sessionToken
        let names = request.headers.keys.sorted()
        let canonical = SignatureVerifier.canonicalRequest(
            request, signedHeaders: names, bodyHash: SignatureVerifier.hex(SignatureVerifier.sha256(request.body))
        )
        let scope = [String(time.prefix(8)), region, service, "aws4_request"]
        let digest = SignatureVerifier.hex(SignatureVerifier.sha256(Data(canonical.utf8)))
        let text = ["AWS4-HMAC-SHA256", time, scope.joined(separator: "/"), digest].joined(separator: "\n")
        var key = Data("AWS4\(credentials.secretAccessKey)".utf8)
        for part in scope + [text] { key = SignatureVerifier.hmac(key: key, Data(part.utf8)) }
        request.headers["authorization"] =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope.joined(separator: "/")), "
            + "SignedHeaders=\(names.joined(separator: ";")), Signature=\(SignatureVerifier.hex(key))"
        return request
    }

    /// The way of the request through the emulator, without a socket.
    func ask(_ request: LocalHTTPRequest) async throws -> (status: Int, body: String) {
        guard case .respond(let status, _, let body) = await handle(request) else { throw Dropped() }
        return (status, String(decoding: body, as: UTF8.self))
    }

    /// A signed request to Route 53, its path without the version in front.
    func route53(_ method: String, _ path: String, _ body: String = "") async throws -> (status: Int, body: String) {
        let request = LocalHTTPRequest(method: method, path: "/2013-04-01/\(path)", body: Data(body.utf8))
        return try await ask(Self.signed(request, service: "route53", region: "us-east-1"))
    }

    func askJSON(_ request: LocalHTTPRequest) async throws -> (status: Int, body: [String: Any]) {
        guard case .respond(let status, _, let body) = await handle(request) else { throw Dropped() }
        return (status, try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:])
    }

    func failover(to region: String = "us-west-2", signedFor signing: String? = nil) async throws -> (
        status: Int, body: String
    ) {
        try await ask(
            Self.query(
                "FailoverGlobalReplicationGroup",
                [
                    "GlobalReplicationGroupId": Sample.datastoreID, "PrimaryRegion": region,
                    "PrimaryReplicationGroupId": Sample.member(in: region),
                ], region: signing ?? region
            )
        )
    }
}

/// The emulator closed the connection instead of answering.
struct Dropped: Error {}

extension String {
    /// The text of the first element of that name.
    func element(_ name: String) -> String? {
        guard let start = firstRange(of: "<\(name)>"), let end = self[start.upperBound...].firstRange(of: "</\(name)>")
        else { return nil }
        return String(self[start.upperBound..<end.lowerBound])
    }

    /// The texts of all elements of that name, with what is inside them.
    func elements(_ name: String) -> [String] {
        components(separatedBy: "<\(name)>").dropFirst().compactMap { $0.components(separatedBy: "</\(name)>").first }
    }
}
