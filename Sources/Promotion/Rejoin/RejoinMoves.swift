internal import AWSClient
internal import Failover

/// The steps that change something, each with what it takes now. Only where it is clear who is who.
struct RejoinMoves {
    typealias Kind = AuroraRejoin.Step.Kind

    let own: DBCluster
    let ownARN: String
    let region: String
    let otherRegion: String
    let roles: RejoinRoles
    /// nil: the other region does not answer.
    let side: RejoinOtherSide?
    let silence: String?
    let instanceClass: String?
    let instanceCount: Int
    let parameterGroup: String?
    let newCluster: NewDBCluster?
    let deletesOld: Bool
    /// The ARNs of all clusters that are in any global cluster.
    let members: Set<String>

    init?(_ view: RejoinView, _ roles: RejoinRoles, _ options: RejoinOptions) {
        guard let own = roles.own, let ownARN = own.arn, let otherRegion = roles.otherRegion else { return nil }
        self.own = own
        self.ownARN = ownARN
        self.otherRegion = otherRegion
        self.roles = roles
        region = view.region
        deletesOld = options.oldClusterToDelete != nil
        members = Set(view.globalClusters.flatMap { $0.members.map(\.clusterARN) })
        var side: RejoinOtherSide?
        var silence: String?
        switch view.other {
        case .answers(let clusters, let instances):
            side = RejoinOtherSide(clusters, instances, roles, options)
        case .silent(let why): silence = why
        case nil: silence = "it was not asked"
        }
        self.side = side
        self.silence = silence
        // Those that go count as well: their number is wanted again. The own ones are the better guess than none.
        let models = side?.oldInstances ?? []
        let likes = view.instances.filter { $0.clusterID?.lowercased() == own.id.lowercased() }
        let model = models.first ?? side?.secondaryInstances.first ?? likes.first
        instanceClass = options.instanceClass ?? model?.instanceClass
        instanceCount = options.instances ?? max(1, models.count)
        parameterGroup = models.first?.parameterGroup.flatMap { Self.isDefault($0) ? nil : $0 }
        newCluster = side?.secondaryID.map { id in
            NewDBCluster(
                id: id, globalClusterID: roles.targetID, engine: own.engine ?? "", engineVersion: own.engineVersion,
                port: side?.old?.port ?? own.port, settings: Self.settings(own: own, old: side?.old, options))
        }
    }

    /// AWS has one for each version, and takes the right one by itself.
    private static func isDefault(_ group: String) -> Bool { group.hasPrefix("default.") }

    /// Those of the old cluster, whose network and key are its region's. Where it is gone, the own cluster's as far as
    /// they are of no region.
    private static func settings(own: DBCluster, old: DBCluster?, _ options: RejoinOptions) -> DBCluster.Settings {
        var settings = old?.settings ?? own.settings
        if old == nil { (settings.subnetGroup, settings.securityGroups, settings.kmsKey) = (nil, [], nil) }
        if old == nil || settings.parameterGroup.map(isDefault) ?? false { settings.parameterGroup = nil }
        settings.subnetGroup = options.subnetGroup ?? settings.subnetGroup
        if !options.securityGroups.isEmpty { settings.securityGroups = options.securityGroups }
        settings.kmsKey = options.kmsKey ?? settings.kmsKey
        settings.isEncrypted = own.settings.isEncrypted ?? settings.isEncrypted
        return settings
    }

    /// In the order in which they are done.
    func states(_ active: ActiveRegion) -> [(kind: Kind, outcome: RejoinOutcome)] {
        var states: [(kind: Kind, outcome: RejoinOutcome)] = [
            (.awaitRegions, awaitRegions), (.setAside, setAside), (.create, create),
        ]
        guard let side else { return states }
        states += [
            (.addSecondary, addSecondary(side)), (.addInstances, addInstances(side)),
            (.awaitSecondary, awaitSecondary(side)),
        ]
        guard deletesOld else { return states }
        let deletions: [(kind: Kind, outcome: RejoinOutcome)] = [
            (.deleteInstances, deleteInstances(side)), (.removeOld, removeOld(side)),
            (.deleteCluster, deleteCluster(side)), (.deleteGlobal, deleteGlobal),
        ]
        return states + deletions.map { ($0.kind, guarded($0.outcome, active)) }
    }

