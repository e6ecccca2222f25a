import AWSClient
import Testing

@Suite struct TimestampTests {
    @Test(
        "Times are written in UTC",
        arguments: [
            (0, "19700101T000000Z"), (1_440_938_160, "20150830T123600Z"), (951_782_399, "20000228T235959Z"),
            (951_782_400, "20000229T000000Z"), (-1, "19691231T235959Z"), (4_102_444_800, "21000101T000000Z"),
        ])
    func writing(seconds: Int, text: String) {
        let time = Timestamp(secondsSince1970: Int64(seconds))
        #expect(time.basicISO8601 == text)
        #expect(time.basicDate == String(text.prefix(8)))
    }

    @Test(
        "ISO 8601 times are read, and nothing that only looks like one",
        arguments: [
            ("2015-08-30T12:36:00Z", 1_440_938_160), ("2015-08-30T12:36:00.123Z", 1_440_938_160),
            ("2015-08-30T14:36:00+02:00", 1_440_938_160), ("2015-08-30T12:06:00-00:30", 1_440_938_160),
            ("2015-02-29T00:00:00Z", nil), ("2015-13-01T00:00:00Z", nil), ("2015-08-30T24:00:00Z", nil),
            ("2015-08-30T12:36:00", nil), ("2015-08-30T12:36:00.Z", nil), ("2015-08-30 12:36:00Z", nil),
            ("2015-08-30T12:36:0", nil), ("2015-08-30T12:36:00+2:00", nil), ("", nil), ("+015-08-30T12:36:00Z", nil),
            ("2015-08-30T12:36:00Zx", nil), ("2016-12-31T23:59:60Z", 1_483_228_800), ("2015-02-29T23:59:60Z", nil),
        ] as [(String, Int64?)])
    func iso8601(text: String, seconds: Int64?) {
        #expect(Timestamp(iso8601: text)?.secondsSince1970 == seconds)
    }

    @Test(
        "HTTP dates are read, and nothing that only looks like one",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sun, 30 Aug 2015 12:36:00 GMT", 1_440_938_160),
            ("Sun, 30 Aug 2015 12:36:00 CET", nil), ("Sun, 30 Agu 2015 12:36:00 GMT", nil), ("30 Aug 2015", nil),
            ("Sun, 31 Feb 2015 12:36:00 GMT", nil), ("Sun, 30 Aug 2015 12:36 GMT", nil),
            ("Sun, 30 Aug 99999 12:36:00 GMT", nil), ("", nil), ("Sun, 29 Feb 2015 23:59:60 GMT", nil),
        ] as [(String, Int64?)])
    func httpDate(text: String, seconds: Int64?) {
        #expect(Timestamp(httpDate: text)?.secondsSince1970 == seconds)
    }
}
