internal import HTTPTransport

/// Where a cluster sends a command: `MOVED 3999 10.0.0.1:6379`, or `ASK` with the same.
struct Redirection: Equatable {
    var endpoint: StreamEndpoint
    /// The slot is moving, and the node has to be asked especially.
    var isTemporary: Bool

    /// - Parameter node: that which said so.
    /// - Returns: nil where the error is none, or names no node.
    init?(_ error: RedisError, from node: StreamEndpoint) {
        let words = error.message.split(separator: " ")
        guard error.code == "MOVED" || error.code == "ASK", words.count == 3,
            let colon = words[2].lastIndex(of: ":"), let port = Int(words[2][words[2].index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        let host = String(words[2][..<colon])
        guard host == "?" || host.utf8.allSatisfy(Self.canBeInHost) else { return nil }
        isTemporary = error.code == "ASK"
        endpoint = node
        endpoint.port = port
        // Without a host, or with one that the node does not know, it is the one that said so.
        guard !host.isEmpty, host != "?" else { return }
        endpoint.host = host
        // Certificates are for names: a node that is named by its address has to have that of the endpoint.
        let isAddress = host.utf8.contains(UInt8(ascii: ":")) || host.utf8.allSatisfy { (46...57).contains($0) }
        endpoint.tls?.serverName = isAddress ? node.tls?.serverName ?? node.host : nil
    }

    /// It becomes part of a URL.
    private static func canBeInHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
