/// What happened to records, and to what they lead to.
package enum RecordFact: Sendable, Equatable {
    /// What the zone has at the begin.
    case zone([ZoneRecord])
    /// Asked for, whatever came of it.
    case asked([RecordZone.Change], by: Witness.Source)
    /// By a person, where there is no source.
    case changed([RecordZone.Change], by: Witness.Source?)
    /// The batch did not fit the zone.
    case refused(by: Witness.Source)
    /// What a cluster is from now on.
    case cluster(ClusterModel)
    /// How often the function will hear of it.
    case notified(region: String, event: String, copies: Int)
    /// By a function `endpoints`.
    case called(String, Witness.Source)
    case began(Witness.Source, isScheduled: Bool)
    case ended(Witness.Source, Witness.Ending)
}
