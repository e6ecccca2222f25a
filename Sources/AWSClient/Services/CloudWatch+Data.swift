/// Publishing metrics.
/// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
extension CloudWatch {
    /// What a metric was at one time, as often as it was measured then.
    package struct Datum: Sendable, Equatable {
        package var name: String
        /// As in `Milliseconds`, or `None`.
        package var unit: String
        package var dimensions: [Metric.Dimension]
        package var time: Timestamp
        /// The seconds that CloudWatch keeps apart: 1 for a metric of high resolution, else 60.
        package var resolution: Int
        /// What was measured, each as often as `counts` says; 1 to 150.
        package var values: [Double]
        package var counts: [Int]

        package init(
            name: String, unit: String, dimensions: [Metric.Dimension], time: Timestamp, resolution: Int,
            values: [Double], counts: [Int]
        ) {
            self.name = name
            self.unit = unit
            self.dimensions = dimensions
            self.time = time
            self.resolution = resolution
            self.values = values
            self.counts = counts
        }

        func parameters(prefix: String) -> [(name: String, value: String?)] {
            var parameters: [(name: String, value: String?)] = [
                ("\(prefix).MetricName", name), ("\(prefix).Unit", unit), ("\(prefix).Timestamp", time.iso8601),
                ("\(prefix).StorageResolution", String(resolution)),
            ]
            for (index, dimension) in dimensions.enumerated() {
                let member = "\(prefix).Dimensions.member.\(index + 1)"
                parameters += [("\(member).Name", dimension.name), ("\(member).Value", dimension.value)]
            }
            for (index, (value, count)) in zip(values, counts).enumerated() {
                parameters += [
                    ("\(prefix).Values.member.\(index + 1)", String(value)),
                    ("\(prefix).Counts.member.\(index + 1)", String(count)),
                ]
            }
            return parameters
        }
    }

    /// What one request takes; AWS would take 1,000, and a megabyte (2^20 bytes).
    static let maximumData = 500
    static let maximumBytes = 900_000

    /// Publishes all of it, in as many requests as it takes. What was sent twice, since an answer was lost, counts
    /// twice; minimum, maximum and average stay what they are.
    ///
    /// - Returns: what was not published, from the first request that failed on, and why; nothing where all was.
    package func putMetricData(
        _ data: [Datum], namespace: String, deadline: ContinuousClock.Instant
    ) async -> (unpublished: ArraySlice<Datum>, error: AWSError?) {
        var rest = data[...]
        while !rest.isEmpty {
            var parameters: [(name: String, value: String?)] = [("Namespace", namespace)]
            var bytes = 0
            var count = 0
            for datum in rest.prefix(Self.maximumData) {
                let more = datum.parameters(prefix: "MetricData.member.\(count + 1)")
                bytes += more.reduce(0) { $0 + Self.longestForm($1.name, $1.value ?? "") }
                guard count == 0 || bytes <= Self.maximumBytes else { break }
                parameters += more
                count += 1
            }
            do { try await put(parameters, deadline: deadline) } catch { return (rest, error) }
            rest = rest.dropFirst(count)
        }
        return ([], nil)
    }

    /// As it stands in a form where each byte of the value has to be escaped.
    private static func longestForm(_ name: String, _ value: String) -> Int {
        name.utf8.count + 3 * value.utf8.count + 2
    }
}
