@testable import AWSClient

// AWS's own settings. Of the shared files and the variables: first what is in the file of configuration, then that of
// credentials, then NAME=VALUE, with NULs between them. With `u` before it, a URL.

func fuzz(_ input: [UInt8]) throws {
    var input = Input(input)
    if input.byte() == UInt8(ascii: "u") { return try url(input.text()) }
    let (configuration, credentials) = (input.part(until: 0), input.part(until: 0))
    try file(configuration)
    try file(credentials)
    let environment = input.environment()
    do {
        let read = try AWSConfiguration(environment: environment) { path in
            path.hasSuffix("credentials") ? .bytes(credentials) : .bytes(configuration)
        }
        try check(read, environment)
    } catch let error as AWSError {
        try require(!error.description.isEmpty, "no reason is given")
        try require(
            !error.description.has(secretMark) || isElsewhere(configuration, credentials, environment: environment),
            "it is shown: \(error)")
    }
}

/// Whether the secret is also where secrets are not.
private func isElsewhere(_ files: [UInt8]..., environment: [String: String]) -> Bool {
    let mark = Array(secretMark.utf8)
    let places = ["\naws_secret_access_key = ", "\naws_secret_access_key="].map { Array($0.utf8) }
    let isInFile = files.contains { file in
        file.indices.contains { index in
            file[index...].starts(with: mark) && !places.contains { file[..<index].suffix($0.count).elementsEqual($0) }
        }
    }
    return isInFile || environment.contains { $0.key != "AWS_SECRET_ACCESS_KEY" && $0.value.has(secretMark) }
}

private func check(_ configuration: AWSConfiguration, _ environment: [String: String]) throws {
    let isPlain = { (text: String) in
        text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }
    try require(
        configuration.region.map { isPlain($0) && !$0.isEmpty } ?? true, "a region \(configuration.region ?? "")")
    try require((1...100).contains(configuration.maximumAttempts), "\(configuration.maximumAttempts) attempts")
    try require(configuration.userAgent.utf8.allSatisfy { (0x20...0x7E).contains($0) }, configuration.userAgent)
    try require(configuration.userAgent.utf8.count < 150, configuration.userAgent)
    if case .fixed(let credentials) = configuration.credentials {
        try require(!credentials.accessKeyID.isEmpty && !credentials.secretAccessKey.revealed.isEmpty, "no key")
    }
    if case .container(let endpoint) = configuration.credentials {
        let host = endpoint.url.host
        let isNear =
            ["localhost", "169.254.170.2", "169.254.170.23"].contains(host) || host.hasPrefix("127.") || host.has(":")
        try require(endpoint.url.scheme == "https" || isNear, "a secret goes in the clear to \(host)")
    }
    for service in AWSService.all {
        do {
            let endpoint = try configuration.endpoints.endpoint(
                for: service, region: configuration.region ?? "eu-west-1")
            try same(endpoint.url)
        } catch let error as AWSError { try require(error.code == .invalidConfiguration, "\(error)") }
    }
}

/// The sections of a file, written as such, are the same.
private func file(_ bytes: [UInt8]) throws {
    let file: ProfileFile
    do throws(AWSError) { file = try ProfileFile(parsing: bytes, path: "file") } catch {
        // It may be a secret, and so none of it is shown, not even that it is one.
        try require(error.description.has("line ") && !error.description.has(secretMark), "\(error)")
        return
    }
    var text = ""
    for section in file.sections {
        text += "[\(section.name)]\n"
        for (key, value) in section.values.sorted(by: { $0.key < $1.key }) { text += " \(key) = \(value)\n" }
    }
    let again = try ProfileFile(parsing: Array(text.utf8), path: "file")
    try require(again == file, "\(file.sections) is read as \(again.sections)")
}

private func url(_ text: String) throws {
    guard let url = try? WebURL(parsing: text) else { return }
    try require(["http", "https"].contains(url.scheme) && url.port != 0, "\(url)")
    try require(!url.host.isEmpty && url.host.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "\(url)")
    try require(!url.host.utf8.contains { "/?#@\\[]".utf8.contains($0) }, "\(url)")
    try require(!url.host.has(":") || WebURL.addressBytes(url.host)?.count == 16, "\(url)")
    try require(url.path.isEmpty || url.path.hasPrefix("/"), "\(url)")
    try same(url)
}

private func same(_ url: WebURL) throws {
    var expected = url
    if expected.path.isEmpty { expected.path = "/" }
    do {
        let again = try WebURL(parsing: url.text)
        try require(again == expected, "\(url) is read as \(again)")
    } catch let error as WebURL.Problem { throw WrongResult(reason: "\(url.text) cannot be read: \(error.reason)") }
}
