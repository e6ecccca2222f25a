import AWSClient
import Functions
import HTTPTransport
import HealthProbe
import NameResolution
import Testing

@Suite("The configuration of the handler probe for PostgreSQL")
struct PostgresConfigurationTests {
    static let least = ["POSTGRES_HOST": "db.test", "POSTGRES_SECRET_ARN": "s"]

    static func configuration(_ environment: [String: String]) throws -> ProbeConfiguration {
        try ProbeConfiguration(environment: least.merging(environment) { $1 })
    }

    static func problems(_ environment: [String: String]) -> [String] {
        do {
            _ = try configuration(environment)
            return []
        } catch { return (error as? ConfigurationError)?.problems.map(\.variable) ?? ["?"] }
    }

    @Test("What is not said is on the safe side, and slower to call an endpoint unhealthy than for Redis")
    func defaults() throws {
        let probe = try #require(try Self.configuration([:]).probes.first)
        #expect(
            probe.target
                == ProbeTarget(
                    name: "db.test:5432", endpoint: StreamEndpoint(host: "db.test", port: 5432, tls: .init()),
                    server: .postgres(.init(database: "postgres", verifiesCertificate: true, mode: .write))))
        #expect(probe.login == .secret(id: "s", username: nil))
        #expect(probe.smoothing == HealthState.Smoothing(failuresToUnhealthy: 3, successesToHealthy: 1))
    }

    @Test("All that can be said")
    func everything() throws {
        let probe = try #require(
            try Self.configuration([
                "POSTGRES_PORT": "6432", "POSTGRES_DATABASE": "orders", "POSTGRES_SECRET_ARN": "",
                "POSTGRES_USERNAME": "probe", "POSTGRES_PASSWORD": "secret", "POSTGRES_TLS_MODE": "verify-full",
                "POSTGRES_CA_BUNDLE": "/opt/rds.pem", "POSTGRES_TLS_SERVER_NAME": "c.rds.test",
                "POSTGRES_PROBE": "read", "EXPECT_ROLE": "replica", "FAILURES_TO_UNHEALTHY": "1",
            ]).probes.first)
        let tls = StreamEndpoint.TLS(serverName: "c.rds.test", caBundle: "/opt/rds.pem")
        #expect(probe.target.endpoint == StreamEndpoint(host: "db.test", port: 6432, tls: tls))
        #expect(probe.target.server == .postgres(.init(database: "orders", mode: .read)))
        #expect(probe.target.expectedRole == .replica)
        #expect(probe.login == .credentials(ServerCredentials(username: "probe", password: Secret("secret"))))
        #expect(probe.smoothing.failuresToUnhealthy == 1)
    }

    @Test(
        "How TLS is spoken",
        arguments: [("require", true, false), ("DISABLE", false, false), ("verify-full", true, true)])
    func tlsModes(mode: String, isOn: Bool, verifies: Bool) throws {
        let target = try #require(try Self.configuration(["POSTGRES_TLS_MODE": mode]).probes.first).target
        #expect((target.endpoint.tls != nil) == isOn)
        if isOn { #expect(target.server == .postgres(.init(verifiesCertificate: verifies))) }
    }

    @Test(
        "What is wrong is refused by its name",
        arguments: [
            (["POSTGRES_HOST": "no host"], ["POSTGRES_HOST"]), (["POSTGRES_HOST": "/var/run"], ["POSTGRES_HOST"]),
            (["REDIS_HOST": "redis.test"], ["POSTGRES_HOST"]), (["POSTGRES_PORT": "0"], ["POSTGRES_PORT"]),
            (["POSTGRES_TLS_MODE": "prefer"], ["POSTGRES_TLS_MODE"]), (["POSTGRES_PROBE": "x"], ["POSTGRES_PROBE"]),
            (["POSTGRES_TLS_MODE": "require", "POSTGRES_CA_BUNDLE": "/ca"], ["POSTGRES_CA_BUNDLE"]),
            (["POSTGRES_TLS_MODE": "disable", "POSTGRES_TLS_SERVER_NAME": "a.test"], ["POSTGRES_TLS_SERVER_NAME"]),
            (["POSTGRES_TLS_SERVER_NAME": "a b"], ["POSTGRES_TLS_SERVER_NAME"]),
            (["POSTGRES_PASSWORD": "p"], ["POSTGRES_PASSWORD"]), (["POSTGRES_SECRET_ARN": ""], ["POSTGRES_SECRET_ARN"]),
            (["POSTGRES_SECRET_ARN": "", "POSTGRES_PASSWORD": "p"], ["POSTGRES_USERNAME"]),
            (["POSTGRES_SECRET_ARN": "", "POSTGRES_USERNAME": "u"], ["POSTGRES_SECRET_ARN"]),
            (["PROBES": #"[{"postgresPassword":"p"}]"#], ["PROBES[0].postgresPassword"]),
            (["PROBES": #"[{"postgresHost":"a.test","redisHost":"b.test"}]"#], ["PROBES[0].postgresHost"]),
            (["PROBES": #"[{"postgresHost":"a.test","redisPort":1}]"#], ["PROBES[0].redisPort"]),
            (["PROBES": #"[{"redisHost":"a.test","postgresProbe":"read"}]"#], ["PROBES[0].postgresProbe"]),
        ] as [([String: String], [String])])
    func mistakes(environment: [String: String], variables: [String]) {
        #expect(Self.problems(environment) == variables)
    }

    @Test("A list of both kinds, each by the host that it names")
    func mixed() throws {
        let configuration = try ProbeConfiguration(environment: [
            "REDIS_HOST": "redis.test", "POSTGRES_SECRET_ARN": "s",
            "PROBES": #"""
            [{"postgresHost":"db.test","postgresDatabase":"orders","postgresTlsMode":"require","postgresPort":5433},
             {"redisHost":"r.test"},{"redisPort":7000}]
            """#,
        ])
        #expect(configuration.probes.map(\.target.name) == ["db.test:5433", "r.test:6379", "redis.test:7000"])
        #expect(
            configuration.probes.map(\.target.server) == [
                .postgres(.init(database: "orders", verifiesCertificate: false)), .redis, .redis,
            ])
        #expect(configuration.probes.map(\.smoothing.failuresToUnhealthy) == [3, 1, 1])
    }

    @Test("A file of certificates that is not there is a mistake of the variable that names it")
    func certificates() throws {
        let assembly = try ProbeAssembly(
            environment: [:], configuration: try Self.configuration(["POSTGRES_CA_BUNDLE": "/opt/ca.pem"]))
        let error = #expect(throws: ConfigurationError.self) { try assembly.checkCertificates { _ in .missing } }
        #expect(error?.problems.map(\.variable) == ["POSTGRES_CA_BUNDLE"])
    }

    @Test("Each failure has words of its own kind of server", arguments: ProbeFailure.Reason.allCases)
    func words(reason: ProbeFailure.Reason) throws {
        let target = try #require(try Self.configuration([:]).probes.first).target
        for step in [ProbeFailure.Step.connect, .tls, .auth, .write, .secret] {
            let failure = ProbeFailure(reason, during: step, code: "XX000", "as scripted")
            let sentence = ProbeResult(target: target, failure: failure, duration: .seconds(1)).sentence
            #expect(!sentence.contains("REDIS") && !sentence.contains("PING"))
        }
    }
}
