import FlyingFox
import FlyingSocks
import Foundation

/// The server's socket pool, with TCP_NODELAY set on every socket that passes through it.
///
/// The server writes an answer's head and body apart. Nagle's algorithm keeps the second back until the
/// client has acknowledged the first, which a Linux client does 40 ms later: every request on a kept
/// connection would take that long. The server offers no access to its sockets but this one. (Accepted
/// sockets inherit the option from the listening one.)
struct PromptPool: AsyncSocketPool {
    private let pool: any AsyncSocketPool = HTTPServer.defaultPool()

    func prepare() async throws { try await pool.prepare() }

    func run() async throws { try await pool.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        // A socket that refuses the option still works, only slower.
        try? socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
        try await pool.suspendSocket(socket, untilReadyFor: events)
    }
}
