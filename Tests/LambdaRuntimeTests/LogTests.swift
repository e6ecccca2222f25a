import JSON
import LambdaRuntime
import Logging
import Testing

@Suite("Log lines")
struct LogTests {
    @Test("As JSON: one object and one write a line, whatever is in the message")
    func json() throws {
        let sink = LogSink()
        var logger = sink.logger()
        logger[metadataKey: "watch"] = "sessions"
        logger.warning(
            "two\nlines \"quoted\" \u{1F600}",
            metadata: [
                "n": .stringConvertible(3), "x": .stringConvertible(0.5), "list": ["a", "b"], "map": ["k": "v"],
                "message": "not this one",
            ])
        #expect(sink.writes.count == 1)
        #expect(sink.writes[0].hasSuffix("}\n"))
        #expect(!sink.writes[0].dropLast().contains("\n"))
        let line = try #require(sink.lines.first)
        #expect(line["level"] == "WARN")
        #expect(line["message"] == .string("two\nlines \"quoted\" \u{1F600}"))
        #expect(line["watch"] == "sessions")
        #expect(line["n"] == 3)
        #expect(line["x"] == .real(0.5))
        #expect(line["list"] == ["a", "b"])
        #expect(line["map"] == ["k": "v"])
    }

    @Test("As text: one line with tabs, and no line break from outside")
    func text() {
        let sink = LogSink()
        sink.logger(.text).info("two\nlines", metadata: ["key": "value"])
        let parts = sink.writes[0].split(separator: "\t")
        #expect(parts.count == 4)
        #expect(parts[2] == "INFO")
        #expect(sink.writes[0].filter { $0 == "\n" }.count == 1)
    }

    @Test(
        "Levels have Lambda's names",
        arguments: [
            (Logger.Level.trace, "TRACE"), (.debug, "DEBUG"), (.info, "INFO"), (.notice, "INFO"), (.warning, "WARN"),
            (.error, "ERROR"), (.critical, "FATAL"),
        ])
    func levels(level: Logger.Level, name: String) throws {
        let sink = LogSink()
        sink.logger().log(level: level, "x")
        #expect(try #require(sink.lines.first)["level"] == .string(name))
    }

    @Test(
        "The level of AWS_LAMBDA_LOG_LEVEL is honoured, in any case",
        arguments: [
            (nil, .info), ("DEBUG", .debug), ("warn", .warning), ("FATAL", .critical), ("rubbish", .info), ("", .info),
        ] as [(String?, Logger.Level)])
    func configuredLevel(value: String?, expected: Logger.Level) {
        var environment: [String: String] = [:]
        environment["AWS_LAMBDA_LOG_LEVEL"] = value
        #expect(LambdaLogHandler.lambda(environment: environment).logLevel == expected)
    }

    @Test(
        "Times are RFC 3339, in UTC, with milliseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400_007, "2000-02-29T00:00:00.007Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func times(milliseconds: Int64, expected: String) {
        #expect(WallClockTime(millisecondsSince1970: milliseconds).rfc3339 == expected)
    }
}
