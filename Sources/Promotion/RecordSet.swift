/// What the zone says of the watched name.
package struct RecordSet: Sendable, Equatable {
    package var records: [FailoverRecord]
    /// The routing policy (as in `latency`) that sends different clients to different regions; nil where
    /// there is one active region for all.
    package var routingByClient: String?

    package init(records: [FailoverRecord], routingByClient: String? = nil) {
        self.records = records
        self.routingByClient = routingByClient
    }
}
