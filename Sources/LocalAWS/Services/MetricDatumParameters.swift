import Foundation

/// What PutMetricData takes, and what it refuses ("MetricDatum" and "CloudWatch quotas" in AWS's documentation).
enum MetricDatumParameters {
    static let mostData = 1000
    /// Of one datum.
    static let mostValues = 150
    static let mostDimensions = 30
    /// A value is between this and its negative.
    static let largest = 0x1p360
    static let oldest: TimeInterval = -14 * 24 * 3600
    static let youngest: TimeInterval = 2 * 3600
    static let units: Set<String> = {
        let rates = ["", "Kilo", "Mega", "Giga", "Tera"].flatMap { size in
            ["Bytes", "Bits"].map { size.isEmpty ? $0 : size + $0.lowercased() }
        }
        let others = ["Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "Count/Second", "None"]
        return Set(rates + rates.map { "\($0)/Second" } + others)
    }()

    /// - Parameters:
    ///   - now: the time of what comes without one, by the client's clock.
    ///   - worldNow: the same moment by the emulator's.
    static func data(_ call: ServiceCall, now: Date, worldNow: Date) throws(AWSFailure) -> [(Metric, Datapoint)] {
        guard let namespace = call.parameters["Namespace"], !namespace.isEmpty else {
            throw AWSFailure(400, "MissingParameter", "The parameter Namespace is required.")
        }
        guard !namespace.hasPrefix("AWS/") else {
            throw invalid("The value AWS/ for parameter Namespace is invalid.")
        }
        guard namespace.utf8.count <= 255, !namespace.hasPrefix(":"),
            namespace.hasOnlyLettersAndDigits(or: ".-_/#: ")
        else { throw invalid("The value \(namespace) for parameter Namespace is invalid.") }
        let members = MetricParameters.members("MetricData", call)
        guard !members.isEmpty else {
            throw AWSFailure(400, "MissingParameter", "The parameter MetricData is required.")
        }
        guard members.count <= mostData else {
            throw invalid("The collection MetricData must not have a size greater than \(mostData).")
        }
        var data: [(Metric, Datapoint)] = []
        for member in members {
            guard let name = call.parameters["\(member).MetricName"], !name.isEmpty else {
                throw AWSFailure(400, "MissingParameter", "The parameter \(member).MetricName is required.")
            }
            let metric = Metric(
                region: call.region, namespace: namespace, name: name, dimensions: try dimensions(member, call)
            )
            let time = try time(member, call, now: now)
            let unit = call.parameters["\(member).Unit"] ?? "None"
            guard units.contains(unit) else { throw invalid("The parameter \(member).Unit is no unit: \(unit)") }
            let resolution = call.parameters["\(member).StorageResolution"] ?? "60"
            guard ["1", "60"].contains(resolution) else {
                throw invalid("The parameter \(member).StorageResolution must be 1 or 60, not \(resolution).")
            }
            for var point in try points(member, time, call) {
                point.worldTime = worldNow.addingTimeInterval(time.timeIntervalSince(now))
                point.unit = unit
                point.isHighResolution = resolution == "1"
                data.append((metric, point))
            }
        }
        return data
    }

    private static func dimensions(_ member: String, _ call: ServiceCall) throws(AWSFailure) -> [String: String] {
        let list = MetricParameters.dimensionList("\(member).Dimensions", call)
        guard list.count <= mostDimensions else {
            throw invalid("The collection \(member).Dimensions must not have a size greater than \(mostDimensions).")
        }
        var dimensions: [String: String] = [:]
        for (name, value) in list {
            guard let value, !value.isEmpty, !name.isEmpty, dimensions.updateValue(value, forKey: name) == nil else {
                throw invalid("The parameter \(member).Dimensions must have each Name once, and a Value for it.")
            }
        }
        return dimensions
    }

    private static func time(_ member: String, _ call: ServiceCall, now: Date) throws(AWSFailure) -> Date {
        guard call.parameters["\(member).Timestamp"] != nil else { return now }
        let time = try MetricParameters.time("\(member).Timestamp", call)
        guard (oldest...youngest).contains(time.timeIntervalSince(now)) else {
            throw invalid(
                "The parameter \(member).Timestamp must be within the past two weeks, or the next two hours."
            )
        }
        return time
    }

    /// A single value, values with their counts, or a statistic set.
    private static func points(_ member: String, _ time: Date, _ call: ServiceCall) throws(AWSFailure) -> [Datapoint] {
        let set = "\(member).StatisticValues"
        let values = call.list("\(member).Values")
        let hasValue = call.parameters["\(member).Value"] != nil
        let hasSet = ["SampleCount", "Sum", "Minimum", "Maximum"].contains { call.parameters["\(set).\($0)"] != nil }
        guard [hasValue, hasSet, !values.isEmpty].filter(\.self).count == 1 else {
            throw AWSFailure(
                400, "InvalidParameterCombination",
                "The parameter \(member) must have one of Value, Values and StatisticValues."
            )
        }
        if hasValue { return [Datapoint(time: time, value: try number("\(member).Value", call))] }
        if hasSet {
            return [
                Datapoint(
                    time: time, count: try number("\(set).SampleCount", call), sum: try number("\(set).Sum", call),
                    minimum: try number("\(set).Minimum", call), maximum: try number("\(set).Maximum", call)
                )
            ]
        }
        let counts = call.list("\(member).Counts")
        guard values.count <= mostValues, counts.isEmpty || counts.count == values.count else {
            throw invalid("\(member).Values has at most \(mostValues) members, and Counts as many or none.")
        }
        var points: [Datapoint] = []
        for index in values.indices.map({ $0 + 1 }) {
            let count = counts.isEmpty ? 1 : try number("\(member).Counts.member.\(index)", call)
            guard count > 0 else { throw invalid("The parameter \(member).Counts must have positive numbers.") }
            let value = try number("\(member).Values.member.\(index)", call)
            points.append(Datapoint(time: time, value: value, count: count))
        }
        return points
    }

    private static func number(_ name: String, _ call: ServiceCall) throws(AWSFailure) -> Double {
        guard let number = Double(call.parameters[name] ?? ""), (-largest...largest).contains(number) else {
            throw invalid("The parameter \(name) must be a number between -2^360 and 2^360.")
        }
        return number
    }

    private static func invalid(_ message: String) -> AWSFailure { AWSFailure(400, "InvalidParameterValue", message) }
}
