import Testing

@testable import Simulation

@Suite("A simulated zone")
struct RecordZoneTests {
    private static let first = ZoneRecord(name: "a.example.com", ttl: 10, values: ["one.example.net"])
    private static let second = ZoneRecord(name: "a.example.com", ttl: 10, values: ["two.example.net"])
    private static let other = ZoneRecord(name: "b.example.com", ttl: 10, values: ["one.example.net"])
    private static let weighted = ZoneRecord(
        name: "a.example.com", setIdentifier: "w", weight: 1, ttl: 10, values: ["one.example.net"])

    private static func make(_ record: ZoneRecord) -> RecordZone.Change { .init(isCreation: true, record: record) }
    private static func delete(_ record: ZoneRecord) -> RecordZone.Change { .init(isCreation: false, record: record) }

    @Test(
        "takes a batch as a whole, or refuses it",
        arguments: [
            ([make(other)], true), ([delete(first), make(second)], true), ([delete(first)], true),
            // What is there is not made again, and only what is there is deleted, in everything as it is.
            ([make(first)], false), ([make(second)], false), ([delete(second)], false), ([delete(other)], false),
            ([make(other), delete(second)], false),
            ([make(second), delete(first)], false), ([delete(first), make(second), delete(second)], false),
            // A simple record set has no weighted one beside it, and a CNAME nothing.
            ([make(weighted)], false), ([delete(first), make(weighted)], true),
            ([make(ZoneRecord(name: "a.example.com", type: "TXT", ttl: 10, values: ["x"]))], false),
        ])
    func batches(batch: [RecordZone.Change], isTaken: Bool) {
        var zone = RecordZone([Self.first])
        #expect(zone.apply(batch) == isTaken)
        if !isTaken { #expect(zone == RecordZone([Self.first])) }
    }

    @Test("is listed by the labels of its names in reverse order, page by page")
    func pages() {
        let names = [
            "example.com", "read-old.example.com", "read.example.com", "read1.example.com", "a.read1.example.com",
        ]
        let zone = RecordZone(names.reversed().map { ZoneRecord(name: $0, ttl: 1, values: ["x"]) })
        #expect(zone.records.map(\.name) == names)
        let start = ZoneRecord.Key(name: "read.example.com", type: "", setIdentifier: "")
        let page = zone.page(from: start, size: 2)
        #expect(page.records.map(\.name) == ["read.example.com", "read1.example.com"])
        #expect(page.next?.name == "a.read1.example.com")
        #expect(zone.page(from: start, size: 3).next == nil)
    }
}
