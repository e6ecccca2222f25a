/// The operations of CloudWatch that are used, by the query protocol, which it has beside two younger ones.
/// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/
package struct CloudWatch: Sendable {
    /// One datapoint.
    package struct Value: Sendable, Equatable {
        package var value: Double
        /// When its period began.
        package var time: Timestamp

        package init(value: Double, time: Timestamp) {
            self.value = value
            self.time = time
        }
    }

    /// 500 metrics or 100,800 datapoints a page.
    static let maximumPages = 100
    /// What GetMetricData takes in one request.
    static let maximumQueries = 500

    private let client: AWSClient
    private let region: String?

    /// - Parameter region: nil for that of the configuration.
    package init(_ client: AWSClient, region: String? = nil) {
        self.client = client
        self.region = region
    }

    /// The metrics of a name, with all combinations of dimensions that had a datapoint in the last two weeks.
    ///
    /// Not only those of the last three hours, which CloudWatch would list, too: what has been silent for longer is
    /// to be seen as silent, and not to be missing.
    package func listMetrics(
        namespace: String, name: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [Metric] {
        var metrics: [Metric] = []
        try await pages("ListMetrics", [("Namespace", namespace), ("MetricName", name)], deadline: deadline) {
            result throws(XMLError) in
            var page: [Metric] = []
            for element in result.list("Metrics", of: "member") { page.append(try Metric(element)) }
            return page
        } each: {
            metrics += $0
        }
        return metrics
    }

    /// The latest datapoint of each metric, in the order of the metrics.
    ///
    /// - Parameters:
    ///   - statistic: as in `Average`, `Maximum` or `p99`.
    ///   - period: of a datapoint in seconds: 1, 5, 10, 20, 30, or a multiple of 60.
    ///   - since: the first moment that a period may begin at; `until` is the first that it may not.
    /// - Returns: nil for a metric of which CloudWatch has, or gives, no datapoint of that time.
    package func latestValues(
        of metrics: [Metric], statistic: String, period: Int, since: Timestamp, until: Timestamp,
        deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [Value?] {
        var values = [Value?](repeating: nil, count: metrics.count)
        for start in stride(from: 0, to: metrics.count, by: Self.maximumQueries) {
            let chunk = start..<min(start + Self.maximumQueries, metrics.count)
            var parameters: [(name: String, value: String?)] = []
            for index in chunk {
                let query = "MetricDataQueries.member.\(index - start + 1)"
                parameters.append(("\(query).Id", "m\(index)"))
                parameters += metrics[index].parameters(prefix: "\(query).MetricStat.Metric")
                parameters += [
                    ("\(query).MetricStat.Period", String(period)), ("\(query).MetricStat.Stat", statistic),
                ]
            }
            parameters += [
                ("StartTime", since.iso8601), ("EndTime", until.iso8601), ("ScanBy", "TimestampDescending"),
            ]
            try await pages("GetMetricData", parameters, deadline: deadline) { result throws(XMLError) in
                try Self.latest(in: result, of: chunk)
            } each: { page in
                // The datapoints of one metric may be divided among pages.
                for (index, value) in page where values[index].map({ $0.time < value.time }) ?? true {
                    values[index] = value
                }
            }
        }
        return values
    }

    private static func latest(
        in result: XMLElement, of metrics: Range<Int>
    ) throws(XMLError) -> [(index: Int, value: Value)] {
        var latest: [(index: Int, value: Value)] = []
        for element in result.list("MetricDataResults", of: "member") {
            let id = try element.required("Id")
            guard id.hasPrefix("m"), let index = Int(id.dropFirst()), metrics.contains(index) else {
                throw XMLError(reason: "nobody asked for the metric \(id)")
            }
            let times = element.list("Timestamps", of: "member")
            let numbers = element.list("Values", of: "member")
            guard times.count == numbers.count else {
                throw XMLError(reason: "there are \(times.count) Timestamps and \(numbers.count) Values of \(id)")
            }
            for (time, number) in zip(times, numbers) {
                guard let time = Timestamp(iso8601: time.text) else {
                    throw XMLError(reason: "a member of Timestamps is no time but \(time.text)")
                }
                guard let value = Double(number.text), value.isFinite else {
                    throw XMLError(reason: "a member of Values is no number but \(number.text)")
                }
                latest.append((index, Value(value: value, time: time)))
            }
        }
        return latest
    }

    func put(_ parameters: [(name: String, value: String?)], deadline: ContinuousClock.Instant) async throws(AWSError) {
        let call = AWSCall.query(.cloudWatch, region: region, operation: "PutMetricData", parameters: parameters)
        // It answers without a result, and without the element for one.
        try await client.xml(call, root: "PutMetricDataResponse", deadline: deadline) { _ throws(XMLError) in }
    }

    /// Asks for one page after the other.
    private func pages<Page: Sendable>(
        _ operation: String, _ parameters: [(name: String, value: String?)], deadline: ContinuousClock.Instant,
        read: (XMLElement) throws(XMLError) -> Page, each: (Page) -> Void
    ) async throws(AWSError) {
        var tokens: Set<String> = []
        var token: String?
        for _ in 0..<Self.maximumPages {
            let call = AWSCall.query(
                .cloudWatch, region: region, operation: operation, parameters: parameters + [("NextToken", token)])
            let (page, next) = try await client.query(call, deadline: deadline) { result throws(XMLError) in
                (try read(result), result.optional("NextToken"))
            }
            each(page)
            guard let next else { return }
            guard tokens.insert(next).inserted else { break }
            token = next
        }
        throw AWSError.endlessPages(of: "CloudWatch \(operation)")
    }
}
