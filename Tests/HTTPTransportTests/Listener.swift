import Foundation
import Glibc

/// A TCP port of loopback; whoever connects is served on a thread of its own.
final class Listener: Sendable {
    let port: Int
    private let descriptor: Int32

    /// - Parameter serve: has the connection until it returns.
    init(_ serve: @escaping @Sendable (_ connection: Int32) -> Void) throws {
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
        Thread.detachNewThread {
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { break }
                Thread.detachNewThread {
                    serve(connection)
                    close(connection)
                }
            }
            close(socket)
        }
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }
}
