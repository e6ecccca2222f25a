/// Numbers that follow from a seed, the same on each machine (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    /// One that goes its own way from here: what is drawn from it changes nothing in what is drawn here.
    package mutating func fork() -> SeededGenerator { SeededGenerator(seed: next()) }

    /// - Parameter probability: 0...1
    package mutating func chance(_ probability: Double) -> Bool {
        Double(next() >> 11) * 0x1p-53 < probability
    }

    package mutating func duration(in range: ClosedRange<Duration>) -> Duration {
        let span = range.upperBound - range.lowerBound
        return range.lowerBound + span * (Double(next() >> 11) * 0x1p-53)
    }

    /// - Parameter values: at least one.
    package mutating func pick<Value>(_ values: [Value]) -> Value { values[index(below: values.count)] }

    package mutating func index(below count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
}
