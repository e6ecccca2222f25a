/// A hosted zone of Route 53: what it has, and which changes of that it takes.
package struct RecordZone: Sendable, Equatable {
    /// One of a batch.
    package struct Change: Sendable, Equatable, CustomStringConvertible {
        /// Otherwise it is deleted.
        var isCreation: Bool
        var record: ZoneRecord

        package var description: String { "\(isCreation ? "+" : "-")\(record)" }
    }

    /// In the order of the lists.
    private(set) var records: [ZoneRecord]

    init(_ records: [ZoneRecord]) {
        self.records = records.sorted { $0.key < $1.key }
    }

    func record(_ key: ZoneRecord.Key) -> ZoneRecord? { records.first { $0.key == key } }

    func records(named name: String) -> [ZoneRecord] { records.filter { $0.name == name } }

    /// All of a batch, or nothing.
    ///
    /// - Returns: whether it fits.
    mutating func apply(_ batch: [Change]) -> Bool {
        var zone = self
        var seen: [ZoneRecord.Key: [Bool]] = [:]
        for change in batch {
            seen[change.record.key, default: []].append(change.isCreation)
            guard change.isCreation ? zone.create(change.record) : zone.delete(change.record) else { return false }
        }
        // Of one record set there may be one change, or a deletion before a creation.
        guard seen.values.allSatisfy({ $0.count == 1 || $0 == [false, true] }) else { return false }
        self = zone
        return true
    }

    private mutating func create(_ record: ZoneRecord) -> Bool {
        let others = records(named: record.name)
        guard !others.contains(where: { $0.key == record.key }),
            // A CNAME stands alone, and a simple record set has no weighted one beside it.
            others.allSatisfy({ $0.type == record.type || $0.type != "CNAME" && record.type != "CNAME" }),
            others.allSatisfy({
                $0.type != record.type || ($0.setIdentifier == nil) == (record.setIdentifier == nil)
            }),
            record.ttl != nil, !record.values.isEmpty, (record.setIdentifier == nil) == (record.weight == nil)
        else { return false }
        let position = records.firstIndex { record.key < $0.key } ?? records.endIndex
        records.insert(record, at: position)
        return true
    }

    /// Only what is repeated in everything is deleted.
    private mutating func delete(_ record: ZoneRecord) -> Bool {
        guard let position = records.firstIndex(of: record) else { return false }
        records.remove(at: position)
        return true
    }

    /// - Returns: a page of the list, and the first one of the next.
    func page(
        from start: ZoneRecord.Key, size: Int
    ) -> (records: ArraySlice<ZoneRecord>, next: ZoneRecord?) {
        let begin = records.firstIndex { !($0.key < start) } ?? records.endIndex
        let end = min(begin + size, records.endIndex)
        return (records[begin..<end], end < records.endIndex ? records[end] : nil)
    }
}
