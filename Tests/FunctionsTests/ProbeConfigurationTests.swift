import AWSClient
import Functions
import HTTPTransport
import HealthProbe
import Testing

@Suite("The configuration of the handler probe")
struct ProbeConfigurationTests {
    static func configuration(_ environment: [String: String]) throws -> ProbeConfiguration {
        try ProbeConfiguration(environment: ["REDIS_HOST": "redis.test"].merging(environment) { $1 })
    }

    static func problems(_ environment: [String: String]) -> [String] {
        do {
            _ = try configuration(environment)
            return []
        } catch { return (error as? ConfigurationError)?.problems.map(\.variable) ?? ["?"] }
    }

    @Test("What is not said is as in the published recipe")
    func defaults() throws {
        let configuration = try Self.configuration([:])
        #expect(configuration.interval == nil)
        #expect(configuration.namespace == "Custom/Redis")
        #expect(configuration.resolution == 60)
        let probe = try #require(configuration.probes.first)
        #expect(configuration.probes.count == 1)
        #expect(
            probe.target
                == ProbeTarget(
                    name: "redis.test:6379", endpoint: StreamEndpoint(host: "redis.test", port: 6379, tls: .init())))
        #expect(probe.target.connectTimeout == .seconds(2) && probe.target.readTimeout == .seconds(2))
        #expect(probe.target.expectedRole == nil && probe.target.whenReadOnly == .unhealthy)
        #expect(probe.login == .none)
        #expect(probe.smoothing == HealthState.Smoothing(failuresToUnhealthy: 1, successesToHealthy: 1))
        #expect(probe.dimensions.isEmpty)
    }

    @Test("All that can be said")
    func everything() throws {
        let configuration = try Self.configuration([
            "REDIS_HOST": "10.0.0.5", "REDIS_PORT": "6380", "REDIS_CA_BUNDLE": "/opt/ca.pem",
            "REDIS_TLS_SERVER_NAME": "master.example.com", "REDIS_USERNAME": "probe", "REDIS_PASSWORD": "secret",
            "EXPECT_ROLE": "Primary", "WHEN_READ_ONLY": "healthy", "CONNECT_TIMEOUT_SECONDS": "0.5",
            "READ_TIMEOUT_SECONDS": "3", "METRIC_NAMESPACE": "Team/Redis",
            "METRIC_DIMENSIONS": #"{"Cluster":"sessions","App":"shop"}"#, "METRIC_RESOLUTION": "high",
            "FAILURES_TO_UNHEALTHY": "3", "SUCCESSES_TO_HEALTHY": "2", "PROBE_INTERVAL_SECONDS": "5",
        ])
        #expect(configuration.interval == .seconds(5))
        #expect(configuration.namespace == "Team/Redis")
        #expect(configuration.resolution == 1)
        let probe = try #require(configuration.probes.first)
        let tls = StreamEndpoint.TLS(serverName: "master.example.com", caBundle: "/opt/ca.pem")
        #expect(probe.target.endpoint == StreamEndpoint(host: "10.0.0.5", port: 6380, tls: tls))
        #expect(probe.target.expectedRole == .primary && probe.target.whenReadOnly == .healthy)
        #expect(probe.target.connectTimeout == .milliseconds(500) && probe.target.readTimeout == .seconds(3))
        #expect(probe.login == .credentials(ServerCredentials(username: "probe", password: Secret("secret"))))
        #expect(probe.smoothing == HealthState.Smoothing(failuresToUnhealthy: 3, successesToHealthy: 2))
        #expect(probe.dimensions.map(\.name) == ["App", "Cluster"])
    }

    @Test("A list of several, what they leave out taken from the environment")
    func list() throws {
        let configuration = try ProbeConfiguration(environment: [
            "REDIS_TLS": "false", "REDIS_SECRET_ARN": "shared",
            "PROBES": #"""
            [{"name":"a","redisHost":"a.test","redisSecretArn":"own","dimensions":{"Cluster":"a"}},
             {"redisHost":"b.test","redisPort":7000,"redisTls":true,"failuresToUnhealthy":4}]
            """#,
        ])
        #expect(configuration.probes.map(\.target.name) == ["a", "b.test:7000"])
        #expect(configuration.probes.map { $0.target.endpoint.tls == nil } == [true, false])
        #expect(
            configuration.probes.map(\.login) == [
                .secret(id: "own", username: nil), .secret(id: "shared", username: nil),
            ])
        #expect(configuration.probes.map { $0.dimensions.map(\.value) } == [["a"], ["b.test:7000"]])
        #expect(configuration.probes[1].smoothing.failuresToUnhealthy == 4)
    }

    @Test(
        "What is wrong is refused by its name",
        arguments: [
            (["REDIS_HOST": ""], ["REDIS_HOST"]), (["REDIS_HOST": "no host"], ["REDIS_HOST"]),
            (["REDIS_PORT": "0"], ["REDIS_PORT"]), (["REDIS_PORT": "65536"], ["REDIS_PORT"]),
            (["REDIS_TLS": "yes"], ["REDIS_TLS"]), (["REDIS_TLS_SERVER_NAME": "a b"], ["REDIS_TLS_SERVER_NAME"]),
            (["REDIS_TLS": "false", "REDIS_CA_BUNDLE": "/ca"], ["REDIS_CA_BUNDLE"]),
            (["REDIS_TLS": "false", "REDIS_TLS_SERVER_NAME": "a.test"], ["REDIS_TLS_SERVER_NAME"]),
            (["REDIS_USERNAME": "probe"], ["REDIS_USERNAME"]),
            (["REDIS_SECRET_ARN": "s", "REDIS_PASSWORD": "p"], ["REDIS_PASSWORD"]),
            (["EXPECT_ROLE": "master"], ["EXPECT_ROLE"]), (["WHEN_READ_ONLY": "x"], ["WHEN_READ_ONLY"]),
            (["CONNECT_TIMEOUT_SECONDS": "0"], ["CONNECT_TIMEOUT_SECONDS"]),
            (["READ_TIMEOUT_SECONDS": "31"], ["READ_TIMEOUT_SECONDS"]),
            (["METRIC_NAMESPACE": "AWS/Redis"], ["METRIC_NAMESPACE"]),
            (["METRIC_NAMESPACE": ":x"], ["METRIC_NAMESPACE"]),
            (["METRIC_RESOLUTION": "1"], ["METRIC_RESOLUTION"]),
            (["METRIC_DIMENSIONS": #"{"a":""}"#], ["METRIC_DIMENSIONS"]),
            (["METRIC_DIMENSIONS": "[]"], ["METRIC_DIMENSIONS"]),
            (["FAILURES_TO_UNHEALTHY": "0"], ["FAILURES_TO_UNHEALTHY"]),
            (["PROBE_INTERVAL_SECONDS": "0.5"], ["PROBE_INTERVAL_SECONDS"]),
            (["PROBE_INTERVAL_SECONDS": "61"], ["PROBE_INTERVAL_SECONDS"]),
            (["PROBES": "[]"], ["PROBES"]), (["PROBES": "x"], ["PROBES"]),
            (["PROBES": #"[{"redisPassword":"p"}]"#], ["PROBES[0].redisPassword"]),
            (["PROBES": #"[{"name":"a"},{"name":"a"}]"#], ["PROBES[1].name", "PROBES[1].dimensions"]),
            (["PROBES": #"[{"dimensions":{"a":"b"},"name":"x"},{"dimensions":{"a":"b"}}]"#], ["PROBES[1].dimensions"]),
            (["PROBES": #"[{"redisPort":0}]"#], ["PROBES[0].redisPort"]),
        ] as [([String: String], [String])])
    func mistakes(environment: [String: String], variables: [String]) {
        #expect(Self.problems(environment) == variables)
    }

    @Test("A password is in no message")
    func secrecy() {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.configuration(["REDIS_SECRET_ARN": "s", "REDIS_PASSWORD": "hunter2"])
        }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test(
        "A file of certificates that holds none is a mistake of the configuration",
        arguments: [
            (FileContents.bytes(Array("# ours\n-----BEGIN CERTIFICATE-----\n".utf8)), true), (.bytes([1, 2]), false),
            (.missing, false), (.unreadable("no"), false),
        ])
    func certificates(contents: FileContents, isRight: Bool) throws {
        let assembly = try ProbeAssembly(
            environment: [:], configuration: try Self.configuration(["REDIS_CA_BUNDLE": "/opt/ca.pem"]))
        var problems: [String] = []
        do { try assembly.checkCertificates { _ in contents } } catch { problems = error.problems.map(\.variable) }
        #expect(problems == (isRight ? [] : ["REDIS_CA_BUNDLE"]))
    }
}
