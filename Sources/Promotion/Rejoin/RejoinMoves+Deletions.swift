internal import AWSClient
internal import Failover

/// The last steps, which take away what nobody wants any more: the only ones, and only on request.
///
/// The instances go first, while the cluster still is a member of the old global cluster: that it is one is the proof that
/// it is the right one. Who is interrupted afterwards finds it alone; then a cluster without instances is believed, and
/// one that has any, as all that are in use have, is not.
extension RejoinMoves {
    /// A deletion is for the time when clients are here for certain.
    func guarded(_ outcome: RejoinOutcome, _ active: ActiveRegion) -> RejoinOutcome {
        guard case .act(let action) = outcome, action.isDeletion else { return outcome }
        switch active {
        case .region(region): return outcome
        case .region(let other):
            return .refuse(
                "the record leads to \(other), not to \(region): nothing is deleted while clients may be there")
        case .notAsked, .ambiguous, .unknown:
            return .wait("DNS does not say which region is active, and nothing is deleted meanwhile")
        }
    }

    func deleteInstances(_ side: RejoinOtherSide) -> RejoinOutcome {
        guard side.old != nil else { return .done }
        if let instance = side.oldInstances.first(where: { $0.status != "deleting" }) {
            return .act(.deleteInstance(instance.id, region: otherRegion))
        }
        guard let last = side.oldInstances.first else { return .done }
        return .wait("the instance \(last.id) in \(otherRegion) is being deleted")
    }

    var removal: RejoinAction? {
        guard let old = roles.old, let member = roles.oldMember else { return nil }
        return .remove(clusterARN: member.clusterARN, fromGlobal: old.id, region: otherRegion)
    }

    func removeOld(_ side: RejoinOtherSide) -> RejoinOutcome {
        // What its region does not show any more has left by itself.
        guard let removal, side.old != nil else { return .done }
        return .act(removal)
    }

    func deletion(_ old: DBCluster) -> RejoinAction {
        .deleteCluster(old.id, snapshot: "\(old.id)-before-rejoin", region: otherRegion)
    }

    func deleteCluster(_ side: RejoinOtherSide) -> RejoinOutcome {
        guard let old = side.old else { return .done }
        return old.status == "available" ? .act(deletion(old)) : .wait("\(old.id) in \(otherRegion) is \(old.status)")
    }

    /// One that has a member of a third region stays, for that one's rejoin.
    var deleteGlobal: RejoinOutcome {
        guard let old = roles.old, old.members.isEmpty else { return .done }
        guard old.status != "deleting" else { return .wait("the old global cluster \(old.id) is being deleted") }
        return .act(.deleteGlobal(old.id, region: region))
    }
}

/// What stops a rejoin where it is clear that a later step cannot be done, or must not.
extension RejoinMoves {
    func refusal(_ options: RejoinOptions, _ roles: RejoinRoles) -> String? {
        guard let side else { return nil }
        return building(options, side) ?? options.oldClusterToDelete.flatMap { deleting($0.lowercased(), side) }
    }

    private func building(_ options: RejoinOptions, _ side: RejoinOtherSide) -> String? {
        guard own.engine != nil else { return "AWS does not tell the engine of \(own.id)" }
        guard let id = side.secondaryID else {
            return "nothing says what the new secondary in \(otherRegion) is to be called: give --secondary-id"
        }
        if side.secondary == nil {
            if side.namesake != nil {
                return "there is a DB cluster \(id) in \(otherRegion) already, which is no part of this:"
                    + " give another --secondary-id"
            }
            let settings = newCluster?.settings
            var missing: [String] = []
            if settings?.subnetGroup == nil { missing.append("--subnet-group") }
            if settings?.securityGroups.isEmpty != false { missing.append("--security-group") }
            if settings?.isEncrypted == true, settings?.kmsKey == nil { missing.append("--kms-key") }
            guard missing.isEmpty else {
                return "there is no old cluster in \(otherRegion) to take the settings of the new secondary from:"
                    + " give \(missing.joined(separator: " and "))"
            }
        }
        let lacksInstances = side.secondaryInstances.count < instanceCount
        guard !lacksInstances || id.utf8.count <= 60 else {
            return "\(id) leaves no room for the names of its instances (63 letters): give a shorter --secondary-id"
        }
        return lacksInstances && instanceClass == nil
            ? "nothing says what instances the secondary is to have: give --instance-class" : nil
    }

    private func deleting(_ id: String, _ side: RejoinOtherSide) -> String? {
        let order = "\(id) is not deleted, and nothing else was begun"
        guard id != side.secondaryID?.lowercased() else { return "\(order): it is the name of the new secondary" }
        if let member = roles.oldMember {
            let known = RejoinOtherSide.id(ofARN: member.clusterARN)
            guard known.lowercased() == id else { return "\(order): the old cluster in \(otherRegion) is \(known)" }
            let others = roles.old?.members.filter { $0 != member } ?? []
            if member.isWriter, let other = others.first {
                return "\(order): it is the writer of \(roles.old?.id ?? "the old global cluster"), which still has"
                    + " \(RejoinOtherSide.id(ofARN: other.clusterARN)) in \(other.region); rejoin that region first"
            }
        } else if let old = side.old, old.status != "deleting" {
            let isWitnessed = roles.old?.members.isEmpty == true
            let isAlone = old.globalClusterID == nil && !members.contains(old.arn ?? "")
            guard isWitnessed, isAlone, side.oldInstances.allSatisfy({ $0.status == "deleting" }) else {
                return "\(order): it is in no old global cluster, so that it may be any cluster"
            }
        }
        if let old = side.old, old.settings.isProtected == true {
            return "\(order): it is protected against deletion; if it may go:"
                + " aws rds --region \(otherRegion) modify-db-cluster --db-cluster-identifier \(old.id)"
                + " --no-deletion-protection"
        }
        if let old = roles.old, old.isProtected, old.members.allSatisfy({ $0 == roles.oldMember }) {
            return "\(order): the global cluster \(old.id) is protected against deletion; if it may go:"
                + " aws rds --region \(region) modify-global-cluster --global-cluster-identifier \(old.id)"
                + " --no-deletion-protection"
        }
        return nil
    }
}
