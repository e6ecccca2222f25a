internal import Glibc

/// How configuration files and token files are read.
package typealias FileReader = @Sendable (_ path: String) -> FileContents

package enum FileContents: Sendable, Equatable {
    case bytes([UInt8])
    case missing
    /// It is there, or may be, but cannot be read; why, in words.
    case unreadable(String)

    /// Far beyond any configuration file: what is longer is a device or a mistake.
    package static let maximumSize = 1 << 20

    /// Reads a file of this machine.
    @Sendable
    package static func read(path: String) -> FileContents {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return errno == ENOENT || errno == ENOTDIR ? .missing : .unreadable(reason()) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return .bytes(bytes) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .unreadable(reason()) }
            bytes += chunk.prefix(count)
            guard bytes.count <= maximumSize else { return .unreadable("it is longer than \(maximumSize) bytes") }
        }
    }

    private static func reason() -> String {
        String(cString: strerror(errno))
    }
}
