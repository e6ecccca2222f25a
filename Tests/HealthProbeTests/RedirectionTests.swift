import HTTPTransport
import Testing

@testable import HealthProbe

@Suite struct RedirectionTests {
    static let plain = StreamEndpoint(host: "a.example.com", port: 6379, tls: nil)
    static let secured = StreamEndpoint(host: "a.example.com", port: 6379, tls: .init(caBundle: "/ca.pem"))
    static let named = StreamEndpoint(host: "10.0.0.1", port: 6379, tls: .init(serverName: "real.example.com"))

    @Test(
        "Where a cluster sends a command",
        arguments: [
            ("MOVED 3999 10.0.0.2:6380", plain, "10.0.0.2", 6380, false, nil),
            ("ASK 3999 10.0.0.2:6380", plain, "10.0.0.2", 6380, true, nil),
            ("MOVED 0 b.example.com:1", plain, "b.example.com", 1, false, nil),
            ("MOVED 0 ::1:65535", plain, "::1", 65_535, false, nil),
            ("MOVED 0 :6380", plain, "a.example.com", 6380, false, nil),
            ("MOVED 0 ?:6380", plain, "a.example.com", 6380, false, nil),
            ("MOVED 0 10.0.0.2:6380", secured, "10.0.0.2", 6380, false, "a.example.com"),
            ("MOVED 0 fd00::2:6380", secured, "fd00::2", 6380, false, "a.example.com"),
            ("MOVED 0 b_1-x.example.com:6380", secured, "b_1-x.example.com", 6380, false, nil),
            ("MOVED 0 :6380", secured, "a.example.com", 6380, false, nil),
            ("ASK 0 10.0.0.2:6380", named, "10.0.0.2", 6380, true, "real.example.com"),
            ("ASK 0 b.example.com:6380", named, "b.example.com", 6380, true, nil),
            ("ASK 0 ?:6380", named, "10.0.0.1", 6380, true, "real.example.com"),
        ] as [(String, StreamEndpoint, String, Int, Bool, String?)])
    func redirections(
        _ message: String, _ node: StreamEndpoint, _ host: String, _ port: Int, _ isTemporary: Bool, _ name: String?
    ) throws {
        let redirection = try #require(Redirection(RedisError(message), from: node))
        #expect(redirection.isTemporary == isTemporary)
        #expect(redirection.endpoint.host == host)
        #expect(redirection.endpoint.port == port)
        #expect(redirection.endpoint.tls?.serverName == name)
        #expect(redirection.endpoint.tls?.caBundle == node.tls?.caBundle)
        #expect((redirection.endpoint.tls == nil) == (node.tls == nil))
    }

    @Test(
        "What is no redirection, or leads nowhere",
        arguments: [
            "ERR unknown", "MOVED", "MOVED 1", "MOVED 1 10.0.0.2", "MOVED 1 10.0.0.2:", "MOVED 1 10.0.0.2:0",
            "MOVED 1 10.0.0.2:65536", "MOVED 1 10.0.0.2:-1", "MOVED 1 10.0.0.2:x", "MOVED 1 10.0.0.2:6379 more",
            "moved 1 10.0.0.2:6379", "READONLY 1 10.0.0.2:6379", "MOVED 1 a/b:6379", "MOVED 1 u@b:6379",
            "MOVED 1 a?b:6379", "MOVED 1 a#b:6379", "MOVED 1 [::1]:6379", "MOVED 1 a%41:6379", "",
        ])
    func none(_ message: String) {
        #expect(Redirection(RedisError(message), from: Self.secured) == nil)
    }
}
