import ArgumentParser
import Functions

/// Which endpoint `promoter probe` looks at. As with the variables, the host says what kind of server it is.
struct ProbeOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("Host of a Redis or Valkey endpoint.", valueName: "name"))
    var host: String?

    @Option(name: .long, help: ArgumentHelp("Host of a PostgreSQL server, instead.", valueName: "name"))
    var postgresHost: String?

    @Option(name: .long, help: ArgumentHelp("Its port (6379; PostgreSQL: 5432).", valueName: "number"))
    var port: Int?

    @Flag(inversion: .prefixedNo, help: "Speak TLS (--tls).")
    var tls: Bool?

    @Option(name: .long, help: ArgumentHelp("File of the authorities to trust.", valueName: "path"))
    var caBundle: String?

    @Option(
        name: .long,
        help: ArgumentHelp("What the certificate is for, where the host is a name of your own.", valueName: "name"))
    var tlsServerName: String?

    @Option(name: .long, help: "User to log in as; the password is in the secret, or in …_PASSWORD.")
    var username: String?

    @Option(name: .long, help: ArgumentHelp("Secret of Secrets Manager to log in with.", valueName: "arn"))
    var secret: String?

    @Option(name: .long, help: "PostgreSQL: database to log in to (postgres).")
    var database: String?

    @Option(name: .long, help: "PostgreSQL: verify-full, require (any certificate) or disable (verify-full).")
    var tlsMode: String?

    @Flag(name: .long, help: "PostgreSQL: only read; nothing is written.")
    var readOnly = false

    func validate() throws {
        if host != nil, postgresHost != nil {
            throw ValidationError("--host and --postgres-host: an endpoint is one of them")
        }
        if tls != nil, tlsMode != nil { throw ValidationError("--tls and --tls-mode: give one of them") }
        guard host != nil else { return }
        for (option, isGiven) in [
            ("--database", database != nil), ("--tls-mode", tlsMode != nil), ("--read-only", readOnly),
        ] where isGiven {
            throw ValidationError("\(option) is for PostgreSQL: give --postgres-host instead of --host")
        }
    }

    /// The function's variables as the options change them.
    func environment(_ environment: [String: String]) -> [String: String] {
        var environment = environment
        // One endpoint is meant, whatever the function probes.
        if host != nil || postgresHost != nil {
            for variable in ["PROBES", "PROBES_FILE", "REDIS_HOST", "POSTGRES_HOST"] { environment[variable] = nil }
        }
        let isPostgres = postgresHost != nil || environment["POSTGRES_HOST"]?.isEmpty == false
        let prefix = isPostgres ? "POSTGRES_" : "REDIS_"
        var options: [(name: String, value: String?)] = [
            ("HOST", postgresHost ?? host), ("PORT", port.map { "\($0)" }), ("CA_BUNDLE", caBundle),
            ("TLS_SERVER_NAME", tlsServerName), ("USERNAME", username), ("SECRET_ARN", secret),
        ]
        if isPostgres {
            let mode = tls.map { $0 ? "verify-full" : "disable" }
            options += [("DATABASE", database), ("TLS_MODE", tlsMode ?? mode), ("PROBE", readOnly ? "read" : nil)]
        } else {
            options.append(("TLS", tls.map { "\($0)" }))
        }
        for case (let name, let value?) in options { environment[prefix + name] = value }
        // It would be refused beside the secret, and is not meant.
        if secret != nil { environment[prefix + "PASSWORD"] = nil }
        return environment
    }
}
