package import Foundation
internal import HTTPTransport
package import PostgresClient

/// A real PostgreSQL server of this machine, with a folder of its own. It ends, and goes, with this object.
///
/// Its database `postgres` has a user `probe`, who may create tables, and a user `guest`, who may not; both have the
/// password `secret`. A user `admin` needs none.
package final class PostgresInstance: Sendable {
    package let port: Int
    package let directory: URL
    private let process: Process

    /// - Parameters:
    ///   - settings: as `name=value`, of postgresql.conf.
    ///   - primary: whose hot standby it is; nil for a primary.
    ///   - readyWords: what it says when it is ready.
    package init(
        _ settings: [String] = [], tls: (certificate: String, key: String)? = nil,
        standbyOf primary: PostgresInstance? = nil,
        readyWords: String = "ready to accept"
    ) async throws {
        port = try Self.freePort()
        directory = try await PostgresTemplate.shared.copy()
        var settings = settings
        if let tls {
            for (name, path) in [("server.crt", tls.certificate), ("server.key", tls.key)] {
                try FileManager.default.copyItem(atPath: path, toPath: directory.appendingPathComponent(name).path)
            }
            settings.append("ssl=on")
        }
        if let primary {
            try Data().write(to: directory.appendingPathComponent("standby.signal"))
            settings.append("primary_conninfo=host=127.0.0.1 port=\(primary.port) user=admin")
        }
        try PostgresTemplate.own(directory)
        settings += [
            "listen_addresses=127.0.0.1", "port=\(port)", "unix_socket_directories=", "fsync=off", "shared_buffers=1MB",
            "autovacuum=off", "log_min_messages=log",
        ]
        process = PostgresTemplate.process("postgres", ["-D", directory.path] + settings.flatMap { ["-c", $0] })
        let output = Pipe()
        process.standardError = output
        try process.run()
        var text = ""
        while !text.contains(readyWords) {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Failure(description: "postgres ended: \(text)") }
            text += String(decoding: data, as: UTF8.self)
        }
        // What it says from now on, nobody reads: it must not wait for that. (To a closed pipe it writes in vain. A handler
        // that reads would outlive its descriptor.)
        try output.fileHandleForReading.close()
    }

    deinit {
        // At once, and with what belongs to it in the kernel.
        kill(process.processIdentifier, SIGCONT)
        kill(process.processIdentifier, SIGQUIT)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: directory)
    }

    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    package func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    package func waitForEnd() async {
        while process.isRunning { await Task.yield() }
    }

    /// A session of the administrator's.
    package func session() async throws -> any PostgresConnection {
        let server = PostgresServer(
            host: "127.0.0.1", address: "127.0.0.1", port: port, database: "postgres", tls: .off)
        return try await testPostgresClient.connect(
            to: server, as: PostgresLogin(username: "admin", password: "none"), deadline: .now + .seconds(60),
            loginTimeout: .seconds(60))
    }

    /// One batch of statements, as the administrator.
    ///
    /// - Returns: the first value of the last one.
    @discardableResult
    package func run(_ statements: String) async throws -> String? {
        let reply = try await session().run(statements, deadline: .now + .seconds(60))
        if let failure = reply.failure { throw failure }
        return reply.results.last?.first?.first ?? nil
    }

    /// Below those that the kernel gives to whoever connects.
    package static func freePort() throws -> Int {
        for port in (20_000..<30_000).shuffled() where isFree(port) { return port }
        throw Failure(description: "no port is free")
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = in_port_t(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}

/// For probes and for the tests' own statements.
package let testPostgresClient = PostgresClient(
    waiter: HTTPClient(caBundle: CABundle(environment: [:])), caBundle: CABundle(environment: [:]))
