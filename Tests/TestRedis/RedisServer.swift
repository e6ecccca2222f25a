package import Foundation
package import HTTPTransport
package import HealthProbe

/// A real redis-server of this machine, with a folder of its own. It ends with this object.
package final class RedisServer: Sendable {
    package let port: Int
    package let directory: URL
    private let process: Process

    /// - Parameters:
    ///   - options: as on its command line.
    ///   - directory: that of an earlier one, whose data it is to load; nil for a new one.
    ///   - waits: until it takes commands.
    package init(
        _ options: [String] = [], tls: TestCertificate? = nil, directory: URL? = nil, waits: Bool = true
    ) async throws {
        guard Self.isInstalled else {
            throw Failure(
                description: "there is no redis-server on the PATH; make test installs Debian's package of it")
        }
        port = try Self.freePort()
        self.directory =
            directory ?? FileManager.default.temporaryDirectory.appendingPathComponent("redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        var arguments = ["redis-server", "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"]
        if let tls {
            arguments += [
                "--port", "0", "--tls-port", "\(port)", "--tls-cert-file", tls.certificate, "--tls-key-file", tls.key,
                "--tls-ca-cert-file", tls.certificate, "--tls-auth-clients", "no",
            ]
        } else {
            arguments += ["--port", "\(port)"]
        }
        process.arguments = arguments + options
        process.currentDirectoryURL = self.directory
        let output = Pipe()
        process.standardOutput = waits ? output : FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var text = ""
        while waits, !text.contains("Ready to accept connections") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Failure(description: "redis-server ended: \(text)") }
            text += String(decoding: data, as: UTF8.self)
        }
        // What it says from now on, nobody reads: it must not wait for that. (To a closed pipe it writes in vain. A handler
        // that reads would outlive its descriptor.)
        try output.fileHandleForReading.close()
    }

    deinit {
        // Not SIGTERM: what is started from a Dispatch thread inherits that it is blocked.
        kill(process.processIdentifier, SIGKILL)
    }

    /// Without it these tests fail: they would say nothing if they were skipped.
    private static let isInstalled = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains
    {
        FileManager.default.isExecutableFile(atPath: "\($0)/redis-server")
    }

    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    package func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    package func waitForEnd() async {
        while process.isRunning { await Task.yield() }
    }

    /// One command, on a connection of its own.
    @discardableResult
    package func command(_ words: String...) async throws -> RESPValue {
        let deadline = ContinuousClock.now + .seconds(60)
        let endpoint = StreamEndpoint(host: "127.0.0.1", port: port, tls: nil)
        let stream = try await probeClient.connect(to: endpoint, deadline: deadline)
        defer { stream.close() }
        try await stream.write(respCommand(words), deadline: deadline)
        var parser = RESPParser()
        while true {
            if let reply = try parser.next() { return reply }
            let bytes = try await stream.read(deadline: deadline)
            guard !bytes.isEmpty else { return .null }
            parser.append(bytes)
        }
    }

    /// Below those that the kernel gives to whoever connects; a node of a cluster takes the one that is 10,000 above, too.
    private static func freePort() throws -> Int {
        for port in (10_000..<20_000).shuffled() where isFree(port) && isFree(port + 10_000) { return port }
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

/// For probes and for the tests' own commands.
package let probeClient = HTTPClient(caBundle: CABundle(environment: [:]))
