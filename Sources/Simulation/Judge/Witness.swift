/// What truly happened in a world, as its services and name servers saw it: what the judge goes by. Of what a function says
/// of itself only the answers of its invocations are in it.
package final class Witness {
    package enum Change: Sendable, Equatable { case promotion, detachment }

    package enum Fact: Sendable, Equatable {
        case dnsMoved(to: String)
        /// What a process was told of the watched name; empty where it was told of no region.
        case told([String], Source)
        case called(String, Source)
        /// A service answered a process with what it knows of a group.
        case read(group: String, Source)
        /// A service answered a process with what PAUSE_PARAMETER holds.
        case readPause(Bool, Source)
        case requested(Change, group: GroupModel, member: String, Source)
        /// A service has refused what it was asked for last.
        case refused(group: String, Source)
        /// By a person, where there is no source.
        case accepted(Change, group: GroupModel, member: String, Source?)
        /// Something is being changed in a group.
        case begun(group: GroupModel)
        case ended(group: GroupModel, succeeded: Bool)
        /// A member takes part in the replication no longer, or again.
        case joined(Bool, member: String, group: String)
        case lags(Duration, member: String)
        case paused
        case resumed
        case started(in: String)
        case killed(in: String)
        case invoked(in: String)
        case answered(in: String, Ending)
        /// All has come right, and nothing goes wrong from now on.
        case settled
        case records(RecordFact)
    }

    package enum Function: String, Sendable { case promoter, endpoints }

    /// Whom something comes from.
    package struct Source: Sendable, Hashable {
        package var function: Function
        package var region: String
        /// Each has a number of its own within its function.
        package var process: Int

        package init(_ function: Function = .promoter, region: String, process: Int) {
            self.function = function
            self.region = region
            self.process = process
        }
    }

    package enum Ending: Sendable, Equatable {
        /// With the reason of each group's last check, such as `inPlace`, in the order of the configuration.
        case response([String])
        case error
        case tooLate
    }

    package private(set) var facts: [(time: Duration, fact: Fact)] = []

    package init() {}

    package func note(_ fact: Fact, at time: Duration) { facts.append((time, fact)) }
}
