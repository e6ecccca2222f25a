import HealthProbe
import Testing

/// What `make fuzz` does for longer, and led by what the parser does with it.
@Suite("Replies that nobody would send")
struct RESPFuzzTests {
    /// The same numbers for the same seed, on any machine (SplitMix64).
    struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
    }

    static func value(_ numbers: inout Numbers, depth: Int = 1) -> RESPValue {
        let printable = { (numbers: inout Numbers) in
            String(decoding: (0..<numbers.below(20)).map { _ in UInt8(0x20 + numbers.below(0x5F)) }, as: UTF8.self)
        }
        switch numbers.below(depth < RESPParser.maximumDepth ? 7 : 5) {
        case 0: return .simple(printable(&numbers))
        case 1: return .error(RedisError(printable(&numbers)))
        case 2: return .integer(Int64(bitPattern: numbers.next() >> numbers.below(64)))
        case 3: return .bulk((0..<numbers.below(30)).map { _ in UInt8(truncatingIfNeeded: numbers.next()) })
        case 4: return .null
        default: return .array((0..<numbers.below(4)).map { _ in value(&numbers, depth: depth + 1) })
        }
    }

    /// Some bytes changed, taken out, put in, or doubled, most of them such as mean something.
    static func mutated(_ bytes: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
        let meaning = Array("+-:$*\r\n0123456789".utf8)
        var bytes = bytes
        for _ in 0...numbers.below(4) {
            let place = numbers.below(bytes.count + 1)
            let byte = numbers.below(4) > 0 ? meaning[numbers.below(meaning.count)] : UInt8(numbers.below(256))
            switch numbers.below(4) {
            case 0: bytes.insert(byte, at: place)
            case 1 where place < bytes.count: bytes[place] = byte
            case 2 where place < bytes.count: bytes.remove(at: place)
            default: bytes.insert(contentsOf: bytes[place...].prefix(16), at: place)
            }
        }
        return bytes
    }

    static func pieces(_ bytes: [UInt8], _ numbers: inout Numbers) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + 1 + numbers.below(16))
            pieces.append(bytes[start..<end])
            start = end
        }
        return pieces
    }

    @Test("A reply is read as what it was made from, in any pieces")
    func roundTrip() {
        let seed: UInt64 = 1
        var numbers = Numbers(state: seed)
        for number in 0..<20_000 {
            let value = Self.value(&numbers)
            let (values, violation) = RESPParserTests.parse(Self.pieces(value.bytes, &numbers))
            guard values == [value], violation == nil else {
                Issue.record("seed \(seed), value \(number): \(value) was read as \(values)")
                return
            }
        }
    }

    @Test("What is accepted does not depend on the pieces, and reads the same when it is sent again")
    func mutations() {
        let seed: UInt64 = 2
        var numbers = Numbers(state: seed)
        var accepted = 0
        for number in 0..<50_000 {
            let bytes = Self.mutated(Self.value(&numbers).bytes, &numbers)
            let whole = RESPParserTests.parse([bytes[...]])
            let inPieces = RESPParserTests.parse(Self.pieces(bytes, &numbers))
            let again = RESPParserTests.parse([whole.values.flatMap(\.bytes)[...]])
            guard whole.values == inPieces.values, whole.violation == inPieces.violation, again.values == whole.values
            else {
                Issue.record("seed \(seed), input \(number): \(bytes)")
                return
            }
            accepted += whole.values.count
        }
        // Neither all nor nothing: else it would not be about the parser.
        #expect((10_000...200_000).contains(accepted))
    }
}
