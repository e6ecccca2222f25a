package import AWSClient

/// What is to be published, gathered so that few requests carry it.
package struct MetricBuffer: Sendable {
    /// The metric that an alarm and, by it, a health check of Route 53 follow: 1 is healthy, 0 is not.
    package static let status = "HealthCheckStatus"
    /// How long a probe took that found its target healthy, in milliseconds.
    package static let latency = "HealthCheckLatency"

    /// CloudWatch's own limit on the different values of a datum.
    private static let maximumValues = 150

    private struct Key: Hashable {
        var name: String
        var dimensions: [String]
        var seconds: Int64
    }

    private let resolution: Int64
    private var data: [CloudWatch.Datum] = []
    private var places: [Key: Int] = [:]

    /// - Parameter resolution: the seconds that CloudWatch shall keep apart, 1 or 60.
    package init(resolution: Int) {
        self.resolution = max(1, Int64(resolution))
    }

    package var isEmpty: Bool { data.isEmpty }

    /// - Parameter isHealthy: what the target counts as, which need not be what this probe found.
    package mutating func note(
        _ result: ProbeResult, isHealthy: Bool, dimensions: [Metric.Dimension], at time: Timestamp
    ) {
        add(Self.status, "None", isHealthy ? 1 : 0, dimensions, time)
        guard result.isHealthy else { return }
        let (seconds, attoseconds) = result.duration.components
        // To the tenth of a millisecond, so that there are not too many different ones.
        let tenths = seconds * 10_000 + attoseconds / 100_000_000_000_000
        add(Self.latency, "Milliseconds", Double(tenths) / 10, dimensions, time)
    }

    private mutating func add(
        _ name: String, _ unit: String, _ value: Double, _ dimensions: [Metric.Dimension], _ time: Timestamp
    ) {
        let seconds = time.secondsSince1970 / resolution * resolution
        let key = Key(name: name, dimensions: dimensions.flatMap { [$0.name, $0.value] }, seconds: seconds)
        if let place = places[key] {
            // The last time counts: it is in the same period, and data are better too young than too old.
            data[place].time = max(data[place].time, time)
            if let known = data[place].values.firstIndex(of: value) {
                data[place].counts[known] += 1
                return
            }
            if data[place].values.count < Self.maximumValues {
                data[place].values.append(value)
                data[place].counts.append(1)
                return
            }
        }
        places[key] = data.count
        data.append(
            CloudWatch.Datum(
                name: name, unit: unit, dimensions: dimensions, time: time,
                resolution: Int(resolution), values: [value], counts: [1]))
    }

    /// All of it; none is left.
    package mutating func take() -> [CloudWatch.Datum] {
        defer { (data, places) = ([], [:]) }
        return data
    }
}
