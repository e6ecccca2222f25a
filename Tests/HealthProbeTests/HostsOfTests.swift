import NameResolution

/// Looks `db.example.com` up, and knows no other name.
struct HostsOfTests: Resolver {
    var addresses = ["127.0.0.1"]

    func resolve(_ name: String, deadline: ContinuousClock.Instant) async throws(ResolutionError) -> ResolvedName {
        guard name == "db.example.com" else { throw ResolutionError(.notFound, name: name, reason: "unknown") }
        return ResolvedName(canonicalName: name, addresses: addresses.compactMap { IPAddress($0) })
    }
}
