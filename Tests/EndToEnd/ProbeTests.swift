import Foundation
import LocalAWS
import TestRedis
import Testing

/// The handler `probe` as built, with a real Redis server over TLS.
@Suite("The probe, as built")
struct ProbeTests {
    struct Answer: Decodable {
        var healthy: Bool
        var status: Int
        var reason: String?
        var step: String?
    }

    /// What a probe runs in.
    struct Stage {
        let aws: LocalAWS
        let function: LocalFunction
        let process: ChildProcess

        init(_ variables: [String: String]) async throws {
            aws = try LocalAWS.sampleWorld()
            try await aws.start()
            function = try await aws.addFunction(name: "probe", region: Deployment.east)
            let environment = aws.environment(for: function, handler: "probe").merging(variables) { $1 }
            process = try ChildProcess(Deployment.path(of: "bootstrap"), environment: environment)
        }

        func invoke() async throws -> Answer {
            let outcome = await function.invoke(timeout: .seconds(20))
            guard case .response(let body) = outcome else {
                throw LocalAWSError("no answer: \(outcome), \(process.output)")
            }
            return try JSONDecoder().decode(Answer.self, from: body)
        }

        var published: [RecordedRequest] { aws.requests.filter { $0.operation == "PutMetricData" } }

        func end() async {
            process.kill()
            await aws.stop()
        }
    }

    @Test("It logs in over TLS with a secret, tells CloudWatch of a dead server, and fails where it cannot")
    func whole() async throws {
        let certificate = try await TestCertificate(subject: "DNS:redis.example.com")
        let server = try await RedisServer(["--requirepass", "first"], tls: certificate)
        let stage = try await Stage([
            "REDIS_HOST": "127.0.0.1", "REDIS_PORT": "\(server.port)", "REDIS_CA_BUNDLE": certificate.certificate,
            "REDIS_TLS_SERVER_NAME": "redis.example.com", "REDIS_SECRET_ARN": "probe", "CONNECT_TIMEOUT_SECONDS": "10",
            "READ_TIMEOUT_SECONDS": "10", "AWS_MAX_ATTEMPTS": "1",
        ])
        let withoutSecret = try await stage.invoke()
        #expect(withoutSecret.reason == "auth" && withoutSecret.step == "secret")
        stage.aws.setSecret("probe", to: #"{"password":"first"}"#, region: Deployment.east)
        let alive = try await stage.invoke()
        #expect(alive.healthy && alive.status == 1)
        server.signal(SIGKILL)
        await server.waitForEnd()
        let dead = try await stage.invoke()
        #expect(dead.reason == "connect" && dead.status == 0)
        #expect(stage.published.map(\.status) == [200, 200, 200])

        stage.aws.inject(Fault(.error(status: 400, code: "Refused", message: "no"), operation: "PutMetricData"))
        let outcome = await stage.function.invoke(timeout: .seconds(20))
        guard case .error(let type, _) = outcome else {
            Issue.record("no error: \(outcome)")
            return
        }
        #expect(type == "Function.MetricsNotPublished")
        await stage.end()
    }
}