    // MARK: What is built

    private var awaitRegions: RejoinOutcome {
        if roles.target == nil, own.status != "available" { return .wait("\(own.id) in \(region) is \(own.status)") }
        return silence.map { .wait("\(otherRegion) does not answer: \($0)") } ?? .done
    }

    var renaming: RejoinAction? {
        guard roles.target == nil, let old = roles.old, old.id.lowercased() == roles.targetID else { return nil }
        let place = old.members.first(where: \.isWriter)?.region ?? region
        return .rename(old.id, to: roles.setAsideID, region: place)
    }

    private var setAside: RejoinOutcome {
        guard let renaming, let old = roles.old else { return .done }
        let status = old.failoverState?.status ?? old.status
        return status == "available" ? .act(renaming) : .wait("the old global cluster \(old.id) is \(status)")
    }

    var creation: RejoinAction? {
        guard roles.target == nil else { return nil }
        return .createGlobal(
            roles.targetID, sourceARN: ownARN, isProtected: roles.old?.isProtected ?? false, region: region)
    }

    private var create: RejoinOutcome {
        if let creation { return .act(creation) }
        guard let target = roles.target else { return .done }
        guard target.members.contains(where: { $0.clusterARN == ownARN && $0.isWriter }) else {
            return .wait("\(own.id) is not yet the writer of \(target.id)")
        }
        let status = target.failoverState?.status ?? target.status
        guard status == "available" else { return .wait("the global cluster \(target.id) is \(status)") }
        return own.status == "available" ? .done : .wait("\(own.id) in \(region) is \(own.status)")
    }

    private func addSecondary(_ side: RejoinOtherSide) -> RejoinOutcome {
        if let secondary = side.secondary {
            guard secondary.status != "available" else { return .done }
            return .wait("the secondary \(secondary.id) in \(otherRegion) is \(secondary.status)")
        }
        // It is a member, and its own region does not tell of it yet.
        guard side.secondaryMember == nil else { return .wait("\(otherRegion) does not show the secondary yet") }
        return newCluster.map { .act(.createCluster($0, region: otherRegion)) } ?? .wait("it has no id yet")
    }

    /// Those that are missing: all of them while there is no cluster yet.
    func newInstances(_ side: RejoinOtherSide) -> [NewDBInstance] {
        guard let clusterID = side.secondaryID, let instanceClass else { return [] }
        let missing = instanceCount - side.secondaryInstances.count
        let taken = Set(side.secondaryInstances.map { $0.id.lowercased() })
        let free = (1...).lazy.map { "\(clusterID)-\($0)" }.filter { !taken.contains($0.lowercased()) }
        return free.prefix(max(0, missing)).map { id in
            NewDBInstance(
                id: id, clusterID: clusterID, engine: own.engine ?? "", instanceClass: instanceClass,
                parameterGroup: parameterGroup, isPublic: side.oldInstances.first?.isPublic)
        }
    }

    private func addInstances(_ side: RejoinOtherSide) -> RejoinOutcome {
        newInstances(side).first.map { .act(.createInstance($0, region: otherRegion)) } ?? .done
    }

    private func awaitSecondary(_ side: RejoinOtherSide) -> RejoinOutcome {
        guard let member = side.secondaryMember, let secondary = side.secondary else {
            return .wait("\(roles.targetID) does not show its member in \(otherRegion) yet")
        }
        if let status = member.synchronizationStatus, status != "connected" {
            return .wait("\(secondary.id) is \(status): it is filled from \(own.id)")
        }
        if let instance = side.secondaryInstances.first(where: { $0.status != "available" }) {
            return .wait("the instance \(instance.id) in \(otherRegion) is \(instance.status)")
        }
        return .done
    }
}
