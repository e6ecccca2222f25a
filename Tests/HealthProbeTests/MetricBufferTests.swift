import AWSClient
import HTTPTransport
import HealthProbe
import Testing

@Suite struct MetricBufferTests {
    static let a = [Metric.Dimension(name: "Endpoint", value: "a")]
    static let start = Timestamp(secondsSince1970: 1_440_938_160)  // a full minute

    static func result(_ milliseconds: Double, failure: ProbeFailure.Reason? = nil) -> ProbeResult {
        ProbeResult(
            target: Probing.target(), failure: failure.map { ProbeFailure($0, during: .ping, "") },
            duration: .microseconds(Int64(milliseconds * 1000)))
    }

    private static func datum(
        _ name: String, _ unit: String, second: Int64 = 0, resolution: Int = 60, _ values: [Double], _ counts: [Int]
    ) -> CloudWatch.Datum {
        CloudWatch.Datum(
            name: name, unit: unit, dimensions: a, time: start.adding(seconds: second),
            resolution: resolution, values: values, counts: counts)
    }

    @Test("What was measured within a period is one datum of each metric, each value with how often it was that")
    func grouping() {
        var buffer = MetricBuffer(resolution: 60)
        #expect(buffer.isEmpty)
        for (second, milliseconds) in [(0, 1.5), (30, 2), (59, 1.5), (60, 1.5)] as [(Int64, Double)] {
            buffer.note(
                Self.result(milliseconds), isHealthy: second != 30, dimensions: Self.a,
                at: Self.start.adding(seconds: second))
        }
        #expect(!buffer.isEmpty)
        #expect(
            buffer.take() == [
                Self.datum("HealthCheckStatus", "None", second: 59, [1, 0], [2, 1]),
                Self.datum("HealthCheckLatency", "Milliseconds", second: 59, [1.5, 2], [2, 1]),
                Self.datum("HealthCheckStatus", "None", second: 60, [1], [1]),
                Self.datum("HealthCheckLatency", "Milliseconds", second: 60, [1.5], [1]),
            ])
        #expect(buffer.isEmpty)
        #expect(buffer.take() == [])
    }

    @Test("At high resolution each second is apart, in whatever order they come")
    func seconds() {
        var buffer = MetricBuffer(resolution: 1)
        for second in [1, 0, 1] as [Int64] {
            buffer.note(
                Self.result(1, failure: .ping), isHealthy: false, dimensions: Self.a,
                at: Self.start.adding(seconds: second))
        }
        #expect(
            buffer.take() == [
                Self.datum("HealthCheckStatus", "None", second: 1, resolution: 1, [0], [2]),
                Self.datum("HealthCheckStatus", "None", second: 0, resolution: 1, [0], [1]),
            ])
    }

    @Test("A probe that failed has no latency, whatever the target counts as; one that did not has")
    func latency() {
        var buffer = MetricBuffer(resolution: 60)
        buffer.note(Self.result(1, failure: .write), isHealthy: true, dimensions: Self.a, at: Self.start)
        buffer.note(Self.result(0.1499), isHealthy: false, dimensions: Self.a, at: Self.start)
        #expect(
            buffer.take() == [
                Self.datum("HealthCheckStatus", "None", [1, 0], [1, 1]),
                Self.datum("HealthCheckLatency", "Milliseconds", [0.1], [1]),
            ])
    }

    @Test("Targets are apart")
    func dimensions() {
        let b = [Metric.Dimension(name: "Endpoint", value: "b")]
        let both = Self.a + [Metric.Dimension(name: "Region", value: "b")]
        var buffer = MetricBuffer(resolution: 60)
        for dimensions in [Self.a, b, [], both, b] {
            buffer.note(Self.result(1, failure: .ping), isHealthy: false, dimensions: dimensions, at: Self.start)
        }
        let data = buffer.take()
        #expect(data.map(\.dimensions) == [Self.a, b, [], both])
        #expect(data.map(\.counts) == [[1], [2], [1], [1]])
    }

    @Test("A datum has at most 150 different values; what is known already still counts, the rest begins another")
    func limit() {
        var buffer = MetricBuffer(resolution: 60)
        for number in Array(1...151) + [150, 151, 152] {
            buffer.note(Self.result(Double(number)), isHealthy: true, dimensions: Self.a, at: Self.start)
        }
        let latencies = buffer.take().filter { $0.name == "HealthCheckLatency" }
        #expect(latencies.map(\.values) == [(1...150).map { Double($0) }, [151, 150, 152]])
        #expect(latencies.map { $0.counts.reduce(0, +) } == [150, 4])
        #expect(Set(latencies.map(\.time)).count == 1)
    }

    @Test("A resolution that there is not cannot stop the program")
    func noResolution() {
        var buffer = MetricBuffer(resolution: 0)
        buffer.note(Self.result(1), isHealthy: true, dimensions: Self.a, at: Self.start)
        #expect(buffer.take().count == 2)
    }

    @Test("What could not be published joins what has come since, and what is old is given up")
    func restoring() {
        var buffer = MetricBuffer(resolution: 60)
        for second in [0, 61] as [Int64] {
            buffer.note(
                Self.result(1, failure: .ping), isHealthy: false, dimensions: Self.a,
                at: Self.start.adding(seconds: second))
        }
        let unpublished = buffer.take()
        buffer.note(
            Self.result(1, failure: .ping), isHealthy: true, dimensions: Self.a, at: Self.start.adding(seconds: 70))
        #expect(buffer.restore(unpublished, since: Self.start.adding(seconds: 1)) == 1)
        #expect(buffer.take() == [Self.datum("HealthCheckStatus", "None", second: 70, [1, 0], [1, 1])])
    }
}
