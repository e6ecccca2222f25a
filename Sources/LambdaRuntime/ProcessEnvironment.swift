@preconcurrency internal import Glibc

/// The variables that the process was started with. (`ProcessInfo` would bring Foundation with it.)
package enum ProcessEnvironment {
    /// Call it once, at start: nothing in the process may change the environment meanwhile.
    package static func read() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            // As getenv has it, the first of two with the same name counts.
            if parts.count == 2, variables[String(parts[0])] == nil { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        return variables
    }
}
