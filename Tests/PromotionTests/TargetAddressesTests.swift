import Failover
import NameResolution
import Promotion
import Testing

@Suite("Which record an answer is from")
struct TargetAddressesTests {
    static let start = ContinuousClock.now
    static let hour = Duration.seconds(3600)

    static let east = FailoverRecord(label: "one", target: .name("east.example"), region: "us-east-1")
    static let west = FailoverRecord(label: "two", target: .name("west.example"), region: "us-west-2")
    static let nowhere = FailoverRecord(label: "three", target: .name("cdn.example"), region: nil)

    static func answer(_ addresses: String..., name: String = World.name) -> ResolvedName {
        ResolvedName(canonicalName: name, addresses: addresses.compactMap { IPAddress($0) })
    }

    static func fixed(_ label: String, _ region: String?, _ addresses: String...) -> FailoverRecord {
        FailoverRecord(label: label, target: .addresses(addresses.compactMap { IPAddress($0) }), region: region)
    }

    /// Of targets that were looked up once: east 10.1.0.1 to .4 and IPv6, west 10.2.0.1, and a CDN.
    static func learned() -> TargetAddresses {
        var targets = TargetAddresses()
        targets.learn(
            "east.example", answer("10.1.0.1", "10.1.0.2", "2001:db8::1", name: "east.example"), now: start)
        targets.learn("east.example", answer("10.1.0.3", "10.1.0.4", name: "east.example"), now: start)
        targets.learn("west.example", answer("10.2.0.1", name: "node7.west.example"), now: start)
        targets.learn("cdn.example", answer("10.3.0.1", name: "cdn.example"), now: start)
        return targets
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answer: ResolvedName
        var records = [east, west, nowhere]
        var expected: ActiveRegion?

        init(
            _ name: String, _ answer: ResolvedName, among records: [FailoverRecord] = [east, west, nowhere],
            _ expected: ActiveRegion?
        ) {
            testDescription = name
            self.answer = answer
            self.records = records
            self.expected = expected
        }
    }

    static let cases = [
        Case("one shared address is enough", answer("10.9.9.9", "10.1.0.2"), .region("us-east-1")),
        Case("so is one of an earlier subset", answer("10.1.0.1"), .region("us-east-1")),
        Case("and one of a later", answer("10.1.0.4"), .region("us-east-1")),
        Case("IPv6 counts", answer("2001:db8::1"), .region("us-east-1")),
        Case("IPv4 in IPv6's clothes is IPv4", answer("::ffff:10.2.0.1"), .region("us-west-2")),
        Case("the other region", answer("10.2.0.1"), .region("us-west-2")),
        Case("no shared address", answer("10.9.9.9"), nil),
        Case("no records", answer("10.1.0.1"), among: [], nil),
        Case("a target that no record has any more", answer("10.1.0.1"), among: [west], nil),
        Case(
            "a target never looked up", answer("10.1.0.1"),
            among: [.init(label: "x", target: .name("new.example"), region: "us-east-1")], nil),

        Case(
            "the target's name beats addresses of another", answer("10.2.0.1", name: "east.example"),
            .region("us-east-1")),
        Case(
            "so does the name at the end of the target's own chain", answer("10.1.0.1", name: "node7.west.example"),
            .region("us-west-2")),

        Case(
            "the target's name is enough where the target was never looked up",
            answer("10.9.9.9", name: "new.example"),
            among: [east, .init(label: "x", target: .name("new.example"), region: "eu-west-1")], .region("eu-west-1")),

        Case("two regions", answer("10.2.0.1", "10.1.0.1"), .ambiguous(["us-east-1", "us-west-2"])),
        Case(
            "two regions, in whatever order their records come", answer("10.2.0.1", "10.1.0.1"), among: [west, east],
            .ambiguous(["us-east-1", "us-west-2"])),
        Case(
            "two records of one region", answer("10.2.0.1", "10.4.0.1"),
            among: [west, fixed("four", "us-west-2", "10.4.0.1")], .region("us-west-2")),
        Case(
            "a record without region", answer("10.3.0.1"),
            .unknown(.regionNotReadable(record: "three", target: "cdn.example"))),
        Case(
            "a record without region beside one that has it", answer("10.1.0.1", "10.3.0.1"),
            .unknown(.regionNotReadable(record: "three", target: "cdn.example"))),

        Case(
            "a record's own addresses", answer("10.4.0.2"),
            among: [east, fixed("four", "us-west-2", "10.4.0.1", "10.4.0.2")],
            .region("us-west-2")),
        Case(
            "a record's own IPv6 address", answer("2001:db8::4"), among: [fixed("four", "us-west-2", "2001:db8:0::4")],
            .region("us-west-2")),
        Case("not a record's own address", answer("10.4.0.3"), among: [fixed("four", "us-west-2", "10.4.0.1")], nil),
        Case(
            "a record's own addresses without region", answer("10.4.0.2"),
            among: [fixed("four", nil, "10.4.0.1", "10.4.0.2")],
            .unknown(.regionNotReadable(record: "four", target: "10.4.0.1, 10.4.0.2"))),
    ]

