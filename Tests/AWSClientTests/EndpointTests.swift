import Testing

@testable import AWSClient

@Suite struct EndpointTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var service: AWSService
        var region: String
        var environment: [String: String] = [:]
        var config = ""
        var url: String
        var signingRegion: String?

        var testDescription: String { "\(service.name) \(region) \(environment.keys.sorted()) \(config)" }
    }

    static let fips = ["AWS_USE_FIPS_ENDPOINT": "true"]

    static let cases = [
        Case(service: .elastiCache, region: "eu-west-1", url: "https://elasticache.eu-west-1.amazonaws.com/"),
        Case(
            service: .elastiCache, region: "ap-southeast-99", url: "https://elasticache.ap-southeast-99.amazonaws.com/"),
        Case(service: .elastiCache, region: "cn-north-1", url: "https://elasticache.cn-north-1.amazonaws.com.cn/"),
        Case(service: .elastiCache, region: "us-gov-east-1", url: "https://elasticache.us-gov-east-1.amazonaws.com/"),
        Case(service: .elastiCache, region: "eusc-de-east-1", url: "https://elasticache.eusc-de-east-1.amazonaws.eu/"),
        Case(service: .elastiCache, region: "us-iso-east-1", url: "https://elasticache.us-iso-east-1.c2s.ic.gov/"),
        Case(service: .elastiCache, region: "us-isob-east-1", url: "https://elasticache.us-isob-east-1.sc2s.sgov.gov/"),
        Case(
            service: .elastiCache, region: "eu-isoe-west-1", url: "https://elasticache.eu-isoe-west-1.cloud.adc-e.uk/"),
        Case(
            service: .elastiCache, region: "us-isof-south-1", url: "https://elasticache.us-isof-south-1.csp.hci.ic.gov/"
        ),
        Case(service: .sts, region: "us-east-1", url: "https://sts.us-east-1.amazonaws.com/"),
        Case(service: .cloudWatch, region: "us-east-1", url: "https://monitoring.us-east-1.amazonaws.com/"),
        Case(service: .secretsManager, region: "eu-west-1", url: "https://secretsmanager.eu-west-1.amazonaws.com/"),
        // The global ones.
        Case(service: .route53, region: "eu-west-1", url: "https://route53.amazonaws.com/", signingRegion: "us-east-1"),
        Case(
            service: .route53, region: "cn-north-1", url: "https://route53.amazonaws.com.cn/",
            signingRegion: "cn-northwest-1"),
        Case(
            service: .route53, region: "us-gov-east-1", url: "https://route53.us-gov.amazonaws.com/",
            signingRegion: "us-gov-west-1"),
        Case(service: .route53, region: "eusc-de-east-1", url: "https://route53.amazonaws.eu/"),
        Case(
            service: .route53, region: "us-iso-west-1", url: "https://route53.c2s.ic.gov/",
            signingRegion: "us-iso-east-1"),
        Case(service: .iam, region: "eu-west-1", url: "https://iam.amazonaws.com/", signingRegion: "us-east-1"),
        Case(
            service: .iam, region: "cn-northwest-1", url: "https://iam.cn-north-1.amazonaws.com.cn/",
            signingRegion: "cn-north-1"),
        Case(
            service: .iam, region: "us-gov-east-1", url: "https://iam.us-gov.amazonaws.com/",
            signingRegion: "us-gov-west-1"),
        Case(service: .iam, region: "eusc-de-east-1", url: "https://iam.eusc-de-east-1.amazonaws.eu/"),
        Case(
            service: .iam, region: "us-iso-west-1", url: "https://iam.us-iso-east-1.c2s.ic.gov/",
            signingRegion: "us-iso-east-1"),
        Case(service: .lambda, region: "eu-west-1", url: "https://lambda.eu-west-1.amazonaws.com/"),
        Case(service: .eventBridge, region: "eu-west-1", url: "https://events.eu-west-1.amazonaws.com/"),
        // FIPS.
        Case(
            service: .iam, region: "eu-west-1", environment: fips, url: "https://iam-fips.amazonaws.com/",
            signingRegion: "us-east-1"),
        Case(
            service: .iam, region: "us-gov-east-1", environment: fips, url: "https://iam.us-gov.amazonaws.com/",
            signingRegion: "us-gov-west-1"),
        Case(
            service: .lambda, region: "us-gov-west-1", environment: fips,
            url: "https://lambda-fips.us-gov-west-1.amazonaws.com/"),
        Case(
            service: .eventBridge, region: "us-gov-west-1", environment: fips,
            url: "https://events.us-gov-west-1.amazonaws.com/"),
        Case(
            service: .elastiCache, region: "eu-west-1", environment: fips,
            url: "https://elasticache-fips.eu-west-1.amazonaws.com/"),
        Case(
            service: .elastiCache, region: "us-gov-west-1", environment: fips,
            url: "https://elasticache.us-gov-west-1.amazonaws.com/"),
        Case(
            service: .secretsManager, region: "us-gov-west-1", environment: fips,
            url: "https://secretsmanager-fips.us-gov-west-1.amazonaws.com/"),
        Case(
            service: .route53, region: "us-west-2", environment: fips, url: "https://route53-fips.amazonaws.com/",
            signingRegion: "us-east-1"),
        Case(
            service: .route53, region: "us-gov-east-1", environment: fips,
            url: "https://route53.us-gov.amazonaws.com/", signingRegion: "us-gov-west-1"),
        Case(
            service: .sts, region: "eu-west-1", config: "use_fips_endpoint = true",
            url: "https://sts-fips.eu-west-1.amazonaws.com/"),
        // Configured ones.
        Case(
            service: .elastiCache, region: "eu-west-1",
            environment: ["AWS_ENDPOINT_URL": "http://localhost:4566/base/"],
            url: "http://localhost:4566/base/"),
        Case(
            service: .route53, region: "eu-west-1", environment: ["AWS_ENDPOINT_URL": "http://localhost:4566"],
            url: "http://localhost:4566/", signingRegion: "us-east-1"),
        Case(
            service: .route53, region: "eu-west-1",
            environment: ["AWS_ENDPOINT_URL": "http://localhost:1", "AWS_ENDPOINT_URL_ROUTE_53": "http://localhost:2"],
            url: "http://localhost:2/", signingRegion: "us-east-1"),
        Case(
            service: .sts, region: "eu-west-1",
            environment: ["AWS_ENDPOINT_URL": "http://localhost:1", "AWS_ENDPOINT_URL_ROUTE_53": "http://localhost:2"],
            url: "http://localhost:1/"),
        Case(
            service: .eventBridge, region: "eu-west-1",
            environment: ["AWS_ENDPOINT_URL_EVENTBRIDGE": "http://localhost:5"], url: "http://localhost:5/"),
        Case(
            service: .lambda, region: "eu-west-1", environment: ["AWS_ENDPOINT_URL_LAMBDA": "http://localhost:6"],
            url: "http://localhost:6/"),
        Case(
            service: .iam, region: "cn-northwest-1", environment: ["AWS_ENDPOINT_URL_IAM": "http://localhost:7"],
            url: "http://localhost:7/", signingRegion: "cn-north-1"),
        Case(
            service: .sts, region: "eu-west-1",
            environment: ["AWS_ENDPOINT_URL_STS": "http://localhost:1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"],
            url: "https://sts.eu-west-1.amazonaws.com/"),
        Case(
            service: .sts, region: "eu-west-1", config: "endpoint_url = http://localhost:3", url: "http://localhost:3/"),
        Case(
            service: .elastiCache, region: "eu-west-1",
            config:
                "endpoint_url = http://localhost:3\nservices = s\n[services s]\nelasticache =\n  endpoint_url = http://localhost:4",
            url: "http://localhost:4/"),
        Case(
            service: .elastiCache, region: "eu-west-1", environment: ["AWS_ENDPOINT_URL": "http://localhost:1"],
            config: "services = s\n[services s]\nelasticache =\n  endpoint_url = http://localhost:4",
            url: "http://localhost:1/"),
    ]

    private func settings(_ environment: [String: String], config: String = "") throws -> EndpointSettings {
        let world = World()
        world.change { $0.files["/h/.aws/config"] = .bytes(Array("[default]\n\(config)\n".utf8)) }
        return try AWSConfiguration(
            environment: environment.merging(["HOME": "/h"]) { $1 }, readFile: world.readFile
        ).endpoints
    }

    @Test("Endpoints are those of AWS, or the configured ones", arguments: cases)
    func endpoints(_ testCase: Case) throws {
        let endpoint = try settings(testCase.environment, config: testCase.config)
            .endpoint(for: testCase.service, region: testCase.region)
        #expect(endpoint.url.text == testCase.url)
        #expect(endpoint.signingRegion == testCase.signingRegion ?? testCase.region)
    }

    @Test(
        "A wrong value is refused at start, and the message has variable and value",
        arguments: [
            ("AWS_ENDPOINT_URL", "localhost:4566"), ("AWS_ENDPOINT_URL_ROUTE_53", "http://localhost:99999"),
            ("AWS_ENDPOINT_URL_STS", "http://x/?a=b"), ("AWS_USE_FIPS_ENDPOINT", "yes"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "1"), ("AWS_REGION", "EU-WEST-1"),
            ("AWS_REGION", "x.evil.example/"),
            ("AWS_DEFAULT_REGION", "eu west"), ("AWS_MAX_ATTEMPTS", "0"), ("AWS_MAX_ATTEMPTS", "many"),
            ("AWS_MAX_ATTEMPTS", "99999999999999999999"),
        ])
    func refusing(variable: String, value: String) async throws {
        let error = await awsError { try AWSConfiguration(environment: [variable: value], readFile: { _ in .missing }) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(variable) == true)
        #expect(error?.message.contains(value) == true)
    }

    @Test("A password in a URL is not shown")
    func password() async {
        let error = await awsError {
            try AWSConfiguration(
                environment: ["AWS_ENDPOINT_URL": "http://user:hush@localhost/"], readFile: { _ in .missing })
        }
        #expect(error?.message.contains("localhost") == true)
        #expect(error?.description.contains("hush") == false)
    }

    @Test(
        "What cannot be, is refused when it is asked for",
        arguments: [
            (["AWS_USE_FIPS_ENDPOINT": "true"], AWSService.route53, "eusc-de-east-1"),
            (["AWS_USE_FIPS_ENDPOINT": "true"], .iam, "cn-north-1"),
            (["AWS_USE_FIPS_ENDPOINT": "true", "AWS_ENDPOINT_URL": "http://x"], .sts, "eu-west-1"),
            ([:], .elastiCache, "evil.example/?"), ([:], .elastiCache, ""),
        ])
    func impossible(environment: [String: String], service: AWSService, region: String) async throws {
        let settings = try settings(environment)
        let error = await awsError { try settings.endpoint(for: service, region: region) }
        #expect(error?.code == .invalidConfiguration)
    }
}
