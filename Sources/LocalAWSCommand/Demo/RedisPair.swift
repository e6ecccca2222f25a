import Foundation
import Glibc
import LocalAWS
import Synchronization

/// Two real Redis servers that speak TLS, one a region, as ElastiCache keeps the members of a Global Datastore: one takes
/// writes, and the other is its replica.
final class RedisPair: Sendable {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private struct State {
        var servers: [String: ChildProcess] = [:]
        var primary: String
    }

    /// Of the certificate, which is its own authority.
    let caBundle: String
    private let key: String
    private let directory: URL
    private let ports: [String: Int]
    private let programs: (server: String, client: String)
    private let state: Mutex<State>

    /// Starts both.
    ///
    /// - Parameter regions: the first has the primary.
    init(regions: [String]) async throws {
        programs = (try Self.program("redis-server"), try Self.program("redis-cli"))
        let openssl = try Self.program("openssl")
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("demo-redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        caBundle = directory.appendingPathComponent("cert.pem").path
        key = directory.appendingPathComponent("key.pem").path
        let made = try await ChildProcess.run(
            openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-keyout",
                key, "-out", caBundle, "-subj", "/CN=demo", "-addext", "subjectAltName=IP:127.0.0.1",
            ], environment: [:])
        guard made.status == 0 else { throw Failure(description: "openssl made no certificate: \(made.errors)") }
        var ports: [String: Int] = [:]
        for region in regions { ports[region] = try Self.freePort() }
        self.ports = ports
        state = Mutex(State(primary: regions[0]))
        for region in regions { try await start(region) }
    }

    func port(in region: String) -> Int { ports[region] ?? 0 }

    /// As the primary, or as a replica of what is primary now. Returns when it takes connections.
    func start(_ region: String) async throws {
        let primary = state.withLock { $0.primary }
        var arguments = [
            "--bind", "127.0.0.1", "--port", "0", "--tls-port", "\(port(in: region))", "--tls-cert-file", caBundle,
            "--tls-key-file", key, "--tls-ca-cert-file", caBundle, "--tls-auth-clients", "no", "--tls-replication",
            "yes",
            "--save", "", "--dir", directory.path,
        ]
        if region != primary { arguments += ["--replicaof", "127.0.0.1", "\(port(in: primary))"] }
        let server = try ChildProcess(programs.server, arguments, environment: [:])
        state.withLock { $0.servers[region] = server }
        while try await command(["PING"], in: region) != "PONG" {
            guard Glibc.kill(server.identifier, 0) == 0, !server.output.contains("Failed") else {
                throw Failure(description: "redis-server ended: \(server.output)\(server.errors)")
            }
        }
    }

    func kill(_ region: String) {
        state.withLock { $0.servers.removeValue(forKey: region) }?.kill()
    }

    /// What ElastiCache does with its nodes in a failover.
    func promote(_ region: String) async {
        let others = state.withLock { state in
            state.primary = region
            return state.servers.keys.filter { $0 != region }.sorted()
        }
        _ = try? await command(["REPLICAOF", "NO", "ONE"], in: region)
        for other in others {
            _ = try? await command(["REPLICAOF", "127.0.0.1", "\(port(in: region))"], in: other)
        }
    }

    func end() {
        for region in ports.keys.sorted() { kill(region) }
        try? FileManager.default.removeItem(at: directory)
    }

    private func command(_ words: [String], in region: String) async throws -> String {
        let arguments = ["--tls", "--cacert", caBundle, "-h", "127.0.0.1", "-p", "\(port(in: region))"]
        let result = try await ChildProcess.run(programs.client, arguments + words, environment: [:])
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func program(_ name: String) throws -> String {
        for folder in ["/usr/bin", "/usr/local/bin", "/usr/sbin", "/bin"] {
            let path = "\(folder)/\(name)"
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw Failure(description: "There is no program \(name): 'make demo' installs what the demo needs.")
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure(description: "No port is free.") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