    @Test("An answer shows the region of the record that it is from", arguments: cases)
    func matching(_ testCase: Case) {
        #expect(
            Self.learned().activeRegion(of: testCase.answer, among: testCase.records, now: Self.start)
                == testCase.expected)
    }

    @Test(
        "An address counts for an hour after it was last seen",
        arguments: [
            (Duration.zero, true), (.seconds(3599), true), (.seconds(3600), false), (.seconds(36000), false),
        ])
    func retention(later: Duration, counts: Bool) {
        var targets = Self.learned()
        targets.learn("east.example", Self.answer("10.1.9.9", name: "east.example"), now: Self.start + later)
        let old = targets.activeRegion(of: Self.answer("10.1.0.1"), among: [Self.east], now: Self.start + later)
        #expect(old == (counts ? .region("us-east-1") : nil))
        #expect(
            targets.activeRegion(of: Self.answer("10.1.9.9"), among: [Self.east], now: Self.start + later)
                == .region("us-east-1"))
    }

    @Test("Being seen again starts the hour anew")
    func renewal() {
        var targets = Self.learned()
        for minutes in [50, 100] {
            targets.learn(
                "east.example", Self.answer("10.1.0.1", name: "east.example"), now: Self.start + .seconds(60 * minutes))
        }
        targets.learn("east.example", Self.answer("10.1.9.9", name: "east.example"), now: Self.start + .seconds(7200))
        let now = Self.start + .seconds(7200)
        #expect(targets.activeRegion(of: Self.answer("10.1.0.1"), among: [Self.east], now: now) == .region("us-east-1"))
        #expect(targets.activeRegion(of: Self.answer("10.1.0.2"), among: [Self.east], now: now) == nil)
    }

    @Test("A target's canonical name is that of its last answer")
    func canonicalNameChanges() {
        var targets = Self.learned()
        targets.learn("west.example", Self.answer("10.2.0.1", name: "node8.west.example"), now: Self.start)
        let answer = { (node: String) in Self.answer("10.9.9.9", name: "\(node).west.example") }
        #expect(targets.activeRegion(of: answer("node7"), among: [Self.west], now: Self.start) == nil)
        #expect(targets.activeRegion(of: answer("node8"), among: [Self.west], now: Self.start) == .region("us-west-2"))
    }

    @Test("Without a new answer an address counts no longer than that, and a canonical name neither")
    func expiry() {
        let targets = Self.learned()
        for (later, counts) in [(Duration.seconds(3599), true), (.seconds(3600), false)] {
            let now = Self.start + later
            let byAddress = targets.activeRegion(of: Self.answer("10.1.0.4"), among: [Self.east], now: now)
            #expect(byAddress == (counts ? .region("us-east-1") : nil))
            let named = Self.answer("10.9.9.9", name: "node7.west.example")
            let byName = targets.activeRegion(of: named, among: [Self.west], now: now)
            #expect(byName == (counts ? .region("us-west-2") : nil))
        }
    }

    @Test("The latest answers alone can tell regions apart of which one had the other's address")
    func latest() {
        var targets = Self.learned()
        // The east's first addresses are the west's by now.
        let later = Self.start + .seconds(60)
        targets.learn("west.example", Self.answer("10.1.0.1", name: "west.example"), now: later)
        targets.learn("east.example", Self.answer("10.1.0.9", name: "east.example"), now: later)
        let answer = Self.answer("10.1.0.1")
        let both = [Self.east, Self.west]
        #expect(
            targets.activeRegion(of: answer, among: both, now: later) == .ambiguous(["us-east-1", "us-west-2"]))
        #expect(targets.activeRegion(of: answer, among: both, .latest, now: later) == .region("us-west-2"))
    }
}
