package import AWSClient

/// What becomes of one record.
///
/// A record that is replaced is deleted, exactly as it was read, and created anew in the same batch. So a batch of
/// somebody who has read before another's change is refused: a compare-and-swap, which an UPSERT is not.
package struct RecordChange: Sendable, Equatable {
    /// As it was read; nil where there is none.
    package var old: ResourceRecordSet?
    /// nil where none is to be left.
    package var new: ResourceRecordSet?

    package init(from old: ResourceRecordSet?, to new: ResourceRecordSet?) {
        self.old = old
        self.new = new
    }

    package var name: String { new?.name ?? old?.name ?? "" }

    /// In the order in which Route 53 has to take them.
    var elements: [Route53.Change] {
        [old.map { Route53.Change(.delete, $0) }, new.map { Route53.Change(.create, $0) }].compactMap(\.self)
    }
}

extension Sequence<RecordChange> {
    /// As many of the first ones as one batch may have. More are only in a group of hundreds of nodes.
    var firstBatch: [RecordChange] {
        var batch: [RecordChange] = []
        var (values, characters) = (0, 0)
        for change in self {
            for element in change.elements {
                values += element.recordSet.values.count
                characters += element.recordSet.values.reduce(0) { $0 + $1.utf8.count }
            }
            guard values <= Route53.maximumValues, characters <= Route53.maximumCharacters else { break }
            batch.append(change)
        }
        return batch
    }
}
