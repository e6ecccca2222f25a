internal import HTTPTransport

extension ServiceCall {
    /// - Returns: what Route 53 is asked, as its paths say it; the body of what changes something is `Body`.
    static func route53(_ request: HTTPRequest) -> (operation: String, parameters: [String: String]) {
        let parts = request.url.split(separator: "?", maxSplits: 1)
        // https:, host, version
        let path = (parts.first ?? "").split(separator: "/").dropFirst(3)
        var parameters: [String: String] = [:]
        for pair in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
            let name = pair.prefix { $0 != "=" }
            parameters[String(name)] = decoded(Array(pair.dropFirst(name.count + 1).utf8)[...])
        }
        if path.count > 1 { parameters["Id"] = String(path[path.startIndex + 1]) }
        switch (path.first, path.count, request.method) {
        case ("change", _, _): return ("GetChange", parameters)
        case (_, 2, _): return ("GetHostedZone", parameters)
        case (_, _, "POST"):
            parameters["Body"] = String(decoding: request.body, as: UTF8.self)
            return ("ChangeResourceRecordSets", parameters)
        default: return ("ListResourceRecordSets", parameters)
        }
    }
}
