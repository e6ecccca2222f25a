import AWSClient
import Promotion
import Testing

/// What people can build of aliases within a zone costs a bounded number of calls: Route 53 allows five
/// a second, for the whole account.
@Suite("Chains of aliases")
struct AliasLoopTests {
    static func alias(_ name: String, to target: String, type: String = "A") -> ResourceRecordSet {
        RecordSetReaderTests.alias(to: target, in: World.zone, type: type, of: name)
    }

    static let loops: [(sets: [ResourceRecordSet], names: Int)] = [
        ([alias(World.name, to: World.name)], 1),
        ([alias(World.name, to: "b"), alias("b", to: World.name)], 2),
        ([alias(World.name, to: "b"), alias("b", to: "c"), alias("c", to: "b")], 3),
        (["A", "AAAA"].map { alias(World.name, to: World.name, type: $0) }, 1),
    ]

    @Test("A loop is an error, and each of its names is read once", arguments: loops)
    func goingRound(_ sets: [ResourceRecordSet], names: Int) async throws {
        let world = World()
        world.records.set(sets)
        let error = await thrown(PromotionError.self) {
            try await world.reader().read(deadline: world.deadline).records
        }
        #expect(error?.code == .aliasLoop)
        #expect(world.journal.take().count == names)
    }

    static func chain(of length: Int) -> [ResourceRecordSet] {
        let names = [World.name] + (1..<length).map { "n\($0).example.com" }
        return zip(names, names.dropFirst()).map { alias($0, to: $1) }
            + [RecordSetReaderTests.plain("A", "10.0.0.1", of: names[length - 1])]
    }

    @Test("A chain of up to eight records is followed", arguments: 1...8)
    func depth(_ length: Int) async throws {
        let world = World()
        world.records.set(Self.chain(of: length))
        let records = try await world.reader().read(deadline: world.deadline).records
        #expect(records.map(\.target) == [RecordSetReaderTests.addresses("10.0.0.1")])
        #expect(world.journal.take().count == length)
    }

    @Test("A longer one is an error")
    func tooDeep() async throws {
        let world = World()
        world.records.set(Self.chain(of: 9))
        let error = await thrown(PromotionError.self) {
            try await world.reader().read(deadline: world.deadline).records
        }
        #expect(error?.code == .aliasLoop)
        #expect(world.journal.take().count == 8)
    }

    @Test("A name that several aliases lead to is read once")
    func sharedName() async throws {
        let world = World()
        world.records.set([
            Self.alias(World.name, to: "b"), Self.alias(World.name, to: "b", type: "AAAA"),
            RecordSetReaderTests.plain("A", "10.0.0.1", of: "b"),
            RecordSetReaderTests.plain("AAAA", "2001:db8::1", of: "b"),
        ])
        let records = try await world.reader().read(deadline: world.deadline).records
        #expect(
            records.map(\.target)
                == [RecordSetReaderTests.addresses("10.0.0.1"), RecordSetReaderTests.addresses("2001:db8::1")])
        #expect(world.journal.take() == [.records(World.name), .records("b")])
    }

    @Test("Every read has the deadline of the whole")
    func deadline() async throws {
        let world = World()
        world.records.set(Self.chain(of: 3))
        let deadline = world.clock.now + .seconds(7)
        _ = try await world.reader().read(deadline: deadline).records
        #expect(world.journal.takeEntries().map(\.deadline) == [deadline, deadline, deadline])
    }
}
