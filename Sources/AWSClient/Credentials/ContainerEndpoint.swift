internal import HTTPTransport
internal import JSON

/// The endpoint that ECS, EKS Pod Identity and Greengrass give credentials at.
/// See "Container credential provider" in the reference guide of the AWS SDKs.
struct ContainerEndpoint: Sendable {
    var url: WebURL
    var tokenFile: String?
    var token: Secret?

    /// nil where no variable points to one; the relative one comes first, as in the SDKs.
    ///
    /// - Throws: where the URL is none, or would send the token over the network in the clear.
    init?(environment: [String: String]) throws(AWSError) {
        let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
        let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
        if let path = environment.nonEmpty(relative) {
            url = try Self.url(
                "http://169.254.170.2\(path)", variable: relative, value: path, isRight: path.hasPrefix("/"))
        } else if let text = environment.nonEmpty(full) {
            url = try Self.url(text, variable: full, value: text, isRight: true)
        } else {
            return nil
        }
        tokenFile = environment.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
        token = environment.nonEmpty("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(Secret.init)
    }

    /// The request for credentials. The token file is read each time: what is in it changes.
    func request(readFile: FileReader) throws(AWSError) -> HTTPRequest {
        var request = HTTPRequest(method: "GET", url: url.text)
        request.connectTimeout = .seconds(2)
        request.maximumBodySize = 64 << 10
        // It is on this machine, or on its own link: a proxy would see the token, and not find it.
        request.usesProxy = false
        request.headers.append("Accept", "application/json")
        if let token = try authorization(readFile: readFile) { request.headers.append("Authorization", token) }
        return request
    }

    /// Reads an answer. No message quotes it: it is full of secrets.
    func credentials(from response: HTTPResponse) throws(AWSError) -> AWSCredentials {
        let document = try? JSONValue(parsing: response.body)
        guard response.status == 200 else {
            var error = AWSError(.noCredentials, "the container endpoint \(url.text) gave no credentials")
            error.status = response.status
            if case .string(let code)? = document?["code"] ?? document?["Code"] {
                error.awsCode = AWSError.printable(code, limit: 100)
            }
            if case .string(let message)? = document?["message"] ?? document?["Message"] {
                error.message += ": \(AWSError.printable(message))"
            }
            throw error
        }
        guard let document, let id = text(document, "AccessKeyId"), let secret = text(document, "SecretAccessKey"),
            let token = text(document, "Token")
        else {
            throw AWSError(
                .noCredentials,
                "the container endpoint \(url.text) answered without AccessKeyId, SecretAccessKey and Token in JSON")
        }
        var expiration: Timestamp?
        if let text = text(document, "Expiration") {
            expiration = Timestamp(iso8601: text)
            guard expiration != nil else {
                throw AWSError(.noCredentials, "the Expiration that the container endpoint \(url.text) gave is no time")
            }
        }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(token), expiration: expiration,
            source: "the container endpoint \(url.text)")
    }

    private func text(_ document: JSONValue, _ key: String) -> String? {
        guard case .string(let text)? = document[key], !text.isEmpty else { return nil }
        return text
    }

    private func authorization(readFile: FileReader) throws(AWSError) -> String? {
        let origin =
            tokenFile.map { "the file \($0) (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)" }
            ?? "AWS_CONTAINER_AUTHORIZATION_TOKEN"
        guard let text = try tokenText(readFile: readFile, origin: origin) else { return nil }
        // It would end the header, and begin another of somebody else's choice.
        guard !text.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
            throw AWSError(.invalidConfiguration, "the token in \(origin) holds a line break, which a header cannot")
        }
        return text
    }

    private func tokenText(readFile: FileReader, origin: String) throws(AWSError) -> String? {
        guard let tokenFile else { return token?.revealed }
        switch readFile(tokenFile) {
        case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .missing: throw AWSError(.noCredentials, "\(origin) does not exist")
        case .unreadable(let reason): throw AWSError(.noCredentials, "\(origin) cannot be read: \(reason)")
        }
    }

    private static func url(
        _ text: String, variable: String, value: String, isRight: Bool
    ) throws(AWSError) -> WebURL {
        let shown = Settings.Value(value: value, origin: variable)
        guard isRight else { throw shown.refused("expected a path that begins with a slash") }
        let url: WebURL
        do { url = try WebURL(parsing: text) } catch { throw shown.refused(error.reason) }
        guard url.scheme == "https" || isTrusted(url.host) else {
            throw shown.refused(
                "expected https, or http to loopback, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]: the request "
                    + "carries a secret token")
        }
        return url
    }

    /// Hosts that are reached without a network that others are on. Names are not looked up: they may
    /// mean something else the next time.
    private static func isTrusted(_ host: String) -> Bool {
        if host == "localhost" { return true }
        guard let address = WebURL.addressBytes(host) else { return false }
        if address.count == 4, address[0] == 127 { return true }
        return ["169.254.170.2", "169.254.170.23", "::1", "fd00:ec2::23"].contains {
            WebURL.addressBytes($0) == address
        }
    }
}
