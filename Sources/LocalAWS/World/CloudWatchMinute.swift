package import Foundation

/// What CloudWatch takes for a minute. Its periods are counted in minutes, so a shorter one lets an alarm be
/// watched without waiting: a period of N seconds lasts N · `seconds` / 60.
package struct CloudWatchMinute: Sendable, Equatable {
    /// 1 to 60.
    package let seconds: TimeInterval

    package init(seconds: TimeInterval = 60) { self.seconds = seconds }

    package func length(ofPeriod period: Int) -> TimeInterval { Double(period) * seconds / 60 }

    /// The last moment, not after this one, at which a period of that many seconds begins: they are counted from
    /// 1970 on, as CloudWatch's whole minutes are.
    package func start(of time: Date, period: Int) -> Date {
        let length = length(ofPeriod: period)
        // A boundary that was itself computed may have come out a hair short of it.
        return Date(timeIntervalSince1970: (time.timeIntervalSince1970 / length + 1e-4).rounded(.down) * length)
    }
}
