package import Foundation

/// What CloudWatch calls a metric: it exists in one region, and each combination of dimensions is another.
package struct Metric: Hashable, Sendable, Comparable {
    package let region: String
    package let namespace: String
    package let name: String
    package let dimensions: [String: String]

    package init(region: String, namespace: String, name: String, dimensions: [String: String]) {
        self.region = region
        self.namespace = namespace
        self.name = name
        self.dimensions = dimensions
    }

    private var sortKey: String {
        let dimensions = dimensions.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return ([region, namespace, name] + dimensions).joined(separator: "\u{0}")
    }

    package static func < (left: Metric, right: Metric) -> Bool { left.sortKey < right.sortKey }
}

/// One value, or a set of them that is told by its statistics.
package struct Datapoint: Sendable, Equatable {
    /// By the client's clock, which is the real one.
    package let time: Date
    /// The same moment by the emulator's clock, which alarms live by.
    package var worldTime: Date
    package let count: Double
    package let sum: Double
    package let minimum: Double
    package let maximum: Double
    package var unit = "None"
    /// Put with a StorageResolution of 1: there are periods of less than a minute of it.
    package var isHighResolution = false

    package init(time: Date, count: Double, sum: Double, minimum: Double, maximum: Double) {
        self.time = time
        self.worldTime = time
        self.count = count
        self.sum = sum
        self.minimum = minimum
        self.maximum = maximum
    }

    package init(time: Date, value: Double, count: Double = 1) {
        self.init(time: time, count: count, sum: value * count, minimum: value, maximum: value)
    }

    /// nil: no such statistic here (percentiles and trimmed means, say).
    static func statistic(_ name: String, of points: [Datapoint]) -> Double? {
        let count = points.map(\.count).reduce(0, +)
        switch name {
        case "SampleCount": return count
        case "Sum": return points.map(\.sum).reduce(0, +)
        case "Average": return count > 0 ? points.map(\.sum).reduce(0, +) / count : nil
        case "Minimum": return points.map(\.minimum).min()
        case "Maximum": return points.map(\.maximum).max()
        default: return nil
        }
    }
}

extension LocalAWS {
    /// What was put into CloudWatch, in the order in which it came.
    package func datapoints(of metric: Metric) -> [Datapoint] { world.snapshot.metrics[metric] ?? [] }
}
