import Foundation
import Testing

@testable import LocalAWS

/// The tables of "Configuring how CloudWatch alarms treat missing data" in the CloudWatch user guide, and what its text
/// says beside them.
@Suite struct AlarmRuleTests {
    private static let metric = Metric(
        region: "us-west-2", namespace: "Probe", name: "HealthCheckStatus", dimensions: [:])
    private static let begin = Date(timeIntervalSince1970: 1_800_000_000)

    private static func rule(_ needed: Int, of periods: Int, _ missing: AlarmRule.MissingData = .missing) -> AlarmRule {
        AlarmRule(
            metric: metric, evaluationPeriods: periods, datapointsToAlarm: needed, threshold: 1, comparison: .lessThan,
            missingData: missing
        )
    }

    struct Row: Sendable {
        /// Oldest first, as AWS writes them: 0 is good, X is breaching, - is missing.
        var data: String
        var needed: Int
        /// By missing, ignore, breaching, notBreaching; nil: retained.
        var states: [AlarmState?]
    }

    @Test(
        "Missing data are treated as AWS's own examples have it",
        arguments: [
            Row(data: "0-X-X", needed: 3, states: [.ok, .ok, .ok, .ok]),
            Row(data: "0----", needed: 3, states: [.ok, .ok, .ok, .ok]),
            Row(data: "-----", needed: 3, states: [.insufficientData, nil, .alarm, .ok]),
            Row(data: "0XX-X", needed: 3, states: [.alarm, .alarm, .alarm, .alarm]),
            Row(data: "--X--", needed: 3, states: [.alarm, nil, .alarm, .ok]),
            Row(data: "0-X-X", needed: 2, states: [.alarm, .alarm, .alarm, .alarm]),
            Row(data: "00X0X", needed: 2, states: [.alarm, .alarm, .alarm, .alarm]),
            Row(data: "0-X--", needed: 2, states: [.ok, .ok, .alarm, .ok]),
            Row(data: "----0", needed: 2, states: [.ok, .ok, .alarm, .ok]),
            Row(data: "---X-", needed: 2, states: [.alarm, nil, .alarm, .ok]),
            // Too young for an alarm, says the text: the next may be good.
            Row(data: "----X", needed: 3, states: [nil, nil, .alarm, .ok]),
            Row(data: "---X-", needed: 3, states: [nil, nil, .alarm, .ok]),
        ]
    )
    func missingData(_ row: Row) {
        let values = row.data.reversed().enumerated().map { index, symbol -> AlarmRule.Value? in
            let start = Self.begin.addingTimeInterval(-60 * Double(index))
            return symbol == "-" ? nil : AlarmRule.Value(start: start, value: symbol == "0" ? 1 : 0)
        }
        let found = AlarmRule.MissingData.allCases.map { Self.rule(row.needed, of: 3, $0).judge(values).state }
        #expect(found == row.states, "\(row.data)")
    }

    @Test(
        "A value is compared as the operator says",
        arguments: [
            (AlarmRule.Comparison.lessThan, [true, false, false]), (.lessThanOrEqual, [true, true, false]),
            (.greaterThan, [false, false, true]), (.greaterThanOrEqual, [false, true, true]),
        ]
    )
    func comparison(_ comparison: AlarmRule.Comparison, _ breaching: [Bool]) {
        #expect([1.5, 2, 2.5].map { comparison.isBreaching($0, 2) } == breaching)
    }

    private static func point(_ seconds: Double, _ value: Double, highResolution: Bool = false) -> Datapoint {
        var point = Datapoint(time: begin.addingTimeInterval(seconds), value: value)
        point.isHighResolution = highResolution
        return point
    }

    @Test(
        "A period's values come down to the statistic",
        arguments: [
            ("Minimum", 0.0), ("Maximum", 4), ("Average", 2), ("Sum", 6), ("SampleCount", 3),
        ]
    )
    func statistics(_ statistic: String, _ expected: Double) {
        var rule = Self.rule(1, of: 1)
        rule.statistic = statistic
        let points = [Self.point(1, 0), Self.point(30, 4), Self.point(59, 2), Self.point(60, 100), Self.point(-1, 100)]
        let evaluation = rule.evaluate(points, at: Self.begin.addingTimeInterval(60), minute: CloudWatchMinute())
        #expect(evaluation.values.first == AlarmRule.Value(start: Self.begin, value: expected))
    }

    struct Window: Sendable {
        var period = 60
        var minute = 60.0
        /// At which values of 0 were put, from the beginning on.
        var bad: [Double]
        /// At which values of 1 were.
        var good: [Double] = []
        var highResolution = false
        /// At which it is looked at.
        var looks: [Double: AlarmState]
    }

    @Test(
        "Only periods that are over count, the newest first",
        arguments: [
            Window(bad: [65], good: [5], looks: [60: .ok, 119: .ok, 120: .alarm, 239: .alarm, 300: .insufficientData]),
            // Of five minutes, the window moves by one.
            Window(period: 300, bad: [301], good: [1], looks: [300: .ok, 359: .ok, 360: .alarm]),
            // A short minute shortens all of it.
            Window(minute: 2, bad: [2.1], good: [0.1], looks: [2: .ok, 3.9: .ok, 4: .alarm, 10: .insufficientData]),
            Window(period: 300, minute: 2, bad: [10.1], good: [0.1], looks: [10: .ok, 11.9: .ok, 12: .alarm]),
            Window(
                period: 10, bad: [13], good: [3], highResolution: true,
                looks: [10: .ok, 19: .ok, 20: .alarm, 50: .insufficientData]
            ),
            // Standard resolution is kept by the minute: the other five periods find nothing.
            Window(period: 10, bad: [13], looks: [20: .alarm, 40: .insufficientData]),
        ]
    )
    func windows(_ row: Window) {
        var rule = Self.rule(1, of: 1)
        rule.period = row.period
        let points =
            row.bad.map { Self.point($0, 0, highResolution: row.highResolution) }
            + row.good.map { Self.point($0, 1, highResolution: row.highResolution) }
        for (look, state) in row.looks.sorted(by: { $0.key < $1.key }) {
            let time = Self.begin.addingTimeInterval(look)
            #expect(
                rule.evaluate(points, at: time, minute: CloudWatchMinute(seconds: row.minute)).state == state,
                "after \(look) s")
        }
    }

    @Test func `Values of another unit are nothing to an alarm that names one`() {
        var rule = Self.rule(1, of: 1)
        var point = Self.point(1, 0)
        point.unit = "Count"
        let time = Self.begin.addingTimeInterval(60)
        for (unit, state) in [(nil, AlarmState.alarm), ("Count", .alarm), ("Percent", .insufficientData)] {
            rule.unit = unit
            #expect(rule.evaluate([point], at: time, minute: CloudWatchMinute()).state == state)
        }
    }
}
