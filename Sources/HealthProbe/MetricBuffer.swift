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
        _ name: String, _ unit: String, _ value: Double, _ dimensions: [Metric.Dimension], _ time: Timestamp,
        count: Int = 1
    ) {
        let seconds = time.secondsSince1970 / resolution * resolution
        let key = Key(name: name, dimensions: dimensions.flatMap { [$0.name, $0.value] }, seconds: seconds)
        if let place = places[key] {
            // The last time counts: it is in the same period, and data are better too young than too old.
            data[place].time = max(data[place].time, time)
            if let known = data[place].values.firstIndex(of: value) {
                data[place].counts[known] += count
                return
            }
            if data[place].values.count < Self.maximumValues {
                data[place].values.append(value)
                data[place].counts.append(count)
                return
            }
        }
        places[key] = data.count
        data.append(
            CloudWatch.Datum(
                name: name, unit: unit, dimensions: dimensions, time: time,
                resolution: Int(resolution), values: [value], counts: [count]))
    }

    /// All of it; none is left.
    package mutating func take() -> [CloudWatch.Datum] {
        defer { (data, places) = ([], [:]) }
        return data
    }

    /// Takes back what could not be published, for another time, beside what has come since of the same period.
    ///
    /// - Parameter oldest: what is older is given up: nobody's health is decided by it any more.
    /// - Returns: how many data were given up.
    package mutating func restore(_ data: [CloudWatch.Datum], since oldest: Timestamp) -> Int {
        var givenUp = 0
        for datum in data {
            guard datum.time >= oldest else {
                givenUp += 1
                continue
            }
            for (value, count) in zip(datum.values, datum.counts) {
                add(datum.name, datum.unit, value, datum.dimensions, datum.time, count: count)
            }
        }
        return givenUp
    }
}
