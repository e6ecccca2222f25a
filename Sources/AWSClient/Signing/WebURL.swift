internal import Glibc

/// An absolute `http:` or `https:` URL in its parts, as they are encoded.
package struct WebURL: Sendable, Equatable {
    package struct Problem: Error, Equatable {
        /// What is wrong with it, as in `its port is not a number from 1 to 65535`.
        package var reason: String
    }

    package var scheme: String
    /// In lower case, an IPv6 address without its brackets.
    package var host: String
    /// nil where it is the default one of the scheme.
    package var port: UInt16?
    /// Empty, or beginning with a slash.
    package var path: String
    package var query: String?

    package init(parsing text: String) throws(Problem) {
        // Spaces and control characters would end the request line; what is not ASCII must come encoded.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw Problem(reason: "it holds a space, a backslash, a control character or one that is not ASCII")
        }
        guard let separator = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[separator...].hasPrefix("://") else {
            throw Problem(reason: "it does not begin with http:// or https://")
        }
        scheme = text[..<separator].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw Problem(reason: "it does not begin with http:// or https://")
        }
        let rest = text[separator...].dropFirst(3)
        guard !rest.contains("#") else { throw Problem(reason: "it has a fragment") }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let target = rest.dropFirst(authority.count)
        let path = target.prefix { $0 != "?" }
        self.path = String(path)
        query = path.count < target.count ? String(target.dropFirst(path.count + 1)) : nil
        let (host, port) = try Self.split(authority.lowercased())
        self.host = host
        self.port = port == (scheme == "https" ? 443 : 80) ? nil : port
    }

    /// Host and port as the `Host` header has them: the port only where it is not the default one.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    package var text: String {
        "\(scheme)://\(authority)\(path.isEmpty ? "/" : path)\(query.map { "?\($0)" } ?? "")"
    }

    private static func split(_ authority: String) throws(Problem) -> (host: String, port: UInt16?) {
        guard !authority.contains("@") else { throw Problem(reason: "it has a user name") }
        var host = authority.prefix { $0 != ":" }
        var rest = authority.dropFirst(host.count)
        if authority.hasPrefix("[") {
            host = authority.dropFirst().prefix { $0 != "]" }
            rest = authority.dropFirst(host.count + 2)
            guard authority.contains("]"), addressBytes(String(host))?.count == 16 else {
                throw Problem(reason: "what stands in its brackets is no IPv6 address")
            }
        } else {
            let isName = host.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
            }
            guard isName, !host.isEmpty else { throw Problem(reason: "it has no host name") }
        }
        guard !rest.isEmpty else { return (String(host), nil) }
        // UInt16 would take a sign, too.
        guard rest.first == ":", rest.dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = UInt16(rest.dropFirst()), port > 0
        else { throw Problem(reason: "its port is not a number from 1 to 65535") }
        return (String(host), port)
    }

    /// The bytes of an IPv4 (4) or IPv6 (16) address; nil where the host is a name.
    package static func addressBytes(_ host: String) -> [UInt8]? {
        var address4 = in_addr()
        if inet_pton(AF_INET, host, &address4) == 1 { return withUnsafeBytes(of: address4) { Array($0) } }
        var address6 = in6_addr()
        if inet_pton(AF_INET6, host, &address6) == 1 { return withUnsafeBytes(of: address6) { Array($0) } }
        return nil
    }
}
