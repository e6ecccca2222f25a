/// The token bucket that all calls of a client share: while AWS is in trouble, retries from everywhere
/// would keep it there.
struct RetryQuota: Sendable {
    static let capacity = 500

    private(set) var tokens = capacity

    /// Takes what a retry costs. nil where there is not as much left: then there is no retry.
    mutating func take(for reason: RetryPolicy.Reason) -> Int? {
        let cost =
            switch reason {
            case .transient: 14
            case .throttling: 5
            // It happens once, and says nothing of the load of AWS.
            case .clockSkew: 0
            }
        guard tokens >= cost else { return nil }
        tokens -= cost
        return cost
    }

    /// A call succeeded: its last retry is paid back, or one token where it took none.
    mutating func giveBack(_ lastCost: Int?) {
        tokens = min(Self.capacity, tokens + (lastCost ?? 1))
    }
}
