package import AWSClient

/// What a round of the records saw, and what came of it.
package struct SyncReport: Sendable, Equatable {
    /// A batch that Route 53 has accepted.
    package struct Batch: Sendable, Equatable {
        package var changeID: String
        package var changes: [RecordChange]
        /// From the acceptance to when all DNS servers of Route 53 were seen to answer with it; nil where that was not
        /// waited for, or did not come.
        package var timeToSync: Duration?

        package init(changeID: String, changes: [RecordChange], timeToSync: Duration? = nil) {
            self.changeID = changeID
            self.changes = changes
            self.timeToSync = timeToSync
        }
    }

    package var zone: HostedZone
    /// As it was seen last; nil where it was not looked at.
    package var cluster: ClusterView?
    /// nil where there is no primary record to keep.
    package var standing: PrimaryStanding?
    /// What would have been changed; empty where it was not a dry run.
    package var planned: [RecordChange]
    package var batches: [Batch]
    /// How often Route 53 refused a batch because a record was not as it had been read.
    package var refusals: Int
    package var findings: [Finding]

    package init(
        zone: HostedZone, cluster: ClusterView? = nil, standing: PrimaryStanding? = nil, planned: [RecordChange] = [],
        batches: [Batch] = [], refusals: Int = 0, findings: [Finding] = []
    ) {
        self.zone = zone
        self.cluster = cluster
        self.standing = standing
        self.planned = planned
        self.batches = batches
        self.refusals = refusals
        self.findings = findings
    }

    /// What was changed, in the order of the changes.
    package var changes: [RecordChange] { batches.flatMap(\.changes) }
}
