package import AWSClient
internal import HTTPTransport
package import HealthProbe
internal import NameResolution

/// What is to be known of one probe.
package struct ProbeSettings: Sendable, Equatable {
    package enum Login: Sendable, Equatable {
        case none
        case credentials(ServerCredentials)
        /// `REDIS_SECRET_ARN` and `REDIS_USERNAME`, or those of PostgreSQL; the user for where the secret names nobody.
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
        let server = ServerVariables.chosen(&reader)
        let endpoint: StreamEndpoint
        switch server {
        case .redis:
            endpoint = Self.redisEndpoint(&reader)
            login = Self.redisLogin(&reader)
        case .postgres:
            endpoint = Self.postgresEndpoint(&reader)
            login = Self.postgresLogin(&reader)
        }
        let name = name ?? "\(endpoint.host):\(endpoint.port)"
        target = ProbeTarget(
            name: name, endpoint: endpoint,
            server: server == .redis ? .redis : .postgres(Self.postgres(&reader)), expectedRole: Self.role(&reader),
            whenReadOnly: reader.word("WHEN_READ_ONLY", of: ProbeTarget.WhenReadOnly.self, default: .unhealthy),
            connectTimeout: reader.seconds("CONNECT_TIMEOUT_SECONDS", from: .milliseconds(50), upTo: 30) ?? .seconds(2),
            readTimeout: reader.seconds("READ_TIMEOUT_SECONDS", from: .milliseconds(50), upTo: 30) ?? .seconds(2))
        smoothing = HealthState.Smoothing(
            failuresToUnhealthy: reader.integer(
                "FAILURES_TO_UNHEALTHY", in: 1...100, default: server.failuresToUnhealthy),
            successesToHealthy: reader.integer("SUCCESSES_TO_HEALTHY", in: 1...100, default: 1))
        dimensions = reader.dimensions("METRIC_DIMENSIONS")
        if dimensions.isEmpty, isOneOfMany { dimensions = [.init(name: "Probe", value: name)] }
    }

    private static func redisEndpoint(_ reader: inout EnvironmentReader) -> StreamEndpoint {
        let host = reader.host(
            "REDIS_HOST", "such as master.sessions.abc123.use1.cache.amazonaws.com", otherwise: "POSTGRES_HOST")
        let port = reader.integer("REDIS_PORT", in: 1...65_535, default: 6379)
        return StreamEndpoint(host: host, port: port, tls: tls(&reader))
    }

    private static func tls(_ reader: inout EnvironmentReader) -> StreamEndpoint.TLS? {
        let isOn = reader.flag("REDIS_TLS", default: true)
        let caBundle = reader.value("REDIS_CA_BUNDLE")
        let serverName = reader.serverName("REDIS_TLS_SERVER_NAME", host: "REDIS_HOST")
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

    private static func redisLogin(_ reader: inout EnvironmentReader) -> Login {
        if let login = reader.login(.redis) { return login }
        if reader.value("REDIS_USERNAME") != nil {
            reader.refuse("REDIS_USERNAME", "set REDIS_SECRET_ARN as well, or REDIS_PASSWORD: the user has a password")
        }
        return .none
    }
}

extension EnvironmentReader {
    /// - Parameter otherwise: the variable that could be set in its place.
    mutating func host(_ variable: String, _ example: String, otherwise: String) -> String {
        required(
            variable,
            "set it to the host of the endpoint, \(example); an address without brackets (or set \(otherwise))"
        ) { isHostName($0) || IPAddress($0) != nil || $0 == "localhost" }
    }

    mutating func serverName(_ variable: String, host: String) -> String? {
        guard let name = value(variable) else { return nil }
        if !isHostName(name), IPAddress(name) == nil {
            refuse(
                variable,
                "set it to the host name that the certificate is for, where \(host) is a name of your own for it")
        }
        return name
    }

    /// - Returns: nil where there is neither a secret nor a password.
    mutating func login(_ server: ServerVariables) -> ProbeSettings.Login? {
        let username = value(server.variable("USERNAME"))
        let password = value(server.variable("PASSWORD"))
        let secretVariable = server.variable("SECRET_ARN")
        if let secret = value(secretVariable) {
            if password != nil, !isOwn(secretVariable) {
                refuse(
                    server.variable("PASSWORD"),
                    "leave it out, or \(secretVariable): the password is to be in one of them", showsValue: false)
            }
            return .secret(id: secret, username: username)
        }
        return password.map { .credentials(ServerCredentials(username: username, password: Secret($0))) }
    }
}
