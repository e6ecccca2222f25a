import AWSClient
import JSON
import LambdaRuntime
import Logging
import NameResolution
import Promotion
import Testing

@testable import Functions

@Suite("The function promoter")
struct PromoterFunctionTests {
    @Test(
        "A handler's name says which function runs",
        arguments: [
            (nil, .promoter), ("", .promoter), ("promoter", .promoter), ("bootstrap", .promoter),
            ("aws-global-elasticache-promoter", .promoter), ("operator", .operator), ("probe", .probe),
            ("endpoints", .endpoints),
        ] as [(String?, FunctionName)])
    func names(_ handler: String?, _ expected: FunctionName) throws {
        #expect(try FunctionName(handler: handler) == expected)
    }

    @Test("Any other name is refused", arguments: ["Promoter", "promoter ", "index.handler", "promoter.handler"])
    func unknownNames(_ handler: String) {
        let error = #expect(throws: UnknownHandler.self) { try FunctionName(handler: handler) }
        #expect(error?.handler == handler)
        #expect(error?.lambdaErrorType == "UnknownHandler")
    }

    @Test(
        "A check ends a tenth of its time before Lambda's deadline, and half a second at most",
        arguments: [
            (Duration.milliseconds(-1000), Duration.zero), (.zero, .zero), (.milliseconds(100), .milliseconds(10)),
            (.seconds(3), .milliseconds(300)), (.milliseconds(4999), .microseconds(499_900)),
            (.seconds(5), .milliseconds(500)), (.seconds(900), .milliseconds(500)),
        ])
    func margin(timeLeft: Duration, margin: Duration) {
        let now = ContinuousClock.now
        let invocation = Invocation(requestID: "r", deadline: now + timeLeft)
        #expect(PromoterFunction.deadline(of: invocation, now: now) == invocation.deadline - margin)
    }

    static let aws = [
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_LAMBDA_FUNCTION_NAME": "test",
        "AWS_MAX_ATTEMPTS": "1",
    ]

    static func assembly(
        _ network: FakeNetwork, _ resolver: FixedResolver, _ changes: [String: String?] = [:]
    ) throws -> PromoterAssembly {
        let environment = environment(["AWS_REGION": "us-west-2"].merging(aws) { $1 }.merging(changes) { $1 })
        return try PromoterAssembly(
            environment: environment, configuration: PromoterConfiguration(environment: environment),
            executor: network, resolver: resolver)
    }

    static func function(_ assembly: PromoterAssembly) -> PromoterFunction {
        PromoterFunction(
            assembly: assembly, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: nil)
    }

    static func invocation(_ timeLeft: Duration = .seconds(60)) -> Invocation {
        Invocation(requestID: "r", deadline: .now + timeLeft, payload: Array("not JSON".utf8))
    }

    @Test("The response is the result as JSON, whatever the event")
    func response() async throws {
        let function = Self.function(try Self.assembly(FakeNetwork(), FixedResolver(failure: .notFound)))
        let json = try JSONValue(parsing: try await function.handle(Self.invocation()))
        #expect(json["decision"] == "hold")
        #expect(json["reason"] == "nameNotFound")
        #expect(json["dnsName"] == "app.example.com")
        #expect(json["globalDatastoreId"] == "ldgnf-sessions")
        #expect(json["region"] == "us-west-2")
    }

    @Test("The check has the invocation's deadline, less the margin")
    func deadline() async throws {
        let resolver = FixedResolver(failure: .timedOut)
        let invocation = Self.invocation(.seconds(600))
        _ = try await Self.function(try Self.assembly(FakeNetwork(), resolver)).handle(invocation)
        #expect(resolver.lookUps.map(\.name) == ["app.example.com"])
        #expect(resolver.lookUps.map(\.deadline) == [invocation.deadline - .milliseconds(500)])
    }

    @Test("A check that fails fails the invocation, with a type that Lambda takes")
    func failure() async throws {
        let network = FakeNetwork()
        let function = Self.function(try Self.assembly(network, FixedResolver("10.0.0.1")))
        let error = await #expect(throws: CheckFailure.self) { try await function.handle(Self.invocation()) }
        #expect(error?.lambdaErrorType == "AWSError")
        #expect((error?.underlying as? AWSError)?.code == .noAnswer)
        #expect(network.asked.count == 1)
    }

    @Test("What the environment says reaches the promoter")
    func policy() async throws {
        let resolver = FixedResolver("10.0.0.1")
        let function = Self.function(try Self.assembly(FakeNetwork(), resolver, ["PAUSED": "true"]))
        let json = try JSONValue(parsing: try await function.handle(Self.invocation()))
        #expect(json["reason"] == "paused")
        #expect(resolver.lookUps.isEmpty)
    }

    @Test("Putting the promoter together asks nobody")
    func assembly() throws {
        let (network, resolver) = (FakeNetwork(), FixedResolver("10.0.0.1"))
        let assembly = try Self.assembly(network, resolver, ["DNS_NAME": "App.Example.com."])
        let identity = try #require(assembly.watches.first?.identity)
        #expect(identity.dnsName == "app.example.com")
        #expect(identity.groupID == "ldgnf-sessions")
        #expect(identity.ownRegion == "us-west-2")
        #expect(network.asked.isEmpty)
        #expect(resolver.lookUps.isEmpty)
    }

    @Test("Both services are asked in their own regions, with the zone and the name of the environment")
    func endpoints() async throws {
        let (network, resolver) = (FakeNetwork(), FixedResolver("10.0.0.1"))
        let assembly = try Self.assembly(network, resolver, ["HOSTED_ZONE_ID": "/hostedzone/Z1"])
        _ = await assembly.warmUp(deadline: .now + .seconds(60))
        let urls = network.asked.sorted()
        #expect(urls.count == 2)
        #expect(urls.first == "https://elasticache.us-west-2.amazonaws.com/")
        #expect(
            urls.last?.hasPrefix("https://route53.amazonaws.com/2013-04-01/hostedzone/Z1/rrset?") == true)
        #expect(urls.last?.contains("name=app.example.com") == true)
    }

    @Test("Without a region there is no promoter")
    func noRegion() {
        let error = #expect(throws: AWSError.self) {
            try Self.assembly(FakeNetwork(), FixedResolver("10.0.0.1"), ["AWS_REGION": nil])
        }
        #expect(error?.code == .invalidConfiguration)
    }
}
