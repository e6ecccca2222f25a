package import AWSClient
internal import HTTPTransport
package import HealthProbe
internal import NameResolution

/// What is to be known of one probe.
package struct ProbeSettings: Sendable, Equatable {
    package enum Login: Sendable, Equatable {
        case none
        case credentials(RedisCredentials)
        /// `REDIS_SECRET_ARN`, and `REDIS_USERNAME` for where the secret names nobody.
        case secret(id: String, username: String?)
    }

    package var target: ProbeTarget
    package var login: Login
    package var smoothing: HealthState.Smoothing
    /// `METRIC_DIMENSIONS`, in the order of their names.
    package var dimensions: [Metric.Dimension]

    /// - Parameters:
    ///   - name: nil for host and port.
    ///   - isOneOfMany: its metric must be told from those of others.
    init(_ reader: inout EnvironmentReader, name: String?, isOneOfMany: Bool) {
        let host = reader.required(
            "REDIS_HOST",
            "set it to the host of the endpoint, such as master.sessions.abc123.use1.cache.amazonaws.com; an address without brackets"
        ) { isHostName($0) || IPAddress($0) != nil || $0 == "localhost" }
        let port = reader.integer("REDIS_PORT", in: 1...65_535, default: 6379)
        let name = name ?? "\(host):\(port)"
        target = ProbeTarget(
            name: name, endpoint: StreamEndpoint(host: host, port: port, tls: Self.tls(&reader)),
            expectedRole: Self.role(&reader),
            whenReadOnly: reader.word("WHEN_READ_ONLY", of: ProbeTarget.WhenReadOnly.self, default: .unhealthy),
            connectTimeout: reader.seconds("CONNECT_TIMEOUT_SECONDS", from: .milliseconds(50), upTo: 30) ?? .seconds(2),
            readTimeout: reader.seconds("READ_TIMEOUT_SECONDS", from: .milliseconds(50), upTo: 30) ?? .seconds(2))
        login = Self.login(&reader)
        smoothing = HealthState.Smoothing(
            failuresToUnhealthy: reader.integer("FAILURES_TO_UNHEALTHY", in: 1...100, default: 1),
            successesToHealthy: reader.integer("SUCCESSES_TO_HEALTHY", in: 1...100, default: 1))
        dimensions = reader.dimensions("METRIC_DIMENSIONS")
        if dimensions.isEmpty, isOneOfMany { dimensions = [.init(name: "Probe", value: name)] }
    }

    private static func tls(_ reader: inout EnvironmentReader) -> StreamEndpoint.TLS? {
        let isOn = reader.flag("REDIS_TLS", default: true)
        let caBundle = reader.value("REDIS_CA_BUNDLE")
        let serverName = reader.value("REDIS_TLS_SERVER_NAME")
        if let serverName, !isHostName(serverName), IPAddress(serverName) == nil {
            reader.refuse(
                "REDIS_TLS_SERVER_NAME",
                "set it to the host name that the certificate is for, where REDIS_HOST is a name of your own for it")
        }
        guard isOn else {
            // What else REDIS_TLS may be, has been refused.
            guard reader.value("REDIS_TLS")?.lowercased() == "false" else { return nil }
            for (variable, value) in [("REDIS_CA_BUNDLE", caBundle), ("REDIS_TLS_SERVER_NAME", serverName)] {
                guard value != nil else { continue }
                reader.refuse(
                    variable, "leave it out, or REDIS_TLS=false: without TLS there is no certificate to check")
            }
            return nil
        }
        return StreamEndpoint.TLS(serverName: serverName, caBundle: caBundle)
    }

    private static func role(_ reader: inout EnvironmentReader) -> ProbeTarget.Role? {
        reader.value("EXPECT_ROLE").map { _ in
            reader.word("EXPECT_ROLE", of: ProbeTarget.Role.self, default: .primary)
        }
    }

    private static func login(_ reader: inout EnvironmentReader) -> Login {
        let username = reader.value("REDIS_USERNAME")
        let password = reader.value("REDIS_PASSWORD")
        if let secret = reader.value("REDIS_SECRET_ARN") {
            if password != nil, !reader.isOwn("REDIS_SECRET_ARN") {
                reader.refuse(
                    "REDIS_PASSWORD", "leave it out, or REDIS_SECRET_ARN: the password is to be in one of them",
                    showsValue: false)
            }
            return .secret(id: secret, username: username)
        }
        guard let password else {
            if username != nil {
                reader.refuse(
                    "REDIS_USERNAME", "set REDIS_SECRET_ARN as well, or REDIS_PASSWORD: the user has a password")
            }
            return .none
        }
        return .credentials(RedisCredentials(username: username, password: Secret(password)))
    }
}
