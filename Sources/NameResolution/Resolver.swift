/// Asks for the addresses of a host.
package protocol Resolver: Sendable {
    /// The addresses of `name` as they are now; nothing is cached.
    ///
    /// - Parameters:
    ///   - name: a host name, with or without final dot; with it, no search domain is tried.
    ///   - deadline: when to give up. The call returns by then whatever the name servers do.
    /// - Throws: ``ResolutionError``, also where the task is cancelled (`.cancelled`).
    func resolve(_ name: String, deadline: ContinuousClock.Instant) async throws(ResolutionError) -> ResolvedName
}

/// What a name resolved to.
package struct ResolvedName: Sendable, Equatable {
    /// The name at the end of the CNAME chain, as ``normalizedHostName(_:)`` writes it; the name asked
    /// for, where there is no chain. An alias record leaves no trace here.
    package let canonicalName: String
    /// A and AAAA, each address once, in the order of ``IPAddress``. Never empty from a resolver.
    package let addresses: [IPAddress]

    package init(canonicalName: String, addresses: some Sequence<IPAddress>) {
        self.canonicalName = normalizedHostName(canonicalName)
        self.addresses = Set(addresses).sorted()
    }
}
