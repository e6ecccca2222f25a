internal import AWSClient

/// Says the steps of a rejoin, for people: what each is for, and the commands of the AWS CLI that do the same.
struct RejoinStepWriter {
    typealias Step = AuroraRejoin.Step

    let view: RejoinView
    let roles: RejoinRoles
    let moves: RejoinMoves?
    let options: RejoinOptions

    private var own: String { roles.own?.id ?? roles.wanted ?? "the detached cluster" }
    private var otherRegion: String { roles.otherRegion ?? "OTHER_REGION" }
    private var regions: [String] { [view.region] + [otherRegion] }
    private var oldID: String? { moves?.side?.old?.id ?? options.oldClusterToDelete }

    /// - Parameter state: of a step that the program does.
    func steps(_ state: (Step.Kind) -> Step.State) -> [Step] {
        var steps = [pause, awaitRegions(state), setAside(state), create(state), addSecondary(state)]
        steps += [addInstances(state), awaitSecondary(state)]
        if options.oldClusterToDelete != nil { steps += deletions(state) }
        return steps + [configure, check, resume]
    }

    private func step(
        _ kind: Step.Kind, _ state: Step.State, _ title: String, _ explanation: String, _ commands: [String] = []
    ) -> Step {
        Step(
            kind: kind, state: state, title: title, explanation: explanation,
            commands: state == .done ? [] : commands)
    }

    private func wait(_ what: String, _ id: String, in region: String) -> String {
        "aws rds wait \(what) --region \(region) --db-\(what.hasPrefix("db-cluster") ? "cluster" : "instance")"
            + "-identifier \(id)"
    }

    // MARK: By hand

    private var pause: Step {
        step(
            .pause, .byHand, "Pause the functions, in all regions",
            "While the global cluster is rebuilt they cannot read it, or would promote into it.",
            regions.map { "promoter pause --region \($0) --reason 'rejoin of \(roles.targetID)'" })
    }

    private var configure: Step {
        let newID =
            options.newID.map {
                "GLOBAL_CLUSTER_ID is \($0) from now on, for the functions of all regions (global_cluster_id in"
                    + " Terraform). "
            } ?? "The functions keep their GLOBAL_CLUSTER_ID. "
        return step(
            .configure, .byHand, "Tell clients and Terraform",
            newID + "The secondary has other endpoint names than the old cluster, and the writer endpoint of the global"
                + " cluster may be another as well. Where Terraform made the clusters, take the old ones out of its"
                + " state ('terraform state rm') and import the new ones, or its next run undoes this.")
    }

    private var check: Step {
        step(
            .check, .byHand, "Check the whole", "There may be nothing wrong any more but the pause.",
            regions.map { "promoter doctor --region \($0) --function promoter" })
    }

    private var resume: Step {
        let rest =
            options.oldClusterToDelete == nil
            ? " The old cluster still stands, and costs money: --delete-old-cluster deletes it, with a last snapshot."
            : " Delete the snapshot when you need it no more: it has the writes that were not replicated."
        return step(
            .resume, .byHand, "Resume", "From here on the functions promote again." + rest,
            regions.map { "promoter resume --region \($0)" })
    }

    // MARK: What is built

    private func awaitRegions(_ state: (Step.Kind) -> Step.State) -> Step {
        step(
            .awaitRegions, state(.awaitRegions), "Wait until both regions are there",
            "\(own) must be available and stand alone, and \(otherRegion) must answer.",
            roles.own.map { [wait("db-cluster-available", $0.id, in: view.region)] } ?? [])
    }

    private func setAside(_ state: (Step.Kind) -> Step.State) -> Step {
        step(
            .setAside, state(.setAside), "Set the old global cluster aside",
            options.newID == nil
                ? "It becomes \(roles.setAsideID), so that its id is free. Nothing of it is deleted."
                : "It keeps its id, \(roles.setAsideID), and is left as it is.",
            [moves?.renaming?.command].compactMap(\.self))
    }

