import AWSClient
import HTTPTransport
import Testing

@Suite struct STSTests {
    @Test("The caller's identity is read")
    func identity() async throws {
        let world = World()
        let executor = FakeExecutor(.identity)
        let identity = try await STS(try world.client(executor)).getCallerIdentity(deadline: world.deadline)
        #expect(
            identity
                == STS.CallerIdentity(
                    account: "123456789012", arn: "arn:aws:iam::123456789012:user/Alice", userID: "AIDA"))
        #expect(
            executor.requests.map { String(decoding: $0.body, as: UTF8.self) }
                == ["Action=GetCallerIdentity&Version=2011-06-15"])
        #expect(executor.requests.first?.headers["Content-Type"] == "application/x-www-form-urlencoded; charset=utf-8")
    }

    @Test("An endpoint's path is kept before that of the operation")
    func basePath() async throws {
        let world = World()
        let executor = FakeExecutor(.identity)
        let client = try world.client(
            executor, World.keys.merging(["AWS_ENDPOINT_URL": "http://localhost:4566/aws/"]) { $1 })
        _ = try await STS(client).getCallerIdentity(deadline: world.deadline)
        #expect(executor.requests.first?.url == "http://localhost:4566/aws/")
    }

    @Test("Without a region nothing is sent")
    func noRegion() async throws {
        let world = World()
        let executor = FakeExecutor(.identity)
        var environment = World.keys
        environment["AWS_REGION"] = nil
        let client = try world.client(executor, environment)
        let error = await awsError { try await STS(client).getCallerIdentity(deadline: world.deadline) }
        #expect(error?.code == .invalidConfiguration)
        #expect(executor.requests.isEmpty)
    }
}
