import AWSClient
import HTTPTransport
import Testing

@Suite("Publishing metrics")
struct CloudWatchDataTests {
    private static let published = FakeExecutor.Outcome.xml(
        200,
        """
        <PutMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">
        <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></PutMetricDataResponse>
        """)

    private func put(_ data: [CloudWatch.Datum], _ executor: FakeExecutor) async throws {
        let world = World()
        let (unpublished, error) = await CloudWatch(try world.client(executor), region: "us-west-2").putMetricData(
            data, namespace: "Promoter/Health", deadline: world.deadline)
        if let error { throw error }
        #expect(unpublished.isEmpty)
    }

    private static func datum(
        _ target: String = "a", _ values: [Double] = [1], _ counts: [Int] = [1]
    ) -> CloudWatch.Datum {
        CloudWatch.Datum(
            name: "HealthCheckStatus", unit: "None", dimensions: [.init(name: "Target", value: target)],
            time: Timestamp(secondsSince1970: 1_440_938_160), resolution: 60, values: values, counts: counts)
    }

    /// The parameters of a request whose names end in that, by their places.
    private static func values(_ request: HTTPRequest, _ ending: String) -> [String] {
        String(decoding: request.body, as: UTF8.self).split(separator: "&").filter { $0.contains("\(ending)=") }
            .compactMap { $0.split(separator: "=").last.map(String.init) }
    }

    @Test("A datum goes with its time, its dimensions, and each value with how often it was that")
    func request() async throws {
        let executor = FakeExecutor(Self.published)
        var second = Self.datum("b &", [12.5, 1e-7, 1e16], [1, 3, 2])
        (second.resolution, second.unit) = (1, "Milliseconds")
        try await put([Self.datum(), second], executor)
        let request = try #require(executor.requests.first)
        #expect(executor.requests.count == 1)
        #expect(request.url == "https://monitoring.us-west-2.amazonaws.com/")
        #expect(request.headers["Authorization"]?.contains("/us-west-2/monitoring/aws4_request") == true)
        let first = "&MetricData.member.1"
        let other = "&MetricData.member.2"
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == "Action=PutMetricData&Version=2010-08-01&Namespace=Promoter%2FHealth"
                + "\(first).MetricName=HealthCheckStatus\(first).Unit=None\(first).Timestamp=2015-08-30T12%3A36%3A00Z"
                + "\(first).StorageResolution=60\(first).Dimensions.member.1.Name=Target"
                + "\(first).Dimensions.member.1.Value=a\(first).Values.member.1=1.0\(first).Counts.member.1=1"
                + "\(other).MetricName=HealthCheckStatus\(other).Unit=Milliseconds"
                + "\(other).Timestamp=2015-08-30T12%3A36%3A00Z\(other).StorageResolution=1"
                + "\(other).Dimensions.member.1.Name=Target\(other).Dimensions.member.1.Value=b%20%26"
                + "\(other).Values.member.1=12.5\(other).Counts.member.1=1\(other).Values.member.2=1e-07"
                + "\(other).Counts.member.2=3\(other).Values.member.3=1e%2B16\(other).Counts.member.3=2")
    }

    @Test("A request has at most 500 data, and none of none is made")
    func count() async throws {
        let executor = FakeExecutor(Self.published)
        try await put((0..<1001).map { Self.datum("t\($0)") }, executor)
        let targets = executor.requests.map { Self.values($0, ".Dimensions.member.1.Value") }
        #expect(targets.map(\.count) == [500, 500, 1])
        #expect(targets.flatMap { $0 } == (0..<1001).map { "t\($0)" })
        let unused = FakeExecutor(Self.published)
        try await put([], unused)
        #expect(unused.requests.isEmpty)
    }

    @Test("A request has less than the megabyte that AWS takes, however many values there are")
    func size() async throws {
        let executor = FakeExecutor(Self.published)
        let values = (0..<150).map { Double($0) + 0.123_456_789 }
        let data = (0..<400).map { Self.datum("t\($0) & ü", values, Array(repeating: 1_000_000, count: 150)) }
        try await put(data, executor)
        #expect(executor.requests.allSatisfy { $0.body.count < 1 << 20 })
        #expect(executor.requests.flatMap { Self.values($0, ".Dimensions.member.1.Value") }.count == 400)
        // In fewer requests it would not go, but for some.
        let bytes = executor.requests.reduce(0) { $0 + $1.body.count }
        #expect(executor.requests.count <= bytes / (1 << 20) * 2)
    }

    @Test("A datum that is too large for that goes by itself")
    func oversize() async throws {
        let executor = FakeExecutor(Self.published)
        let large = Self.datum(String(repeating: "x", count: 1_000_000))
        try await put([Self.datum(), large, Self.datum("b")], executor)
        #expect(executor.requests.map { Self.values($0, ".MetricName").count } == [1, 1, 1])
    }

    @Test("What is refused comes with its code, and ends it")
    func refusal() async throws {
        let executor = FakeExecutor(Self.published, .error(403, "AccessDenied"))
        let error = await awsError { try await put((0..<1001).map { Self.datum("t\($0)") }, executor) }
        #expect(error?.awsCode == "AccessDenied")
        #expect(error?.activity == "CloudWatch PutMetricData")
        #expect(executor.requests.count == 2)
    }

    @Test("What was published before a refusal is not among what is given back")
    func partial() async throws {
        let world = World()
        let data = (0..<1001).map { Self.datum("t\($0)") }
        let (unpublished, _) = await CloudWatch(
            try world.client(FakeExecutor(Self.published, .error(403, "AccessDenied"))), region: "us-west-2"
        ).putMetricData(data, namespace: "N", deadline: world.deadline)
        #expect(Array(unpublished) == Array(data.dropFirst(500)))
    }
}