    private func create(_ state: (Step.Kind) -> Step.State) -> Step {
        step(
            .create, state(.create), "Make a new global cluster of the detached cluster",
            "\(own) becomes the writer of \(roles.targetID); its data stays, and it goes on taking writes.",
            moves.flatMap { moves in moves.creation.map { [$0.command, adoption(of: moves.ownARN)] } } ?? [])
    }

    /// The AWS CLI has no waiter for it.
    private func adoption(of arn: String) -> String {
        "until aws rds describe-global-clusters --region \(view.region) --global-cluster-identifier \(roles.targetID)"
            + " --query 'GlobalClusters[0].GlobalClusterMembers[?IsWriter].DBClusterArn' --output text"
            + " | grep -qx \(arn); do sleep 15; done"
    }

    private func addSecondary(_ state: (Step.Kind) -> Step.State) -> Step {
        let id = moves?.side?.secondaryID
        let commands = moves?.side.flatMap { side -> [String]? in
            guard side.secondary == nil, let cluster = moves?.newCluster else { return nil }
            return [
                RejoinAction.createCluster(cluster, region: otherRegion).command,
                wait("db-cluster-available", cluster.id, in: otherRegion),
            ]
        }
        return step(
            .addSecondary, state(.addSecondary), "Add a new secondary\(id.map { " \($0)" } ?? "") in \(otherRegion)",
            "A cluster with data of its own cannot join, so that it is a new one. Copying takes as long as the data is"
                + " large.",
            commands ?? [])
    }

    private func addInstances(_ state: (Step.Kind) -> Step.State) -> Step {
        let missing = moves.flatMap { moves in moves.side.map { moves.newInstances($0) } } ?? []
        return step(
            .addInstances, state(.addInstances), "Give it instances", "Without one it could not be promoted.",
            missing.map { RejoinAction.createInstance($0, region: otherRegion).command })
    }

    private func awaitSecondary(_ state: (Step.Kind) -> Step.State) -> Step {
        step(
            .awaitSecondary, state(.awaitSecondary), "Wait until the secondary is connected",
            "It has the data of \(own) then, and its instances are available.",
            (moves.flatMap { moves in moves.side.map { moves.newInstances($0) } } ?? []).map {
                wait("db-instance-available", $0.id, in: otherRegion)
            })
    }

    // MARK: What is taken away

    private func deletions(_ state: (Step.Kind) -> Step.State) -> [Step] {
        let old = oldID ?? "the old cluster"
        let side = moves?.side
        let instances = (side?.oldInstances ?? []).filter { $0.status != "deleting" }
        let deletion = side?.old.flatMap { moves?.deletion($0).command }
        let global = roles.old?.id == roles.targetID ? roles.setAsideID : roles.old?.id ?? roles.setAsideID
        var removal = roles.old == nil ? nil : moves?.removal
        // By then it is called so.
        if case .remove(let arn, _, let region)? = removal {
            removal = .remove(clusterARN: arn, fromGlobal: global, region: region)
        }
        return [
            step(
                .deleteInstances, state(.deleteInstances), "Delete the instances of \(old)",
                "Its data is the cluster's, and stays. Only while the record leads to \(view.region).",
                instances.map { RejoinAction.deleteInstance($0.id, region: otherRegion).command }
                    + instances.map { wait("db-instance-deleted", $0.id, in: otherRegion) }),
            step(
                .removeOld, state(.removeOld), "Take \(old) out of \(global)",
                "Only a cluster that stands alone can go.",
                [removal?.command].compactMap(\.self)),
            step(
                .deleteCluster, state(.deleteCluster), "Delete \(old), with a final snapshot",
                "The snapshot is what is left of the writes that were not replicated.",
                deletion.map { [$0, wait("db-cluster-deleted", old, in: otherRegion)] } ?? []),
            step(
                .deleteGlobal, state(.deleteGlobal), "Delete \(global)", "It is empty by then; one that is not, stays.",
                [RejoinAction.deleteGlobal(global, region: view.region).command]),
        ]
    }
}
