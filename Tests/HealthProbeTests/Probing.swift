import AWSClient
import HTTPTransport
import HealthProbe
import Testing

/// Probes of a server that is played.
enum Probing {
    static let endpoint = StreamEndpoint(host: "a.example.com", port: 6379, tls: nil)

    static func target(
        _ endpoint: StreamEndpoint = Probing.endpoint, role: ProbeTarget.Role? = nil,
        whenReadOnly: ProbeTarget.WhenReadOnly = .unhealthy
    ) -> ProbeTarget {
        ProbeTarget(name: "test", endpoint: endpoint, expectedRole: role, whenReadOnly: whenReadOnly)
    }

    static func run(
        _ server: ScriptedRedis, _ target: ProbeTarget = Probing.target(),
        as credentials: (any ServerCredentialSource)? = nil,
        within duration: Duration = .seconds(60)
    ) async -> ProbeResult {
        let probe = RedisProbe(
            connector: server, credentials: credentials, now: { server.now }, uniqueValue: { "unique" })
        let result = await probe.run(target, deadline: server.now + duration)
        #expect(server.isAllClosed)
        return result
    }

    static let user = ServerCredentials(username: "probe", password: Secret("secret"))
}
