import HTTPTransport
import HealthProbe
import NameResolution
import Synchronization
import Testing

@Suite struct ResolvingConnectorTests {
    struct Names: Resolver {
        var answer: Result<[String], ResolutionError>
        let asked = Asked()

        final class Asked: Sendable {
            let names = Mutex<[(name: String, deadline: ContinuousClock.Instant)]>([])
        }

        func resolve(
            _ name: String, deadline: ContinuousClock.Instant
        ) async throws(ResolutionError) -> ResolvedName {
            asked.names.withLock { $0.append((name, deadline)) }
            return ResolvedName(canonicalName: name, addresses: try answer.get().compactMap { IPAddress($0) })
        }
    }

    /// Refuses some addresses, and keeps what it was asked for.
    final class Network: StreamConnector {
        struct State {
            var now = ContinuousClock.now
            var tried: [(endpoint: StreamEndpoint, deadline: ContinuousClock.Instant)] = []
        }

        let state = Mutex(State())
        let error: HTTPTransportError?
        let refused: Set<String>

        init(
            refused: Set<String> = [], _ code: HTTPTransportError.Code = .connectFailed,
            _ phase: HTTPTransportError.Phase = .connect
        ) {
            self.refused = refused
            error = HTTPTransportError(
                code: code, activity: "a", reason: "r", requestMayHaveBeenSent: false, phase: phase)
        }

        struct Silent: ByteStream {
            func write(_ bytes: [UInt8], deadline: ContinuousClock.Instant) async throws(HTTPTransportError) {}
            func read(deadline: ContinuousClock.Instant) async throws(HTTPTransportError) -> [UInt8] { [] }
            func close() {}
        }

        func connect(
            to endpoint: StreamEndpoint, deadline: ContinuousClock.Instant
        ) async throws(HTTPTransportError) -> any ByteStream {
            state.withLock { $0.tried.append((endpoint, deadline)) }
            if let error, refused.contains(endpoint.host) { throw error }
            return Silent()
        }

        var hosts: [String] { state.withLock { $0.tried.map(\.endpoint.host) } }
        var now: ContinuousClock.Instant { state.withLock { $0.now } }
    }

    static let plain = StreamEndpoint(host: "a.example.com", port: 6379, tls: nil)

    private func connect(
        _ network: Network, _ names: Names, to endpoint: StreamEndpoint = plain, within duration: Duration = .seconds(6)
    ) async -> HTTPTransportError? {
        let connector = ResolvingConnector(network, resolver: names, now: { network.now })
        do {
            _ = try await connector.connect(to: endpoint, deadline: network.now + duration)
            return nil
        } catch { return error }
    }

    @Test("A name is looked up by the resolver; over TLS, the certificate has to be for the name all the same")
    func names() async {
        for (tls, serverName) in [
            (nil, nil), (.init(caBundle: "/ca.pem"), "a.example.com"), (.init(serverName: "real"), "real"),
        ] as [(StreamEndpoint.TLS?, String?)] {
            let (network, names) = (Network(), Names(answer: .success(["10.0.0.1"])))
            let endpoint = StreamEndpoint(host: "a.example.com", port: 6379, tls: tls)
            #expect(await connect(network, names, to: endpoint) == nil)
            #expect(names.asked.names.withLock { $0.map(\.deadline) } == [network.now + .seconds(6)])
            let tried = network.state.withLock { $0.tried }
            #expect(tried.map(\.endpoint.host) == ["10.0.0.1"])
            #expect(tried.map(\.endpoint.port) == [6379])
            #expect(tried.map(\.endpoint.tls?.serverName) == [serverName])
            #expect(tried.map(\.endpoint.tls?.caBundle) == [tls?.caBundle])
            #expect(tried.map(\.deadline) == [network.now + .seconds(6)])
        }
    }

    @Test("An address is not looked up, and stays what it is", arguments: ["10.0.0.1", "fd00::1"])
    func addresses(_ host: String) async {
        let (network, names) = (Network(), Names(answer: .success([])))
        let endpoint = StreamEndpoint(host: host, port: 1, tls: .init())
        #expect(await connect(network, names, to: endpoint) == nil)
        #expect(names.asked.names.withLock { $0.isEmpty })
        #expect(network.state.withLock { $0.tried.map(\.endpoint) } == [endpoint])
    }

    @Test("Of several addresses the first that can be reached is taken, and each has its share of the time")
    func several() async {
        let network = Network(refused: ["10.0.0.1", "10.0.0.2"])
        let names = Names(answer: .success(["10.0.0.2", "10.0.0.3", "10.0.0.1"]))
        #expect(await connect(network, names) == nil)
        #expect(network.hosts == ["10.0.0.1", "10.0.0.2", "10.0.0.3"])
        #expect(
            network.state.withLock { state in state.tried.map { $0.deadline - state.now } }
                == [.seconds(2), .seconds(3), .seconds(6)])
    }

    @Test("Where none can be reached, the last one says why; what is not about reaching it ends it at once")
    func failing() async {
        let answer = Names(answer: .success(["10.0.0.1", "10.0.0.2"]))
        for (code, phase, tries) in [
            (.connectFailed, .connect, 2), (.connectTimedOut, .connect, 2), (.tlsFailed, .tlsHandshake, 1),
            (.cancelled, .connect, 1),
        ] as [(HTTPTransportError.Code, HTTPTransportError.Phase, Int)] {
            let network = Network(refused: ["10.0.0.1", "10.0.0.2"], code, phase)
            let error = await connect(network, answer)
            #expect(error?.code == code)
            #expect(network.hosts.count == tries)
        }
    }

    @Test("A name that is not resolved fails by why")
    func unresolved() async {
        for (code, expected) in [
            (.notFound, .nameNotResolved), (.noData, .nameNotResolved), (.temporary, .nameNotResolved),
            (.invalidName, .nameNotResolved), (.failed(11), .nameNotResolved), (.timedOut, .deadlineExceeded),
            (.cancelled, .cancelled),
        ] as [(ResolutionError.Code, HTTPTransportError.Code)] {
            let network = Network()
            let error = await connect(
                network, Names(answer: .failure(ResolutionError(code, name: "a.example.com", reason: "r"))))
            #expect(error?.code == expected)
            #expect(error?.phase == .nameLookup)
            #expect(network.hosts.isEmpty)
        }
        #expect(await connect(Network(), Names(answer: .success([])))?.code == .nameNotResolved)
    }
}
