import AWSClient
import HTTPTransport
import Testing

@Suite struct CloudWatchTests {
    static func answer(_ operation: String, _ result: String, token: String? = nil) -> FakeExecutor.Outcome {
        .xml(
            200,
            "<\(operation)Response xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"><\(operation)Result>"
                + result + (token.map { "<NextToken>\($0)</NextToken>" } ?? "")
                + "</\(operation)Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></\(operation)Response>"
        )
    }

    static func metrics(_ members: String, token: String? = nil) -> FakeExecutor.Outcome {
        answer("ListMetrics", "<Metrics>\(members)</Metrics>", token: token)
    }

    static func metric(_ dimensions: String) -> String {
        "<member><Namespace>AWS/ElastiCache</Namespace><MetricName>Lag</MetricName>"
            + "<Dimensions>\(dimensions)</Dimensions></member>"
    }

    static func dimension(_ name: String, _ value: String) -> String {
        "<member><Name>\(name)</Name><Value>\(value)</Value></member>"
    }

    static func result(_ id: String, _ points: [(String, String)], status: String = "Complete") -> String {
        "<member><Id>\(id)</Id><Label>x</Label><Timestamps>\(points.map { "<member>\($0.0)</member>" }.joined())"
            + "</Timestamps><Values>\(points.map { "<member>\($0.1)</member>" }.joined())</Values>"
            + "<StatusCode>\(status)</StatusCode></member>"
    }

    static func data(_ members: String, token: String? = nil) -> FakeExecutor.Outcome {
        answer("GetMetricData", "<MetricDataResults>\(members)</MetricDataResults>", token: token)
    }

    private func list(_ executor: FakeExecutor) async throws -> [Metric] {
        let world = World()
        return try await CloudWatch(try world.client(executor), region: "us-west-2").listMetrics(
            namespace: "AWS/ElastiCache", name: "Lag", deadline: world.deadline)
    }

    private func latest(_ executor: FakeExecutor, of metrics: [Metric]) async throws -> [CloudWatch.Value?] {
        let world = World()
        return try await CloudWatch(try world.client(executor), region: "us-west-2").latestValues(
            of: metrics, statistic: "Maximum", period: 60, since: Timestamp(secondsSince1970: 1_440_938_160),
            until: Timestamp(secondsSince1970: 1_440_938_760), deadline: world.deadline)
    }

    private func lag(_ count: Int) -> [Metric] {
        (0..<count).map {
            Metric(
                namespace: "AWS/ElastiCache", name: "Lag",
                dimensions: [.init(name: "CacheClusterId", value: "rg-\($0)")])
        }
    }

    private func body(_ request: HTTPRequest?) -> String {
        request.map { String(decoding: $0.body, as: UTF8.self) } ?? ""
    }

