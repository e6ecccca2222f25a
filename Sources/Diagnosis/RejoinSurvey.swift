internal import AWSClient
internal import Failover
internal import Promotion

/// What was looked at before a `RejoinPlan` is made, so that its steps do not stand on a guess.
package struct RejoinSurvey: Sendable, Equatable {
    package enum Member: Sendable, Equatable {
        /// Nobody knows which one it is.
        case unknown
        case standsAlone(id: String, status: String)
        case isMember(id: String, ofDatastore: String, role: String)
        case missing(id: String)
        /// Why it could not be looked at.
        case unchecked(id: String, String)
    }

    /// A region whose member is given up, asked for it.
    package struct OtherRegion: Sendable, Equatable {
        package enum State: Sendable, Equatable {
            case answers(memberStatus: String)
            case answersWithoutMember
            case silent(String)
        }

        package var region: String
        /// nil where it is not known.
        package var memberID: String?
        package var state: State
    }

    package var member: Member
    package var others: [OtherRegion]
    /// The regions that the records lead to.
    package var recordRegions: [String]

    package init(member: Member = .unknown, others: [OtherRegion] = [], recordRegions: [String] = []) {
        self.member = member
        self.others = others
        self.recordRegions = recordRegions
    }

    /// The id of the detached member; nil where what was given cannot be it.
    var detached: String? {
        switch member {
        case .standsAlone(let id, _), .unchecked(let id, _): id
        case .unknown, .isMember, .missing: nil
        }
    }
}

extension RejoinSurvey {
    /// No region gets longer to answer than this: the one that is asked may be down.
    private static let longestLook = Duration.seconds(5)

    /// - Parameter id: of the member that is said to be detached; nil where nobody says it.
    static func member(_ id: String?, _ elastiCache: ElastiCache, deadline: ContinuousClock.Instant) async -> Member {
        guard let id else { return .unknown }
        do throws(AWSError) {
            let group = try await elastiCache.describeReplicationGroup(id: id, deadline: soon(deadline))
            guard let datastore = group.globalDatastoreID else {
                return .standsAlone(id: group.id, status: group.status)
            }
            return .isMember(id: group.id, ofDatastore: datastore, role: group.globalRole ?? "a member")
        } catch { return error.code == .notFound ? .missing(id: id) : .unchecked(id: id, Finding.clause(error)) }
    }

    static func other(
        _ member: GlobalGroup.Member, _ elastiCache: ElastiCache, deadline: ContinuousClock.Instant
    ) async -> OtherRegion {
        var other = OtherRegion(region: member.region, memberID: member.id, state: .silent("it was not asked"))
        do throws(AWSError) {
            let group = try await elastiCache.describeReplicationGroup(id: member.id, deadline: soon(deadline))
            other.state = .answers(memberStatus: group.status)
        } catch {
            if error.code == .notFound {
                other.state = .answersWithoutMember
            } else if error.status != nil {
                // Whoever refuses is there.
                other.state = .answers(memberStatus: "of unknown status (\(error.awsCode ?? "an error"))")
            } else {
                other.state = .silent(Finding.clause(error))
            }
        }
        return other
    }

    static func soon(_ deadline: ContinuousClock.Instant) -> ContinuousClock.Instant {
        min(deadline, .now + longestLook)
    }
}

extension RejoinSurvey {
    /// What people have to know before they begin: a clause each.
    ///
    /// - Parameters:
    ///   - region: where the plan is made.
    ///   - group: the datastore as it was read.
    func notes(region: String, _ group: GlobalGroup) -> [String] {
        var notes: [String] = []
        let local = group.members.first { $0.region == region }
        switch member {
        case .unknown: break
        case .standsAlone(let id, let status): notes.append("\(id) in \(region) stands alone, and is \(status)")
        case .isMember(let id, let datastore, let role):
            notes.append("\(id) in \(region) is \(role) of \(datastore): it is not what was detached")
        case .missing(let id):
            notes.append("there is no replication group \(id) in \(region): give the one that was detached as --member")
        case .unchecked(let id, let why): notes.append("whether \(id) stands alone could not be checked: \(why)")
        }
        if let local, !RejoinPlan.isLeaving(local) {
            notes.append("\(local.id) in \(region) is \(local.role.word) of \(group.id), and \(local.status)")
            let without = recordRegions.filter { region in !group.members.contains { $0.region == region } }
            for region in without {
                notes.append(
                    "\(group.id) has no member in \(region), where a record leads to: if that one was detached, run"
                        + " this there: 'promoter rejoin --plan --region \(region)'")
            }
            // Nothing is to be begun.
            return notes
        }
        for other in others {
            switch other.state {
            case .answers(let status):
                notes.append("\(other.region) answers: \(other.memberID ?? "its member") is \(status)")
            case .answersWithoutMember:
                notes.append("\(other.region) answers, and has no \(other.memberID ?? "member")")
            case .silent(let why): notes.append("\(other.region) does not answer; do not begin before it does: \(why)")
            }
        }
        return notes
    }
}
