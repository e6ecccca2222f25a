internal import Glibc

/// One blocking look-up with the C library.
enum AddressLookup {
    /// `getaddrinfo(3)` for A and AAAA together. It blocks for as long as the resolver's own timeouts
    /// allow (`resolv.conf(5)`: 5 s × 2 attempts for each name server by default).
    ///
    /// Without `AI_ADDRCONFIG`, on purpose: with it, a function without an IPv6 address would not see
    /// AAAA records at all, and a name that has nothing else would look as if it did not exist. The
    /// answers are compared with each other, never connected to, so they must depend on the zone alone
    /// and not on the interface that happens to be up. The price is one more query, sent in parallel.
    static func resolve(_ name: String) throws(ResolutionError) -> ResolvedName {
        var hints = addrinfo()
        hints.ai_flags = AI_CANONNAME
        hints.ai_family = AF_UNSPEC
        // Any one type: without it, each address comes once for each.
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &first)
        guard status == 0 else { throw ResolutionError(status: status, systemError: errno, name: name) }
        defer { freeaddrinfo(first) }

        // Only the first entry has the canonical name.
        let canonicalName = first?.pointee.ai_canonname.map { String(cString: $0) }
        var addresses: [IPAddress] = []
        var entry = first
        while let current = entry {
            if let address = address(of: current.pointee) { addresses.append(address) }
            entry = current.pointee.ai_next
        }
        guard !addresses.isEmpty else {
            throw ResolutionError(.noData, name: name, reason: "neither an A nor an AAAA record")
        }
        return ResolvedName(canonicalName: canonicalName ?? name, addresses: addresses)
    }

    private static func address(of entry: addrinfo) -> IPAddress? {
        let length = Int(entry.ai_addrlen)
        guard let socketAddress = UnsafeRawPointer(entry.ai_addr) else { return nil }
        switch entry.ai_family {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            let address = socketAddress.loadUnaligned(as: sockaddr_in.self).sin_addr
            return withUnsafeBytes(of: address) { IPAddress(bytes: $0) }
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            let address = socketAddress.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return withUnsafeBytes(of: address) { IPAddress(bytes: $0) }
        default: return nil
        }
    }
}
