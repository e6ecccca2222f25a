internal import Glibc

/// A moment of the wall clock, in UTC and whole seconds. What AWS signs and what expires is measured by
/// it; how long something may take is not (that is `ContinuousClock`).
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package var secondsSince1970: Int64

    package init(secondsSince1970: Int64) {
        self.secondsSince1970 = secondsSince1970
    }

    /// What the clock of this machine says.
    package static func current() -> Timestamp {
        Timestamp(secondsSince1970: Int64(time(nil)))
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.secondsSince1970 < right.secondsSince1970
    }

    /// The moment so many seconds later. Sums beyond 64 bits stop at their end: both sides can come from a server.
    package func adding(seconds: Int64) -> Timestamp {
        let (sum, overflow) = secondsSince1970.addingReportingOverflow(seconds)
        return Timestamp(secondsSince1970: overflow ? (seconds < 0 ? .min : .max) : sum)
    }

    /// Seconds from another moment to this one, negative where that is later.
    package func seconds(since other: Timestamp) -> Int64 {
        let (difference, overflow) = secondsSince1970.subtractingReportingOverflow(other.secondsSince1970)
        return overflow ? (self < other ? .min : .max) : difference
    }

    /// `20150830T123600Z`: the form of `X-Amz-Date`.
    package var basicISO8601: String {
        let fields = calendarFields
        return "\(basicDate(fields))T\(two(fields.tm_hour))\(two(fields.tm_min))\(two(fields.tm_sec))Z"
    }

    /// `2015-08-30T12:36:00Z`: how the parameters of the query protocol have it.
    package var iso8601: String {
        let fields = calendarFields
        let year = digits(Int(fields.tm_year) + 1900, count: 4)
        return "\(year)-\(two(fields.tm_mon + 1))-\(two(fields.tm_mday))"
            + "T\(two(fields.tm_hour)):\(two(fields.tm_min)):\(two(fields.tm_sec))Z"
    }

    /// `20150830`: the date of a credential scope.
    package var basicDate: String { basicDate(calendarFields) }

    /// Not the local time: a signature with the date of another zone is refused for hours every day.
    /// Beyond the year 2^31 gmtime_r gives up; the epoch that then stands here, AWS refuses.
    private var calendarFields: tm {
        var seconds = time_t(secondsSince1970)
        var fields = tm()
        return gmtime_r(&seconds, &fields) == nil ? tm() : fields
    }

    private func basicDate(_ fields: tm) -> String {
        "\(digits(Int(fields.tm_year) + 1900, count: 4))\(two(fields.tm_mon + 1))\(two(fields.tm_mday))"
    }

    private func two(_ value: Int32) -> String { digits(Int(value), count: 2) }

    private func digits(_ value: Int, count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}
