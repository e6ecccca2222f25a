import Foundation
import Glibc
import Synchronization

/// A TCP server on loopback that answers with whatever bytes a test wants, broken ones included.
final class RawServer: Sendable {
    enum Answer: Sendable {
        case bytes(String, thenClose: Bool = false)
        /// Never answers; the connection stays open.
        case hang
        case close
    }

    struct Request: Sendable {
        /// Which connection it came on, from 0.
        var connection: Int
        var head: String
        var body: [UInt8]

        var line: String { String(head.prefix { $0 != "\r\n" }) }
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
    }

    let port: Int
    private let descriptor: Int32
    private let answer: @Sendable (Request) -> Answer
    private let state = Mutex(State())

    init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
        self.answer = answer
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = descriptor
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 128) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRINUSE) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0, let self else { break }
                let number = self.state.withLock { state in
                    state.connections += 1
                    return state.connections - 1
                }
                Thread.detachNewThread { self.serve(connection, number) }
            }
            close(socket)
        }
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections } }

    private func serve(_ connection: Int32, _ number: Int) {
        defer { close(connection) }
        while let request = read(connection, number) {
            state.withLock { $0.requests.append(request) }
            switch answer(request) {
            case .close: return
            case .hang:
                var byte: UInt8 = 0
                // Until the client closes it.
                _ = recv(connection, &byte, 1, 0)
                return
            case .bytes(let text, let thenClose):
                let bytes = Array(text.utf8)
                _ = bytes.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                if thenClose { return }
            }
        }
    }

    private func read(_ connection: Int32, _ number: Int) -> Request? {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let end = received.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: received[..<end.upperBound], as: UTF8.self)
                let length =
                    head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                    .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
                if received.count >= end.upperBound + length {
                    return Request(
                        connection: number, head: head, body: Array(received[end.upperBound...].prefix(length)))
                }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            received += buffer[..<count]
        }
    }
}
