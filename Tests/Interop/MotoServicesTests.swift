import AWSClient
import Foundation
import Testing

/// moto plays the services, boto3 their other customer; nobody here wrote either. One test, because moto takes
/// seconds to start.
@Suite struct MotoServicesTests {
    private var deadline: ContinuousClock.Instant { .now + .seconds(30) }

    @Test("What boto3 has made in moto our client reads, and what our client writes boto3 reads")
    func services() async throws {
        let moto = try MotoServices()
        try await parameters(moto)
        try await functions(moto)
        try await rules(moto)
        try await metrics(moto)
        try await publishedMetrics(moto)
        try await secrets(moto)
        try await records(moto)
        try await changes(moto)
        try await endpointRecords(moto)
        let id = try await SNS(moto.client).publish(
            topicARN: moto.made.topicARN, subject: "Promoted\nrg → eu-west-1", message: "{\"a\": \"ü & =\"}\n",
            attributes: [("event", "promoted"), ("watch", "a b"), ("nothing", "")], deadline: deadline)
        let missingTopic = await error {
            try await SNS(moto.client).publish(
                topicARN: "\(moto.made.topicARN)-not", subject: "s", message: "m", attributes: [], deadline: deadline)
        }
        #expect(missingTopic?.code == .notFound)

        let left = try moto.finish()
        #expect(left.parameter == ["Type": "String", "Value": "two: ü \"\n"])
        #expect(left.version == 2)
        #expect(
            left.health == [
                "a & ü": .init(count: 5, sum: 3, minimum: 0, maximum: 1, unit: "None"),
                "last": .init(count: 1, sum: 1, minimum: 1, maximum: 1, unit: "None"),
            ])
        #expect(left.records == ["n101.example.com.": ["a.example.net"], "w.example.com./a <&> \"b\"": ["192.0.2.9"]])
        let message = try #require(left.messages.first)
        #expect(left.messages.count == 1)
        #expect(message.id == id)
        #expect(message.subject == "Promoted rg ? eu-west-1")
        #expect(message.message == "{\"a\": \"ü & =\"}\n")
        #expect(message.attributes == ["event": "promoted", "watch": "a b"])
    }

    private func parameters(_ moto: MotoServices) async throws {
        let store = SystemsManager(moto.client)
        #expect(
            try await store.parameter(named: "/promoter/made", deadline: deadline)
                == SystemsManager.Parameter(name: "/promoter/made", value: "by boto3", version: 1))
        #expect(try await store.parameter(named: "/promoter/written", deadline: deadline) == nil)
        try await store.putParameter(named: "/promoter/written", value: "one", deadline: deadline)
        try await store.putParameter(named: "/promoter/written", value: "two: ü \"\n", deadline: deadline)
        #expect(
            try await store.parameter(named: "/promoter/written", deadline: deadline)
                == SystemsManager.Parameter(name: "/promoter/written", value: "two: ü \"\n", version: 2))
    }

    private func functions(_ moto: MotoServices) async throws {
        let functions = LambdaFunctions(moto.client)
        let expected = LambdaFunctionConfiguration(
            arn: moto.made.arn, timeoutSeconds: 60, memoryMB: 128, roleARN: moto.made.roleARN, handler: "promoter",
            environment: ["DNS_NAME": "app.example.com"], architectures: ["arm64"])
        #expect(try await functions.configuration(of: "promoter", deadline: deadline) == expected)
        #expect(try await functions.configuration(of: moto.made.arn, deadline: deadline) == expected)
        #expect(try await functions.reservedConcurrency(of: "promoter", deadline: deadline) == 1)
        #expect(try await functions.reservedConcurrency(of: "other", deadline: deadline) == nil)
        let missing = await error { try await functions.configuration(of: "not-there", deadline: deadline) }
        #expect(missing?.code == .notFound)
    }

    private func rules(_ moto: MotoServices) async throws {
        let events = EventBridge(moto.client)
        let names = try await events.ruleNames(byTarget: moto.made.arn, deadline: deadline)
        #expect(names.sorted() == ["paused", "promoter"])
        #expect(
            try await events.rule(named: "promoter", deadline: deadline)
                == EventRule(name: "promoter", scheduleExpression: "rate(1 minute)", isEnabled: true))
        #expect(try await events.rule(named: "paused", deadline: deadline).isEnabled == false)
        let missing = await error { try await events.rule(named: "not-there", deadline: deadline) }
        #expect(missing?.code == .notFound)
    }

    private func metrics(_ moto: MotoServices) async throws {
        let cloudWatch = CloudWatch(moto.client)
        let metrics = try await cloudWatch.listMetrics(namespace: "Promoter/Test", name: "Lag", deadline: deadline)
        let sorted = metrics.sorted { $0.dimensions.first?.value ?? "" < $1.dimensions.first?.value ?? "" }
        #expect(
            sorted
                == ["rg-001", "rg-002"].map { cluster in
                    Metric(
                        namespace: "Promoter/Test", name: "Lag",
                        dimensions: [.init(name: "CacheClusterId", value: cluster), .init(name: "Node", value: "0001")])
                })
        let unknown = Metric(namespace: "Promoter/Test", name: "Other", dimensions: [])
        let now = Timestamp.current()
        let values = try await cloudWatch.latestValues(
            of: sorted + [unknown], statistic: "Average", period: 60, since: now.adding(seconds: -600),
            until: now.adding(seconds: 60), deadline: deadline)
        #expect(values.map { $0?.value } == [0.25, 4, nil])
        for case let value? in values { #expect(abs(value.time.seconds(since: now)) <= 660) }
    }

    /// Not more than moto takes in within a second.
    private func publishedMetrics(_ moto: MotoServices) async throws {
        let now = Timestamp.current()
        func datum(_ target: String, _ values: [Double], _ counts: [Int]) -> CloudWatch.Datum {
            CloudWatch.Datum(
                name: "HealthCheckStatus", unit: "None", dimensions: [.init(name: "Target", value: target)],
                time: now, resolution: 60, values: values, counts: counts)
        }
        let others = (0..<30).map { datum("other \($0)", [0.5], [1]) }
        let (_, error) = await CloudWatch(moto.client).putMetricData(
            [datum("a & ü", [1, 0], [3, 2])] + others + [datum("last", [1], [1])], namespace: "Promoter/Health",
            deadline: deadline)
        if let error { throw error }
    }

    private func secrets(_ moto: MotoServices) async throws {
        let secrets = SecretsManager(moto.client)
        let expected = Secret(#"{"username": "probe", "password": "ü \" é"}"#)
        #expect(try await secrets.secretValue(of: "redis", deadline: deadline) == expected)
        #expect(try await secrets.secretValue(of: moto.made.secretARN, deadline: deadline) == expected)
        let missing = await error { try await secrets.secretValue(of: "not-there", deadline: deadline) }
        #expect(missing?.code == .notFound)
        let binary = await error { try await secrets.secretValue(of: "binary", deadline: deadline) }
        #expect(binary?.code == .invalidConfiguration)
    }

    private func records(_ moto: MotoServices) async throws {
        let wanted = ["*.example.com", "a-b.example.com", "a.example.com", "n100.example.com", "n899.example.com"]
        let found = try await Route53(moto.client).listResourceRecordSets(
            hostedZoneID: moto.made.zone, names: wanted + ["b.example.com"], deadline: deadline)
        #expect(found.count == 6)
        for name in wanted { #expect(found[name]?.map(\.values) == [["192.0.2.1"]], "\(name)") }
        #expect(found["b.example.com"] == [])
    }

    private func changes(_ moto: MotoServices) async throws {
        let route53 = Route53(moto.client)
        let zone = try await route53.hostedZone(id: moto.made.zone, deadline: deadline)
        #expect(zone.name == "example.com")
        #expect(!zone.isPrivate)
        let numbered = try await route53.listResourceRecordSets(
            hostedZoneID: zone.id, numberedAfter: "n.example.com", deadline: deadline)
        #expect(numbered.map(\.name) == (100..<900).map { "n\($0).example.com" })
        let replaced = try #require(numbered.first { $0.name == "n101.example.com" })
        let new = ResourceRecordSet(name: replaced.name, type: "CNAME", ttl: 10, values: ["a.example.net"])
        let weighted = ResourceRecordSet(
            name: "w.example.com", type: "A", setIdentifier: "a <&> \"b\"", weight: 1, ttl: 5, values: ["192.0.2.9"])
        let info = try await route53.changeResourceRecordSets(
            hostedZoneID: zone.id,
            changes: [.init(.delete, replaced), .init(.create, new), .init(.create, weighted)],
            comment: "a <&> b", deadline: deadline)
        // moto knows no other state.
        #expect(try await route53.getChange(id: info.id, deadline: deadline).isInSync)
        let refused = await error {
            try await route53.changeResourceRecordSets(
                hostedZoneID: zone.id, changes: [.init(.create, new)], comment: nil, deadline: deadline)
        }
        #expect(refused?.awsCode == "InvalidChangeBatch")
        let missing = await error { try await route53.hostedZone(id: "Z404", deadline: deadline) }
        #expect(missing?.awsCode == "NoSuchHostedZone")
    }

    private func error<Value>(_ body: () async throws -> Value) async -> AWSError? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? AWSError
        }
    }
}
