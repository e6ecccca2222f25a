import Foundation
import HTTPTransport
import Testing

/// Against `openssl s_server`, with certificates made for the test.
@Suite("TLS")
struct TLSTests {
    /// A certification authority, a certificate of it, and a server that has it.
    final class Server {
        let directory: URL
        let port: Int
        private let process = Process()

        /// - Parameters:
        ///   - subject: the host name that the certificate is for.
        ///   - answer: what `s_server` does with what it gets: `-www` is an HTTP server.
        ///   - options: for `s_server`.
        init(subject: String, answer: String = "-www", options: [String] = []) async throws {
            directory = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try await Self.openssl(
                directory,
                ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
                    + [
                        "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=test", "-addext",
                        "subjectAltName=\(subject)",
                    ])
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments =
                ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem", "-key", "key.pem", answer]
                + options
            process.currentDirectoryURL = directory
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            try process.run()
            // "ACCEPT 127.0.0.1:40213", after whatever else it has to say.
            var text = ""
            func acceptLine() -> Substring? {
                text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1).first { $0.hasPrefix("ACCEPT") }
            }
            while acceptLine() == nil {
                let data = output.fileHandleForReading.availableData
                if data.isEmpty { break }
                text += String(decoding: data, as: UTF8.self)
            }
            port = try #require(acceptLine().flatMap { $0.split(separator: ":").last }.flatMap { Int($0) })
        }

        deinit {
            // Not SIGTERM: what is started from a Dispatch thread inherits that it is blocked.
            kill(process.processIdentifier, SIGKILL)
            try? FileManager.default.removeItem(at: directory)
        }

        var bundle: String { directory.appendingPathComponent("cert.pem").path }

        static func openssl(_ directory: URL, _ arguments: [String]) async throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["openssl"] + arguments
            process.currentDirectoryURL = directory
            process.standardError = FileHandle.nullDevice
            let status = try await withCheckedThrowingContinuation { continuation in
                process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do { try process.run() } catch { continuation.resume(throwing: error) }
            }
            try #require(status == 0)
        }
    }

    static func execute(_ server: Server, bundle: String?, host: String = "127.0.0.1") async throws -> HTTPResponse {
        let client = HTTPClient(caBundle: CABundle(environment: bundle.map { ["AWS_CA_BUNDLE": $0] } ?? [:]))
        return try await client.execute(
            HTTPRequest(method: "GET", url: "https://\(host):\(server.port)/"), deadline: .now + .seconds(60))
    }

    static func code(_ server: Server, bundle: String?, host: String = "127.0.0.1") async -> HTTPTransportError.Code? {
        do {
            _ = try await execute(server, bundle: bundle, host: host)
            return nil
        } catch {
            return (error as? HTTPTransportError)?.code
        }
    }

    @Test("A certificate of the named bundle is trusted, and the usual bundle's are not enough for it")
    func trust() async throws {
        let server = try await Server(subject: "IP:127.0.0.1")
        #expect(try await Self.execute(server, bundle: server.bundle).status == 200)
        #expect(await Self.code(server, bundle: nil) == .tlsFailed)
    }

    @Test("A certificate is found among the many of a system's bundle, and one that is not there is refused")
    func manyCertificates() async throws {
        let server = try await Server(subject: "IP:127.0.0.1")
        let many = try String(contentsOfFile: CertificateBundleTests.systemBundle, encoding: .utf8)
        let own = try String(contentsOfFile: server.bundle, encoding: .utf8)
        let both = server.directory.appendingPathComponent("both.pem").path
        try (many + own).write(toFile: both, atomically: true, encoding: .utf8)
        let client = HTTPClient(caBundle: CABundle(environment: ["AWS_CA_BUNDLE": both]))
        let request = HTTPRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/")
        // On a connection of its own each time: the second finds what the first has parsed.
        for _ in 0..<3 {
            var fresh = request
            fresh.needsFreshConnection = true
            #expect(try await client.execute(fresh, deadline: .now + .seconds(60)).status == 200)
        }
        #expect(await Self.code(server, bundle: CertificateBundleTests.systemBundle) == .tlsFailed)
    }

    @Test("A bundle that holds no certificate is named, and so is what is wrong with it")
    func emptyBundle() async throws {
        let server = try await Server(subject: "IP:127.0.0.1")
        let empty = server.directory.appendingPathComponent("empty.pem").path
        try "nothing".write(toFile: empty, atomically: true, encoding: .utf8)
        let error = await #expect(throws: HTTPTransportError.self) { try await Self.execute(server, bundle: empty) }
        #expect(error?.code == .tlsFailed)
        #expect(error?.reason.contains(empty) == true)
    }

    @Test("A certificate for another host is refused")
    func hostName() async throws {
        let server = try await Server(subject: "DNS:other.example.com")
        #expect(await Self.code(server, bundle: server.bundle) == .tlsFailed)
    }

    @Test(
        "TLS 1.2 is spoken, and nothing older",
        arguments: [("-tls1_2", nil), ("-tls1_1", .tlsFailed)] as [(String, HTTPTransportError.Code?)])
    func version(option: String, expected: HTTPTransportError.Code?) async throws {
        let server = try await Server(subject: "IP:127.0.0.1", options: [option, "-cipher", "DEFAULT:@SECLEVEL=0"])
        #expect(await Self.code(server, bundle: server.bundle) == expected)
    }

    @Test("A bundle that cannot be read is named with its variable")
    func missingBundle() async throws {
        let server = try await Server(subject: "IP:127.0.0.1")
        #expect(await Self.code(server, bundle: "/nonexistent/bundle.pem") == .tlsFailed)
    }

    @Test(
        "The bundle is AWS_CA_BUNDLE, else SSL_CERT_FILE, else the first usual place that exists",
        arguments: [
            (["AWS_CA_BUNDLE": "/a", "SSL_CERT_FILE": "/b"], ["/a", "/b"], "/a"),
            (["SSL_CERT_FILE": "/b"], ["/b"], "/b"),
            (["AWS_CA_BUNDLE": "", "SSL_CERT_FILE": "/b"], ["/b"], "/b"),
            (
                [:], ["/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt"],
                "/etc/pki/tls/certs/ca-bundle.crt"
            ),
            ([:], ["/etc/ssl/certs/ca-certificates.crt"], "/etc/ssl/certs/ca-certificates.crt"),
            ([:], [], nil), (["AWS_CA_BUNDLE": "/gone"], ["/etc/ssl/certs/ca-certificates.crt"], nil),
        ] as [([String: String], Set<String>, String?)])
    func bundlePlaces(environment: [String: String], existing: Set<String>, expected: String?) {
        let bundle = CABundle(environment: environment) { existing.contains($0) }
        #expect((try? bundle.location().get()) == expected)
    }
}
