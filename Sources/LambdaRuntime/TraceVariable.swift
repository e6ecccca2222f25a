internal import Glibc
internal import Synchronization

/// `_X_AMZN_TRACE_ID`, which has to change with every invocation.
///
/// `setenv` will not do: glibc never frees what it replaces, so that every invocation would cost
/// memory, and it moves the table of variables under the feet of `getaddrinfo` and libcurl, whose
/// threads read it. So the variable is one buffer, put into the environment once, before there are
/// other threads, and its value is rewritten in place.
final class TraceVariable: Sendable {
    static let shared = TraceVariable()

    private static let name = "_X_AMZN_TRACE_ID="
    /// Lambda's trace headers have about 100 bytes; a longer value than fits is left out.
    private static let capacity = 1024

    private struct Buffer: @unchecked Sendable {
        let bytes: UnsafeMutablePointer<CChar>
    }

    /// Never freed: the environment points to it for the rest of the process.
    private let buffer: Mutex<Buffer>

    private init() {
        let bytes = UnsafeMutablePointer<CChar>.allocate(capacity: Self.name.utf8.count + Self.capacity + 1)
        bytes.initialize(repeating: 0, count: Self.name.utf8.count + Self.capacity + 1)
        for (offset, byte) in Self.name.utf8.enumerated() { bytes[offset] = CChar(bitPattern: byte) }
        buffer = Mutex(Buffer(bytes: bytes))
        putenv(bytes)
    }

    func set(_ value: String) {
        buffer.withLock { buffer in
            let start = buffer.bytes + Self.name.utf8.count
            start[0] = 0
            guard value.utf8.count <= Self.capacity else { return }
            for (offset, byte) in value.utf8.enumerated() { start[offset] = CChar(bitPattern: byte) }
            start[value.utf8.count] = 0
        }
    }
}
