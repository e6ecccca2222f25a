import Foundation

/// DNS for a real process: a hosts file that `libnss_wrapper` (preloaded, version 1.1) answers
/// `getaddrinfo` from.
///
/// How it notices a change, found by experiment:
/// - Before each look-up it stats the file it has open. If that one has no name any more (its link
///   count is zero, as after a rename over it) it opens the path anew and reads it all: the new answers
///   are seen by the very next call, whatever the modification times are.
/// - Otherwise it compares modification times in whole seconds: two writes in place within a second
///   are one to it, and the second is never seen.
///
/// So a change is a new file renamed over the old one; nobody may hold a hard link to the old one.
/// Also found: a name on several lines has several addresses; `address target name` makes `target` the
/// canonical name, as a CNAME does; a name that is in no line does not resolve, and nothing else is
/// asked; the table of names is small unless NSS_WRAPPER_MAX_HOSTENTS says more, and a file that does
/// not fit makes every look-up fail.
package final class HostsFile: Sendable {
    /// Ours first (`CLocalResolver`): it is built beside every program of this package. Its comment says
    /// what nss_wrapper needs it for.
    package static let preloadedLibraries =
        "\(ChildProcess.siblings)/liblocal-aws-resolver.so libnss_wrapper.so"
    package static let mostEntries = 20_000

    package let path: String
    /// While a file of this name exists, no look-up returns.
    package var hangingPath: String { path + ".hanging" }
    /// While a file of this name exists, each look-up fails, as after a SERVFAIL.
    package var failingPath: String { path + ".failing" }
    private let ownsDirectory: Bool

    /// - Parameter path: nil for one of its own in the temporary directory, which goes with this object.
    package init(path: String?) throws {
        if let path {
            self.path = path
            ownsDirectory = false
        } else {
            let directory = NSTemporaryDirectory() + "local-aws-" + UUID().uuidString.lowercased()
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            self.path = directory + "/hosts"
            ownsDirectory = true
        }
        try write([])
    }

    package func write(_ answers: [DNSAnswer]) throws {
        let directory = (path as NSString).deletingLastPathComponent
        let draft = directory + "/.hosts-" + UUID().uuidString
        do {
            try Data(Self.text(for: answers).utf8).write(to: URL(fileURLWithPath: draft))
        } catch {
            throw LocalAWSError("Cannot write the hosts file \(path): \(error.localizedDescription)")
        }
        guard rename(draft, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(draft)
            throw LocalAWSError("Cannot replace the hosts file \(path): \(reason).")
        }
    }

    /// From now on no look-up returns, until it is said that they shall.
    package func setHanging(_ hanging: Bool) { setFile(hangingPath, isThere: hanging) }

    /// From now on each look-up fails, until it is said that they shall not.
    package func setFailing(_ failing: Bool) { setFile(failingPath, isThere: failing) }

    private func setFile(_ path: String, isThere: Bool) {
        if isThere {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        } else {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// For a process that is to resolve by this file.
    package var environment: [String: String] {
        [
            "LD_PRELOAD": Self.preloadedLibraries, "NSS_WRAPPER_HOSTS": path,
            "NSS_WRAPPER_MAX_HOSTENTS": String(Self.mostEntries), "LOCAL_AWS_HANGING_NAMES": hangingPath,
            "LOCAL_AWS_FAILING_NAMES": failingPath,
        ]
    }

    deinit {
        setHanging(false)
        setFailing(false)
        if ownsDirectory { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }
    }

    static func text(for answers: [DNSAnswer]) -> String {
        // CNAMEs stand in the lines of the name that they lead to: lines of their own, which name it too,
        // would give it each address twice.
        let own = Set(answers.filter { $0.canonicalName == nil }.map(\.name))
        let aliases = Dictionary(grouping: answers) { $0.canonicalName }
        var lines = ["127.0.0.1 localhost"]
        for answer in answers {
            var names = [answer.name]
            if let canonical = answer.canonicalName {
                if own.contains(canonical) { continue }
                names.insert(canonical, at: 0)
            } else {
                names += (aliases[answer.name] ?? []).map(\.name)
            }
            lines += answer.addresses.map { "\($0) \(names.map(\.withoutFinalDot).joined(separator: " "))" }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
