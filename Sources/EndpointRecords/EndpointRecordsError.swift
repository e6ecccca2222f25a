/// What keeps the records from being brought up to date, other than an AWS error. Nothing is changed then.
package enum EndpointRecordsError: Error, Sendable, Equatable {
    /// None of the three names is set.
    case noRecords
    /// The replication group is not set, and it is needed.
    case noGroup
    case wrongTTL(Int)
    /// Not a name that records can have.
    case wrongName(String)
    /// Two of the records would have this name.
    case sameName(String)
    case outsideZone(name: String, zone: String)
    /// A CNAME cannot stand at the top of a zone.
    case topOfZone(name: String)
    /// Each time that the records had been changed, something else was to be changed: others change them, too.
    case contended(rounds: Int)
}
