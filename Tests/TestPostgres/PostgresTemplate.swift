import Foundation
import Synchronization

/// What each server begins with: made once a process, since initdb takes seconds.
actor PostgresTemplate {
    static let shared = PostgresTemplate()

    private var making: Task<URL, any Error>?
    /// To be removed when the process ends.
    private static let made = Mutex<URL?>(nil)

    /// - Returns: a new folder, whose files still have to be given to `own`.
    func copy() async throws -> URL {
        let task = making ?? Task { try await Self.make() }
        making = task
        let template = try await task.value
        let directory = Self.newDirectory()
        try FileManager.default.copyItem(at: template, to: directory)
        return directory
    }

    private static func newDirectory() -> URL {
        FileManager.default.temporaryDirectory.appendingPathComponent("postgres-\(UUID().uuidString)")
    }

    private static func make() async throws -> URL {
        guard binaries != nil else {
            throw PostgresInstance.Failure(
                description: "there is no /usr/lib/postgresql; make test installs Debian's package postgresql")
        }
        let directory = newDirectory()
        made.withLock { $0 = directory }
        atexit {
            guard let directory = PostgresTemplate.made.withLock(\.self) else { return }
            try? FileManager.default.removeItem(at: directory)
        }
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try own(directory)
        let options = ["--no-sync", "--username=admin", "--auth=trust", "--encoding=UTF8", "--locale=C"]
        try await run("initdb", ["-D", directory.path, "--wal-segsize=1"] + options)
        try await run(
            "postgres", ["--single", "-D", directory.path, "postgres"],
            input: """
                CREATE ROLE probe LOGIN PASSWORD 'secret'
                CREATE ROLE guest LOGIN PASSWORD 'secret'
                GRANT CREATE ON SCHEMA public TO probe

                """)
        let rules = "host all,replication admin 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        try Data(rules.utf8).write(to: directory.appendingPathComponent("pg_hba.conf"))
        return directory
    }

    /// The newest that is installed; Debian keeps them off the PATH.
    private static let binaries: String? = {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let newest = versions.compactMap { Int($0) }.max()
        return newest.map { "\(root)/\($0)/bin" }
    }()

    private static let isRoot = getuid() == 0

    /// PostgreSQL does not run as root: then it is the user whom its package makes.
    static func process(_ program: String, _ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let user = isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : []
        process.arguments = user + ["\(binaries ?? "")/\(program)"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }

    private static func run(_ program: String, _ arguments: [String], input: String = "") async throws {
        let process = process(program, arguments)
        let pipe = Pipe()
        process.standardInput = pipe
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
                try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
                try pipe.fileHandleForWriting.close()
            } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else { throw PostgresInstance.Failure(description: "\(program) ended with \(status)") }
    }

    /// Gives a folder and what is in it to whoever the server runs as, and to nobody else.
    static func own(_ directory: URL) throws {
        let files = FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? []
        let user = isRoot ? getpwnam("postgres") : nil
        if isRoot, user == nil { throw PostgresInstance.Failure(description: "there is no user postgres") }
        for path in [directory.path] + files.map({ "\(directory.path)/\($0)" }) {
            if let user { chown(path, user.pointee.pw_uid, user.pointee.pw_gid) }
            chmod(path, access(path + "/.", F_OK) == 0 ? 0o700 : 0o600)
        }
    }
}
