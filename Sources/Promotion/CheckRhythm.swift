/// Whether checks come as regularly as they did.
///
/// A region whose functions do not run for a while sees nothing of what happens meanwhile: DNS may have
/// moved away and back, and another region may have promoted its member. What was read before such
/// a gap is no longer known.
package struct CheckRhythm: Sendable {
    /// EventBridge's shortest schedule, and the time that the answers of DNS live: what a gap of this length
    /// could hide has not happened.
    private static let shortest = Duration.seconds(60)

    private var last: ContinuousClock.Instant?
    private var usual = shortest

    package init() {}

    /// Notes a check.
    ///
    /// - Returns: whether checks are missing between the one before and this one.
    package mutating func checkBegins(at now: ContinuousClock.Instant) -> Bool {
        defer { last = now }
        guard let last else { return false }
        let gap = now - last
        let isMissing = gap > usual * 3 / 2
        usual = max(gap, Self.shortest)
        return isMissing
    }
}
