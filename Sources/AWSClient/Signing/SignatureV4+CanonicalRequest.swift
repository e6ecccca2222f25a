package import HTTPTransport

extension SignatureV4 {
    package struct CanonicalRequest: Sendable, Equatable {
        package var text: String
        /// Their names, sorted, as in `host;x-amz-date`.
        package var signedHeaders: String
    }

    /// Hops between here and AWS may add or change these, and `User-Agent` is rewritten by many proxies;
    /// the SDKs leave out the same.
    private static let unsignedHeaders: Set<String> = [
        "authorization", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "te",
        "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
    ]

    /// The first stage: the request in the one form that both sides compute it in.
    ///
    /// - Throws: where the URL of the request is none.
    package static func canonicalRequest(
        _ request: HTTPRequest, bodyHash: String
    ) throws(AWSError) -> CanonicalRequest {
        let url: WebURL
        do { url = try WebURL(parsing: request.url) } catch {
            throw AWSError(.invalidConfiguration, "the URL \(request.url) cannot be signed: \(error.reason)")
        }
        var headers: [String: [String]] = [:]
        for field in request.headers.fields {
            let name = field.name.lowercased()
            if !unsignedHeaders.contains(name) { headers[name, default: []].append(folded(field.value)) }
        }
        if headers["host"] == nil { headers["host"] = [url.authority] }
        let names = headers.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let signedHeaders = names.joined(separator: ";")
        let lines = names.map { "\($0):\(headers[$0, default: []].joined(separator: ","))\n" }.joined()
        let text = """
            \(request.method)
            \(canonicalPath(url.path))
            \(canonicalQuery(url.query))
            \(lines)
            \(signedHeaders)
            \(bodyHash)
            """
        return CanonicalRequest(text: text, signedHeaders: signedHeaders)
    }

    /// The path without `.`, `..` and empty segments, and encoded once more: `%20` becomes `%2520`.
    private static func canonicalPath(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": continue
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        let end = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
        return PercentEncoding.encode("/" + segments.joined(separator: "/") + end, keepingSlashes: true)
    }

    /// The pairs of the query, as they are encoded already, sorted by name and then by value; a name
    /// without a value gets its `=`.
    private static func canonicalQuery(_ query: String?) -> String {
        guard let query, !query.isEmpty else { return "" }
        let pairs = query.split(separator: "&", omittingEmptySubsequences: false).map {
            pair -> (name: Substring, value: Substring) in
            let name: Substring = pair.prefix { $0 != "=" }
            return (name: name, value: pair.dropFirst(name.count + 1))
        }
        // Not of the joined texts: "a=" sorts after "a-b=", "a" before "a-b".
        let sorted = pairs.sorted { left, right in
            left.name == right.name
                ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        return sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    /// The value without white space at its ends, each run of it inside as one space.
    private static func folded(_ value: String) -> String {
        let space: Set<UInt8> = [0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20]
        return value.utf8.split { space.contains($0) }.map { String(Substring($0)) }.joined(separator: " ")
    }
}
