/// A hosted zone; its record sets are always in Route 53's order.
package struct HostedZone: Sendable {
    package struct Page: Sendable {
        package var records: [RecordSet]
        /// The record set that the next page starts with.
        package var next: RecordSet?
    }

    package let id: String
    package let name: DNSName
    package private(set) var records: [RecordSet] = []
    /// Whether a change is refused while another one has not spread yet (PriorRequestNotComplete). AWS does it when it
    /// is busy; here it is never, or always.
    package var takesOneChangeAtATime = false
    /// A refused batch is answered in one of two forms, and AWS's SDKs read both: as an error with a message, or as a
    /// list of messages.
    package var listsComplaints = false

    package init(id: String, name: DNSName) {
        self.id = id
        self.name = name
        let servers = (1...4).map { "ns-\($0 * 256).awsdns-0\($0).example." }
        put(RecordSet(name: name, type: "NS", ttl: 172_800, values: servers))
        put(
            RecordSet(
                name: name, type: "SOA", ttl: 900,
                values: ["\(servers[0]) awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"]
            )
        )
    }

    package subscript(key key: RecordSet.Key) -> RecordSet? {
        let index = firstIndex(notBefore: key)
        return index < records.count && records[index].key == key ? records[index] : nil
    }

    /// Replaces the record set with the same key, if there is one.
    package mutating func put(_ record: RecordSet) {
        let index = firstIndex(notBefore: record.key)
        if index < records.count, records[index].key == record.key {
            records[index] = record
        } else {
            records.insert(record, at: index)
        }
    }

    package mutating func remove(_ key: RecordSet.Key) {
        let index = firstIndex(notBefore: key)
        if index < records.count, records[index].key == key { records.remove(at: index) }
    }

    package func page(from key: RecordSet.Key?, limit: Int) -> Page {
        let start = key.map(firstIndex(notBefore:)) ?? 0
        let end = min(start + max(limit, 1), records.count)
        return Page(records: Array(records[start..<end]), next: end < records.count ? records[end] : nil)
    }

    /// All record sets of one name.
    package func records(named name: DNSName) -> ArraySlice<RecordSet> {
        let start = firstIndex(notBefore: RecordSet.Key(name: name))
        return records[start...].prefix { $0.name == name }
    }

    private func firstIndex(notBefore key: RecordSet.Key) -> Int {
        var low = 0
        var high = records.count
        while low < high {
            let middle = (low + high) / 2
            if records[middle].key < key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
