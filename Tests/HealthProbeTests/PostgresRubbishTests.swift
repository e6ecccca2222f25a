import Foundation
import HTTPTransport
import HealthProbe
import TestPostgres
import Testing

/// What answers on the port of a PostgreSQL server and is none.
@Suite("Probing what is no PostgreSQL server")
struct PostgresRubbishTests {
    /// The beginning of a session that asks for no password, and is ready.
    static let greeting: [UInt8] = [0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5A, 0, 0, 0, 5, 0x49]

    static func probe(_ port: Int, _ tls: StreamEndpoint.TLS?, read: Duration = RealPostgresTests.long) async
        -> ProbeFailure?
    {
        await RealPostgresTests.probe(RealPostgresTests.target(port, tls: tls, read: read)).failure
    }

    @Test("Another protocol, with TLS and without it, or nothing at all")
    func otherProtocols() async throws {
        for text in ["HTTP/1.1 400 Bad Request\r\n\r\n", "-ERR unknown command\r\n", ""] {
            let server = try AnsweringServer(Array(text.utf8))
            let plain = await Self.probe(server.port, nil)
            #expect(plain?.reason == .connect && plain?.step == .auth)
            #expect(await Self.probe(server.port, .init())?.reason == .tls)
        }
        // It says yes to TLS, and then speaks none.
        let server = try AnsweringServer(Array("Sssssssssssssssssssssss".utf8))
        #expect(await Self.probe(server.port, .init())?.reason == .tls)
    }

    @Test(
        "What comes in a session and was not asked for",
        arguments: [
            // Copy in, copy out, an empty answer, another protocol, the end.
            [0x47, 0, 0, 0, 7, 0, 0, 0], [0x48, 0, 0, 0, 7, 0, 0, 0], [0x49, 0, 0, 0, 4, 0x5A, 0, 0, 0, 5, 0x49],
            [0x5A, 0, 0, 0, 5, 0x49], Array("HTTP/1.1 400 Bad Request".utf8), [],
        ] as [[UInt8]])
    func sessions(answer: [UInt8]) async throws {
        let server = try AnsweringServer(Self.greeting, answer)
        #expect(await Self.probe(server.port, nil)?.reason == .write)
    }

    @Test("More results than there were questions")
    func tooMany() async throws {
        // SELECT 1, again and again.
        let done: [UInt8] = [0x43, 0, 0, 0, 13] + Array("SELECT 1".utf8) + [0]
        let server = try AnsweringServer(Self.greeting, Array(repeating: done, count: 100).flatMap(\.self))
        #expect(await Self.probe(server.port, nil)?.reason == .write)
    }

    @Test("A message that never comes to its end costs the time that it may take")
    func endless() async throws {
        let server = try AnsweringServer(Self.greeting, [0x44, 0x3F, 0xFF, 0xFF, 0xFF, 0], staysOpen: true)
        let failure = await Self.probe(server.port, nil, read: .milliseconds(100))
        #expect(failure?.reason == .timeout || failure?.reason == .write)
    }

    @Test("A password that comes back is not quoted")
    func repeatedPassword() async throws {
        let text = Array("SFATAL".utf8) + [0] + Array("C28P01".utf8) + [0] + Array("Mno secret here".utf8) + [0, 0]
        let message: [UInt8] = [0x45, 0, 0, 0, UInt8(text.count + 4)] + text
        let server = try AnsweringServer(message)
        let failure = await Self.probe(server.port, nil)
        #expect(failure?.reason == .auth && failure?.code == "28P01")
        #expect(failure?.detail.contains("secret here") == false)
    }
}

/// Answers the first bytes of each connection with the first bytes, the next with the next, and hangs up.
final class AnsweringServer: Sendable {
    let port: Int
    private let descriptor: Int32

    init(_ answers: [UInt8]..., staysOpen: Bool = false) throws {
        port = try PostgresInstance.freePort()
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = in_port_t(port).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0, listen(descriptor, 5) == 0 else {
            throw POSIXError(.EADDRINUSE)
        }
        Thread { Self.serve(descriptor, answers, staysOpen) }.start()
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private static func serve(_ descriptor: Int32, _ answers: [[UInt8]], _ staysOpen: Bool) {
        while true {
            let connection = accept(descriptor, nil, nil)
            guard connection >= 0 else {
                close(descriptor)
                return
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            for answer in answers {
                guard read(connection, &buffer, buffer.count) > 0 else { break }
                _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
            }
            // Until the other side hangs up.
            while staysOpen, read(connection, &buffer, buffer.count) > 0 {}
            close(connection)
        }
    }
}
