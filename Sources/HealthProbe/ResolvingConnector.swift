package import HTTPTransport
package import NameResolution

/// Makes connections to names that a resolver looks up, and not the connector.
///
/// libcurl starts a thread for each connection that it looks a name up for, and leaves that to itself where the name
/// server hangs: 100 endpoints came to 400 threads and 800 descriptors, and Lambda allows 1,024 of each. A resolver has
/// few threads, and looks a name up once however many want it.
package struct ResolvingConnector: StreamConnector {
    private let connector: any StreamConnector
    private let resolver: any Resolver
    private let now: @Sendable () -> ContinuousClock.Instant

    package init(
        _ connector: any StreamConnector, resolver: any Resolver,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.connector = connector
        self.resolver = resolver
        self.now = now
    }

    /// Connects to the first of the addresses that can be reached.
    package func connect(
        to endpoint: StreamEndpoint, deadline: ContinuousClock.Instant
    ) async throws(HTTPTransportError) -> any ByteStream {
        guard IPAddress(endpoint.host) == nil else {
            return try await connector.connect(to: endpoint, deadline: deadline)
        }
        let addresses = try await addresses(of: endpoint, deadline: deadline)
        var resolved = endpoint
        resolved.tls?.serverName = endpoint.tls?.serverName ?? endpoint.host
        for (index, address) in addresses.enumerated().dropLast() {
            resolved.host = address.description
            do throws(HTTPTransportError) {
                // One that is dead must leave time for the others.
                let share = (deadline - now()) / (addresses.count - index)
                return try await connector.connect(to: resolved, deadline: now() + share)
            } catch {
                guard error.code != .cancelled, error.phase == .connect else { throw error }
            }
        }
        guard let last = addresses.last else { throw failure(.nameNotResolved, endpoint, "the name has no address") }
        resolved.host = last.description
        return try await connector.connect(to: resolved, deadline: deadline)
    }

    private func addresses(
        of endpoint: StreamEndpoint, deadline: ContinuousClock.Instant
    ) async throws(HTTPTransportError) -> [IPAddress] {
        do throws(ResolutionError) {
            return try await resolver.resolve(endpoint.host, deadline: deadline).addresses
        } catch {
            let code: HTTPTransportError.Code =
                switch error.code {
                case .timedOut: .deadlineExceeded
                case .cancelled: .cancelled
                default: .nameNotResolved
                }
            throw failure(code, endpoint, error.description)
        }
    }

    private func failure(
        _ code: HTTPTransportError.Code, _ endpoint: StreamEndpoint, _ reason: String
    ) -> HTTPTransportError {
        HTTPTransportError(
            code: code, activity: "connection to \(endpoint.host):\(endpoint.port)", reason: reason,
            requestMayHaveBeenSent: false, phase: .nameLookup)
    }
}
