/// What makes connections for protocols other than HTTP. `HTTPClient` is the real one.
package protocol StreamConnector: Sendable {
    /// Looks the name up, connects, and secures the connection.
    ///
    /// - Parameter deadline: of that alone; each read and write has its own.
    /// - Returns: the connection, which the caller has to close.
    /// - Throws: `HTTPTransportError`, whose `phase` says how far it had come.
    func connect(
        to endpoint: StreamEndpoint, deadline: ContinuousClock.Instant
    ) async throws(HTTPTransportError) -> any ByteStream
}

/// A connection, with or without TLS. One read or write at a time.
package protocol ByteStream: Sendable {
    /// - Returns: when all bytes are on their way.
    func write(_ bytes: [UInt8], deadline: ContinuousClock.Instant) async throws(HTTPTransportError)
    /// - Returns: what has come, 1 to 16,384 bytes; none where the peer has closed the connection.
    func read(deadline: ContinuousClock.Instant) async throws(HTTPTransportError) -> [UInt8]
    /// At once, and for good; a read or write that is under way fails.
    func close()
}

package struct StreamEndpoint: Sendable, Hashable {
    package struct TLS: Sendable, Hashable {
        /// What the certificate has to be for; nil for the host.
        package var serverName: String?
        /// A PEM file of the certification authorities to trust; nil for those of the system.
        package var caBundle: String?

        package init(serverName: String? = nil, caBundle: String? = nil) {
            self.serverName = serverName
            self.caBundle = caBundle
        }
    }

    /// A name or an address.
    package var host: String
    /// 1 to 65535
    package var port: Int
    package var tls: TLS?

    package init(host: String, port: Int, tls: TLS?) {
        self.host = host
        self.port = port
        self.tls = tls
    }
}
