internal import AWSClient
internal import Failover

/// What stops a rejoin before its first step: whoever is wrong about who is who must not begin.
extension RejoinRoles {
    func refusal(_ view: RejoinView) -> String? {
        guard let wanted else {
            return "which DB cluster was detached from \(view.groupID) is not known here: give it as --member"
                + " (\"member\" in an event); the history has it only with PAUSE_PARAMETER"
        }
        guard let own else {
            return "there is no DB cluster \(wanted) in \(view.region): give the one that was detached as --member"
        }
        if let holder, holder.id.lowercased() != targetID {
            return "\(own.id) is a member of the global cluster \(holder.id) already, not of \(targetID):"
                + " leave out --new-id, or give \(holder.id)"
        }
        if let stranger = view.globalClusters.first(where: { $0.id.lowercased() == targetID })?.members.first(
            where: { $0.region == view.region && $0.clusterARN != own.arn })
        {
            let id = RejoinOtherSide.id(ofARN: stranger.clusterARN)
            return
                "\(targetID) has another cluster in \(view.region), \(id): \(own.id) is not what was detached from it, or has been replaced"
        }
        if let obstacle {
            return setAsideID.hasPrefix(targetID)
                ? "there are \(obstacle.id) and \(setAsideID) already, so that the old global cluster cannot be set aside:"
                    + " rename or delete one of them, or give --new-id"
                : "there is a global cluster \(obstacle.id) already, and \(own.id) is not in it: give another --new-id"
        }
        if target == nil, old?.id.lowercased() == targetID, setAsideID.utf8.count > 63 {
            return "\(setAsideID), as the old global cluster would be called, has more than 63 letters: give --new-id"
        }
        guard let otherRegion else {
            return "where the new secondary is to be made cannot be seen: give --secondary-region"
        }
        guard otherRegion != view.region else {
            return "the secondary cannot be in \(view.region), where \(own.id) is: give another --secondary-region"
        }
        return nil
    }

    /// What people have to know: a clause each.
    func notes(_ view: RejoinView, _ moves: RejoinMoves?) -> [String] {
        var notes: [String] = []
        if let own {
            let place = holder.map { "is in the global cluster \($0.id)" } ?? "stands alone"
            notes.append("\(own.id) in \(view.region) \(place), and is \(own.status)")
        }
        if let old {
            let members = old.members.map { member in
                "\(RejoinOtherSide.id(ofARN: member.clusterARN)) in \(member.region)"
                    + (member.isWriter ? " (writer)" : "")
            }
            let list = members.isEmpty ? "no cluster any more" : members.joined(separator: ", ")
            notes.append("the old global cluster is \(old.id), and has \(list)")
        } else if target == nil {
            notes.append("there is no old global cluster any more")
        }
        if let otherRegion, case .silent(let why)? = view.other {
            notes.append("\(otherRegion) does not answer, and nothing is begun before it does: \(why)")
        }
        if case .region(let active) = view.active, active != view.region {
            notes.append(
                "the record leads to \(active), and it is the data of \(view.region) that is kept: if clients write in"
                    + " \(active), run this there, with the cluster that is to be kept as --member")
        }
        guard let side = moves?.side, side.secondary == nil else { return notes }
        notes.append(
            side.old.map {
                "the new secondary gets the settings of \($0.id), but for its tags, windows, roles and monitoring"
            }
                ?? "there is nothing to take the settings of the new secondary from but the options, and the own cluster"
        )
        return notes
    }
}