    @Test("Metrics are listed by pages, with their dimensions, silent ones too")
    func listing() async throws {
        let executor = FakeExecutor(
            Self.metrics(
                Self.metric(Self.dimension("CacheClusterId", "rg-001") + Self.dimension("CacheNodeId", "0001")),
                token: "t/1="),
            Self.metrics(Self.metric("")))
        #expect(
            try await list(executor) == [
                Metric(
                    namespace: "AWS/ElastiCache", name: "Lag",
                    dimensions: [
                        .init(name: "CacheClusterId", value: "rg-001"), .init(name: "CacheNodeId", value: "0001"),
                    ]),
                Metric(namespace: "AWS/ElastiCache", name: "Lag", dimensions: []),
            ])
        let request = try #require(executor.requests.first)
        #expect(request.url == "https://monitoring.us-west-2.amazonaws.com/")
        #expect(request.headers["Authorization"]?.contains("/us-west-2/monitoring/aws4_request") == true)
        let form = "Action=ListMetrics&Version=2010-08-01&Namespace=AWS%2FElastiCache&MetricName=Lag"
        #expect(executor.requests.map(body) == [form, "\(form)&NextToken=t%2F1%3D"])
    }

    @Test("Pages that do not end are an error", arguments: [true, false])
    func loop(sameEachTime: Bool) async throws {
        for operation in ["ListMetrics", "GetMetricData"] {
            let executor = FakeExecutor { _, index in
                Self.answer(operation, "", token: sameEachTime ? "t" : "t\(index)")
            }
            let error = await awsError {
                if operation == "ListMetrics" {
                    _ = try await list(executor)
                } else {
                    _ = try await latest(executor, of: lag(1))
                }
            }
            #expect(error?.code == .unexpectedAnswer)
            #expect(error?.activity == "CloudWatch \(operation)")
            #expect(executor.requests.count == (sameEachTime ? 2 : 100))
        }
    }

    @Test("Values are asked for in one request")
    func request() async throws {
        let executor = FakeExecutor(Self.data(""))
        #expect(try await latest(executor, of: lag(2)) == [nil, nil])
        let queries = (0..<2).map { index in
            let query = "&MetricDataQueries.member.\(index + 1)"
            return "\(query).Id=m\(index)\(query).MetricStat.Metric.Namespace=AWS%2FElastiCache"
                + "\(query).MetricStat.Metric.MetricName=Lag"
                + "\(query).MetricStat.Metric.Dimensions.member.1.Name=CacheClusterId"
                + "\(query).MetricStat.Metric.Dimensions.member.1.Value=rg-\(index)"
                + "\(query).MetricStat.Period=60\(query).MetricStat.Stat=Maximum"
        }
        #expect(
            executor.requests.map(body) == [
                "Action=GetMetricData&Version=2010-08-01\(queries.joined())&StartTime=2015-08-30T12%3A36%3A00Z"
                    + "&EndTime=2015-08-30T12%3A46%3A00Z&ScanBy=TimestampDescending"
            ])
    }

    @Test("The latest datapoint of each metric is taken, in whatever order and on whatever page it comes")
    func reading() async throws {
        let executor = FakeExecutor(
            Self.data(
                Self.result("m2", [("2015-08-30T12:40:00Z", "2.0")], status: "PartialData")
                    + Self.result("m0", [("2015-08-30T12:38:00Z", "1"), ("2015-08-30T12:39:00.000+00:00", "1.5E-3")])
                    + Self.result("m1", []), token: "t"),
            Self.data(Self.result("m2", [("2015-08-30T12:39:00Z", "9"), ("2015-08-30T12:41:00Z", "0")])))
        let minute = 1_440_938_160 / 60
        #expect(
            try await latest(executor, of: lag(4)) == [
                .init(value: 0.0015, time: Timestamp(secondsSince1970: Int64(minute + 3) * 60)), nil,
                .init(value: 0, time: Timestamp(secondsSince1970: Int64(minute + 5) * 60)), nil,
            ])
        #expect(body(executor.requests.last) == body(executor.requests.first) + "&NextToken=t")
    }

    @Test("A request has at most 500 metrics, and none of none is made")
    func chunks() async throws {
        let executor = FakeExecutor { request, _ in
            // Answers for the first and the last metric that was asked for.
            let ids = String(decoding: request.body, as: UTF8.self).split(separator: "&").filter { $0.contains(".Id=") }
                .compactMap { $0.split(separator: "=").last }
            let ends = [ids.first, ids.last].compactMap { $0 }
            return Self.data(
                ends.map { Self.result(String($0), [("2015-08-30T12:40:00Z", "\($0.dropFirst())")]) }.joined())
        }
        let values = try await latest(executor, of: lag(1001))
        #expect(values.enumerated().filter { $1 != nil }.map(\.offset) == [0, 499, 500, 999, 1000])
        #expect(values.compactMap { $0?.value } == [0, 499, 500, 999, 1000])
        #expect(executor.requests.count == 3)
        let unused = FakeExecutor(Self.data(""))
        #expect(try await latest(unused, of: []) == [])
        #expect(unused.requests.isEmpty)
    }

    @Test(
        "A metric or value that is not whole makes the whole answer an error",
        arguments: [
            metrics("<member><Namespace>n</Namespace></member>"),
            metrics("<member><MetricName>n</MetricName></member>"),
            metrics(metric("<member><Name>n</Name></member>")), metrics(metric("<member><Value>n</Value></member>")),
            data(result("m1", [])), data(result("m-1", [])), data(result("x", [])), data(result("", [])),
            data(result("m0", [("yesterday", "1")])), data(result("m0", [("2015-08-30T12:40:00Z", "much")])),
            data(result("m0", [("2015-08-30T12:40:00Z", "nan")])),
            data(result("m0", [("2015-08-30T12:40:00Z", "inf")])),
            data("<member><Id>m0</Id><Values><member>1</member></Values></member>"), .xml(200, "<OtherResponse/>"),
        ])
    func notWhole(outcome: FakeExecutor.Outcome) async throws {
        let listing = await awsError { try await list(FakeExecutor(outcome)) }
        let reading = await awsError { try await latest(FakeExecutor(outcome), of: lag(1)) }
        #expect(listing?.code == .unexpectedAnswer)
        #expect(reading?.code == .unexpectedAnswer)
    }

    @Test("What CloudWatch refuses comes with its code")
    func refusal() async throws {
        let listing = await awsError { try await list(FakeExecutor(.error(403, "AccessDenied"))) }
        #expect(listing?.remedy?.contains("cloudwatch:ListMetrics") == true)
        let reading = await awsError { try await latest(FakeExecutor(.error(400, "ValidationError")), of: lag(1)) }
        #expect(reading?.awsCode == "ValidationError")
    }
}
