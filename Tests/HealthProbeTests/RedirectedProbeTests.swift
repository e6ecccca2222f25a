import AWSClient
import HTTPTransport
import HealthProbe
import Synchronization
import Testing

@Suite("A probe that a cluster sends elsewhere, and one whose secret has changed")
struct RedirectedProbeTests {
    @Test("Nodes that send a probe to each other do so only so often")
    func loop() async {
        let server = ScriptedRedis.usual { words, connection, _ in
            words[0] == "SET" ? .text("-MOVED 1 \(connection.isMultiple(of: 2) ? "b" : "a").example.com:6379\r\n") : nil
        }
        let result = await Probing.run(server)
        #expect(result.failure?.reason == .write)
        #expect(result.failure?.code == "MOVED")
        #expect(server.connections.count <= 5)
    }

    @Test("Each node is asked as the first was: as the same user, and within the same time")
    func second() async {
        let server = ScriptedRedis.usual { words, connection, _ in
            words[0] == "SET" && connection == 0 ? .text("-MOVED 1 10.0.0.2:6380\r\n") : nil
        }
        #expect(await Probing.run(server, as: Probing.user, within: .seconds(1)).isHealthy)
        #expect(
            server.connections.map { "\($0.endpoint.host):\($0.endpoint.port)" } == [
                "a.example.com:6379", "10.0.0.2:6380",
            ])
        #expect(
            server.connections.map { $0.commands.first } == [
                ["AUTH", "probe", "secret"], ["AUTH", "probe", "secret"],
            ])
        #expect(Set(server.connections.map(\.deadline)).count == 1)
    }

    @Test("Over TLS, a node that is named by its address has to have the certificate of the endpoint")
    func certificates() async {
        let server = ScriptedRedis.usual { words, connection, _ in
            let nodes = ["10.0.0.2:6380", "10.0.0.3:6380", "b.example.com:6380"]
            return words[0] == "SET" && connection < 3 ? .text("-MOVED 1 \(nodes[connection])\r\n") : nil
        }
        let endpoint = StreamEndpoint(host: "a.example.com", port: 6379, tls: .init(caBundle: "/ca.pem"))
        #expect(await Probing.run(server, Probing.target(endpoint)).isHealthy)
        #expect(
            server.connections.map(\.endpoint.tls) == [
                .init(caBundle: "/ca.pem"), .init(serverName: "a.example.com", caBundle: "/ca.pem"),
                .init(serverName: "a.example.com", caBundle: "/ca.pem"), .init(caBundle: "/ca.pem"),
            ])
    }

    @Test("A node that does not know its own name is the one that said so")
    func nameless() async {
        let server = ScriptedRedis.usual { words, connection, _ in
            let nodes = ["b.example.com:6380", ":6381", "?:6382"]
            return words[0] == "SET" && connection < 3 ? .text("-MOVED 1 \(nodes[connection])\r\n") : nil
        }
        #expect(await Probing.run(server).isHealthy)
        #expect(
            server.connections.map { "\($0.endpoint.host):\($0.endpoint.port)" } == [
                "a.example.com:6379", "b.example.com:6380", "b.example.com:6381", "b.example.com:6382",
            ])
    }

    @Test("A slot that is moving is asked for especially, to write and to read")
    func asking() async {
        let server = ScriptedRedis.usual { words, connection, _ in
            words[0] == "SET" && connection == 0 ? .text("-ASK 1 10.0.0.2:6380\r\n") : nil
        }
        #expect(await Probing.run(server).isHealthy)
        #expect(server.connections.last?.commands.map { $0[0] } == ["ASKING", "SET", "ASKING", "GET"])
    }

    @Test("A node that the probe is sent to and that is not there")
    func unreachable() async {
        let server = ScriptedRedis.usual(connecting: { $0.host == "10.0.0.2" ? .connectFailed : nil }) { words, _, _ in
            words[0] == "SET" ? .text("-MOVED 1 10.0.0.2:6380\r\n") : nil
        }
        #expect(await Probing.run(server).failure?.reason == .connect)
    }

    /// Hands out one after the other, the last one for ever.
    final class Source: ServerCredentialSource {
        let outcomes: [Result<ServerCredentials, NoSecret>]
        let asked = Mutex<[(rejected: ServerCredentials?, deadline: ContinuousClock.Instant)]>([])

        init(_ outcomes: Result<ServerCredentials, NoSecret>...) { self.outcomes = outcomes }

        func credentials(
            after rejected: ServerCredentials?, deadline: ContinuousClock.Instant
        ) async throws -> ServerCredentials {
            let number = asked.withLock { asked in
                asked.append((rejected, deadline))
                return asked.count - 1
            }
            return try outcomes[min(number, outcomes.count - 1)].get()
        }
    }

    struct NoSecret: Error {}

    static func user(_ password: String) -> ServerCredentials {
        ServerCredentials(username: nil, password: Secret(password))
    }

    /// Accepts one password.
    static func guarded(_ password: String) -> ScriptedRedis {
        .usual { words, _, _ in
            words[0] == "AUTH" && words.last != password ? .text("-WRONGPASS invalid password\r\n") : nil
        }
    }

    @Test("A secret that has changed is read again, and used on the same connection")
    func rotated() async {
        let server = Self.guarded("new")
        let source = Source(.success(Self.user("old")), .success(Self.user("new")))
        #expect(await Probing.run(server, as: source).isHealthy)
        #expect(source.asked.withLock { $0.map(\.rejected) } == [nil, Self.user("old")])
        #expect(server.connections.count == 1)
        #expect(server.commands.prefix(2) == [["AUTH", "old"], ["AUTH", "new"]])
    }

    @Test("A secret that is wrong is tried once, and a newer one that is wrong as well once more")
    func wrong() async {
        for (newer, attempts) in [("old", 1), ("newer", 2)] {
            let server = Self.guarded("right")
            let source = Source(.success(Self.user("old")), .success(Self.user(newer)))
            let failure = await Probing.run(server, as: source).failure
            #expect(failure?.reason == .auth)
            #expect(failure?.step == .auth)
            #expect(failure?.code == "WRONGPASS")
            #expect(server.commands.count == attempts)
        }
    }

    @Test("Credentials that cannot be had: nothing is connected to for them")
    func noCredentials() async {
        let server = Self.guarded("right")
        let source = Source(.failure(NoSecret()))
        let start = server.now
        let failure = await Probing.run(server, as: source, within: .seconds(7)).failure
        #expect(failure?.reason == .auth)
        #expect(failure?.step == .secret)
        #expect(server.connections.isEmpty)
        #expect(source.asked.withLock { $0.map(\.deadline) } == [start + .seconds(7)])
        // Where they cannot be had again, the connection that is there is closed.
        let later = Source(.success(Self.user("old")), .failure(NoSecret()))
        #expect(await Probing.run(server, as: later).failure?.step == .secret)
        #expect(server.connections.count == 1)
    }
}
