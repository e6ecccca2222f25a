import HTTPTransport

@testable import HealthProbe

// Replies of a Redis server. Its first byte says into what pieces the rest is cut.

func fuzz(_ input: [UInt8]) throws {
    guard let size = input.first.map({ Int($0) + 1 }) else { return }
    let bytes = input.dropFirst()
    let whole = parse([bytes])
    let pieces = stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map {
        bytes[$0..<min($0 + size, bytes.endIndex)]
    }
    let inPieces = parse(pieces)
    // Of more than one reply can have, in pieces that is found first.
    if bytes.count <= RESPParser.maximumSize {
        try require(whole.values == inPieces.values, "pieces of \(size) bytes make \(inPieces.values)")
        try require(whole.violation == inPieces.violation, "pieces of \(size) bytes are refused otherwise")
    }
    let again = parse([whole.values.flatMap(serialized)[...]])
    try require(again.violation == nil && again.values == whole.values, "sent again, it reads \(again.values)")
    // A number can have zeros before it, and is longer then than it has to be.
    let exact = whole.values.flatMap(serialized)
    if whole.isAll, exact.count == bytes.count, whole.values.allSatisfy(isKept) {
        try require(exact == Array(bytes), "it is not what came")
    }
    for case .error(let error) in whole.values { try redirection(error) }
}

/// A node that a server names becomes part of a URL.
private func redirection(_ error: RedisError) throws {
    let node = StreamEndpoint(host: "redis.example.com", port: 6379, tls: .init(serverName: "redis.example.com"))
    guard let redirection = Redirection(error, from: node) else { return }
    let endpoint = redirection.endpoint
    try require((1...65_535).contains(endpoint.port) && !endpoint.host.isEmpty, "\(endpoint)")
    let isPlain = endpoint.host.utf8.allSatisfy { byte in
        let isLetter = (0x61...0x7A).contains(byte | 0x20)
        return isLetter || (0x30...0x39).contains(byte) || ".-_:".utf8.contains(byte)
    }
    try require(isPlain && error.message.has(String(endpoint.port)), "\(endpoint)")
    try require(endpoint.tls?.serverName != "", "\(endpoint)")
}

private func parse(
    _ pieces: [ArraySlice<UInt8>]
) -> (values: [RESPValue], violation: RESPParser.Violation?, isAll: Bool) {
    var parser = RESPParser()
    var values: [RESPValue] = []
    do throws(RESPParser.Violation) {
        for piece in pieces {
            parser.append(Array(piece))
            while let value = try parser.next() { values.append(value) }
        }
        return (values, nil, parser.isEmpty)
    } catch { return (values, error, false) }
}

private func serialized(_ value: RESPValue) -> [UInt8] {
    switch value {
    case .simple(let text): Array("+\(text)\r\n".utf8)
    case .error(let error): Array("-\(error.message)\r\n".utf8)
    case .integer(let number): Array(":\(number)\r\n".utf8)
    case .bulk(let bytes): Array("$\(bytes.count)\r\n".utf8) + bytes + [13, 10]
    case .null: Array("$-1\r\n".utf8)
    case .array(let elements): Array("*\(elements.count)\r\n".utf8) + elements.flatMap(serialized)
    }
}

/// Texts are shown, and not kept: what is not printable becomes a question mark. Null has two forms.
private func isKept(_ value: RESPValue) -> Bool {
    switch value {
    case .simple, .error, .null: false
    case .integer, .bulk: true
    case .array(let elements): elements.allSatisfy(isKept)
    }
}
