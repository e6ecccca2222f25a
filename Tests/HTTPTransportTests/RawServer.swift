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

    private let listener: Listener
    private let exchange: Exchange

    init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
        let exchange = Exchange(answer)
        self.exchange = exchange
        listener = try Listener { exchange.serve($0) }
    }

    var port: Int { listener.port }
    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { exchange.state.withLock { $0.requests } }
    var connections: Int { exchange.state.withLock { $0.connections } }
}

/// What all connections of a server share.
private final class Exchange: Sendable {
    typealias Request = RawServer.Request

    struct State {
        var requests: [Request] = []
        var connections = 0
    }

    let state = Mutex(State())
    private let answer: @Sendable (Request) -> RawServer.Answer

    init(_ answer: @escaping @Sendable (Request) -> RawServer.Answer) {
        self.answer = answer
    }

    func serve(_ connection: Int32) {
        let number = state.withLock { state in
            state.connections += 1
            return state.connections - 1
        }
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
