import AWSClient
import Failover
import Promotion
import Testing

/// What comes next in a rejoin, for all that can be seen.
@Suite("The steps of a rejoin")
struct RejoinTableTests {
    typealias S = RejoinScene

    enum Next: Sendable, Equatable {
        case nothing, wait, refuse
        case act(RejoinAction)

        init(_ next: AuroraRejoin.Next) {
            self =
                switch next {
                case .nothing: .nothing
                case .wait: .wait
                case .refuse: .refuse
                case .act(let action): .act(action)
                }
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var view: RejoinView
        var options: RejoinOptions
        var step: AuroraRejoin.Step.Kind?
        var next: Next

        init(
            _ description: String, _ view: RejoinView, _ step: AuroraRejoin.Step.Kind?, _ next: Next
        ) {
            self.init(description, view, RejoinOptions(), step, next)
        }

        init(
            _ description: String, _ view: RejoinView, _ options: RejoinOptions, _ step: AuroraRejoin.Step.Kind?,
            _ next: Next
        ) {
            testDescription = description
            self.view = view
            self.options = options
            self.step = step
            self.next = next
        }
    }

    static let building: [Case] = [
        Case(
            "its cluster was never detached",
            S.changed(S.detached()) {
                $0.globalClusters = [S.global("orders", S.oldWriter, S.member("orders-west", S.west, writer: false))]
            }, nil, .nothing),
        Case(
            "the detached cluster is being promoted",
            S.changed(S.detached()) { $0.clusters[0].status = "promoting" }, .awaitRegions, .wait),
        Case(
            "the other region is silent", S.changed(S.detached()) { $0.other = .silent("no answer") }, .awaitRegions,
            .wait),
        Case(
            "the old global cluster has the id", S.detached(), .setAside,
            .act(.rename("orders", to: "orders-old", region: S.east))),
        Case(
            "the id is asked for in another case", S.changed(S.detached()) { $0.groupID = "Orders" }, .setAside,
            .act(.rename("orders", to: "orders-old", region: S.east))),
        Case(
            "the old global cluster is being failed over",
            S.changed(S.detached()) { $0.globalClusters[0].failoverState = .init(status: "failing-over") }, .setAside,
            .wait),
        Case(
            "the old global cluster is empty",
            S.changed(S.detached()) { $0.globalClusters[0].members = [] }, .init(secondaryID: "s"), .setAside,
            .refuse),
        Case(
            "the old global cluster is empty, and the old cluster named",
            S.changed(S.detached()) { $0.globalClusters[0].members = [] },
            .init(secondaryID: "s", subnetGroup: "n", securityGroups: ["sg"], kmsKey: "k"), .setAside,
            .act(.rename("orders", to: "orders-old", region: S.west))),
        Case(
            "another id is wanted", S.detached(), .init(newID: "orders-2"), .create,
            .act(.createGlobal("orders-2", sourceARN: S.arn("orders-west", S.west), isProtected: false, region: S.west))
        ),
        Case(
            "the old one is set aside, and was protected",
            S.changed(S.detached()) {
                $0.globalClusters = [S.global("orders-old", S.oldWriter)]
                $0.globalClusters[0].isProtected = true
            }, .create,
            .act(.createGlobal("orders", sourceARN: S.arn("orders-west", S.west), isProtected: true, region: S.west))),
        Case(
            "the new one has nobody yet, and the cluster is being taken in",
            S.changed(S.created()) {
                $0.globalClusters[0].members = []
                $0.clusters[0].status = "promoting"
            }, .create, .wait),
        Case(
            "the new one has nobody yet, and the cluster says that it is of it",
            S.changed(S.created()) {
                $0.globalClusters[0].members = []
                $0.clusters[0].globalClusterID = "orders"
            }, .create, .wait),
        Case(
            "the new one has nobody yet, and is being created",
            S.changed(S.created()) {
                $0.globalClusters[0].members = []
                $0.globalClusters[0].status = "creating"
            }, .create, .wait),
        Case(
            "the new one is not available yet",
            S.changed(S.created()) { $0.globalClusters[0].status = "creating" }, .create, .wait),
        Case(
            "the new one stands", S.created(), .addSecondary, .act(S.newCluster("orders-east-rejoined"))),
        Case(
            "the new one stands under another id",
            S.changed(S.created()) {
                $0.globalClusters = [S.global("orders-2", S.newWriter), S.global("orders", S.oldWriter)]
            }, .init(newID: "orders-2"), .addSecondary,
            .act(S.newCluster("orders-east-rejoined", global: "orders-2"))),
        Case(
            "the secondary is being made", S.added("creating"), .addSecondary, .wait),
        Case(
            "the secondary is shown by its region only, as filled from the own one",
            S.changed(S.added("creating", member: nil)) { view in
                guard case .answers(var clusters, let instances)? = view.other else { return }
                clusters[1].replicationSource = S.arn("orders-west", S.west)
                view.other = .answers(clusters: clusters, instances: instances)
            }, .addSecondary, .wait),
        Case(
            "the secondary is a member that its region does not show",
            S.changed(S.added()) { $0.other = .answers(clusters: [S.cluster("orders-east", S.east)], instances: []) },
            .addSecondary, .wait),
        Case("the secondary has no instances", S.added(), .addInstances, .act(S.newInstance(1))),
        Case(
            "the secondary has the second of two instances", S.added(instances: [S.twoInstances[1]]), .addInstances,
            .act(S.newInstance(1))),
        Case(
            "three instances are wanted, of another class", S.rebuilt(),
            .init(instanceClass: "db.r7g.large", instances: 3), .addInstances,
            .act(S.newInstance(3, class: "db.r7g.large"))),
        Case(
            "an instance is on its way out",
            S.added(instances: [
                S.twoInstances[0], S.instance("orders-east-rejoined-2", of: "orders-east-rejoined", "deleting"),
            ]), .init(instances: 1), nil, .nothing),
        Case(
            "an instance is being made",
            S.added(instances: [
                S.twoInstances[0], S.instance("orders-east-rejoined-2", of: "orders-east-rejoined", "creating"),
            ]), .awaitSecondary, .wait),
        Case(
            "the secondary is being filled",
            S.added(
                instances: S.twoInstances,
                member: S.member("orders-east-rejoined", S.east, writer: false, "pending-resync")), .awaitSecondary,
            .wait
        ),
        Case("all is built", S.rebuilt(), nil, .nothing),
        Case(
            "all is built, and the other region has gone silent",
            S.changed(S.rebuilt()) { $0.other = .silent("no answer") }, .awaitRegions, .wait),
    ]

    @Test("What is built comes in its order, from whatever is there already", arguments: building)
    func builds(_ scene: Case) {
        let plan = AuroraRejoin(scene.view, scene.options)
        #expect(Next(plan.next) == scene.next)
        if scene.next != .refuse { #expect(plan.nextStep == scene.step) }
    }

    static let deletion = RejoinOptions(oldClusterToDelete: "Orders-East")

    static let deleting: [Case] = [
        Case(
            "nothing is built yet", S.detached(), deletion, .setAside,
            .act(.rename("orders", to: "orders-old", region: S.east))),
        Case(
            "all is built", S.rebuilt(), deletion, .deleteInstances,
            .act(.deleteInstance("orders-east-a", region: S.east))),
        Case(
            "one instance goes",
            S.added(
                instances: S.twoInstances,
                oldInstances: [
                    S.instance("orders-east-a", of: "orders-east", "deleting"),
                    S.instance("orders-east-b", of: "orders-east"),
                ]), deletion, .deleteInstances, .act(.deleteInstance("orders-east-b", region: S.east))),
        Case(
            "the last instance goes",
            S.added(
                instances: S.twoInstances, oldInstances: [S.instance("orders-east-a", of: "orders-east", "deleting")]),
            deletion, .deleteInstances, .wait),
        Case(
            "no instance is left", S.added(instances: S.twoInstances, oldInstances: []), deletion, .removeOld,
            .act(.remove(clusterARN: S.arn("orders-east", S.east), fromGlobal: "orders-old", region: S.east))),
        Case(
            "it stands alone", S.leftAlone(), deletion, .deleteCluster,
            .act(.deleteCluster("orders-east", snapshot: "orders-east-before-rejoin", region: S.east))),
        Case(
            "it goes", S.leftAlone(old: S.cluster("orders-east", S.east, "deleting")), deletion, .deleteCluster, .wait),
        Case(
            "it is gone", S.leftAlone(old: nil), deletion, .deleteGlobal,
            .act(.deleteGlobal("orders-old", region: S.west))),
        Case(
            "the old global cluster goes",
            S.changed(S.leftAlone(old: nil)) { $0.globalClusters[1].status = "deleting" }, deletion, .deleteGlobal,
            .wait),
        Case(
            "all is gone", S.changed(S.leftAlone(old: nil)) { $0.globalClusters.removeLast() }, deletion, nil, .nothing),
        Case(
            "the record leads to the old cluster", S.changed(S.rebuilt()) { $0.active = .region(S.east) }, deletion,
            .deleteInstances, .refuse),
        Case(
            "the record leads to a third region", S.changed(S.leftAlone()) { $0.active = .region(S.third) }, deletion,
            .deleteCluster, .refuse),
        Case(
            "DNS does not answer", S.changed(S.leftAlone()) { $0.active = .unknown(.nameNotResolved(.timedOut)) },
            deletion,
            .deleteCluster, .wait),
        Case(
            "DNS says two regions", S.changed(S.leftAlone(old: nil)) { $0.active = .ambiguous([S.east, S.west]) },
            deletion,
            .deleteGlobal, .wait),
        Case("nobody asks for it", S.rebuilt(), .init(), nil, .nothing),
        Case("nobody asks for it any more", S.leftAlone(), .init(), nil, .nothing),
    ]

    @Test("What nobody wants any more is deleted last, on request, and while clients are here", arguments: deleting)
    func deletes(_ scene: Case) {
        let plan = AuroraRejoin(scene.view, scene.options)
        #expect(Next(plan.next) == scene.next)
        #expect(plan.nextStep == scene.step)
    }

    static let wrong: [Case] = [
        Case("another cluster is to be deleted", S.detached(), .init(oldClusterToDelete: "other"), nil, .refuse),
        Case("the own one is to be deleted", S.detached(), .init(oldClusterToDelete: "orders-west"), nil, .refuse),
        Case(
            "the new secondary is to be deleted", S.rebuilt(), .init(oldClusterToDelete: "orders-east-rejoined"), nil,
            .refuse),
        Case(
            "what is to be deleted stands alone, and is in use",
            S.leftAlone(oldInstances: [S.instance("orders-east-a", of: "orders-east")]), deletion, nil, .refuse),
        Case(
            "what is to be deleted stands alone, and nothing is left of an old global cluster",
            S.changed(S.leftAlone()) { $0.globalClusters.removeLast() }, deletion, nil, .refuse),
        Case(
            "what is to be deleted is a member of yet another global cluster",
            S.changed(S.leftAlone()) { $0.globalClusters.append(S.global("x", S.oldWriter)) }, deletion, nil, .refuse),
        Case(
            "what is to be deleted is protected",
            S.changed(S.detached()) { view in
                var old = S.cluster("orders-east", S.east)
                old.settings.isProtected = true
                view.other = .answers(clusters: [old], instances: [S.instance("i", of: "orders-east")])
            }, deletion, nil, .refuse),
        Case(
            "the old global cluster is protected", S.changed(S.created()) { $0.globalClusters[1].isProtected = true },
            deletion, nil, .refuse),
        Case(
            "what is to be deleted has a secondary in a third region",
            S.changed(S.created()) {
                $0.globalClusters[1].members.append(S.member("orders-eu", S.third, writer: false))
            }, deletion, nil, .refuse),
        Case(
            "nobody knows what was detached", S.changed(S.detached()) { $0.recordedMember = nil }, nil, .refuse),
        Case("what was detached is not there", S.detached(), .init(member: "nobody"), nil, .refuse),
        Case(
            "what was detached is in another global cluster",
            S.changed(S.detached()) { $0.globalClusters.append(S.global("x", S.newWriter)) }, nil, .refuse),
        Case(
            "it is in the global cluster already, and another id is wanted", S.created(), .init(newID: "x"), nil,
            .refuse),
        Case(
            "both ids are taken",
            S.changed(S.detached()) { $0.globalClusters.append(S.global("orders-old")) }, nil, .refuse),
        Case(
            "the new id is taken", S.changed(S.detached()) { $0.globalClusters.append(S.global("x")) },
            .init(newID: "x"), nil, .refuse),
        Case(
            "another cluster of this region is in it", S.created(), .init(member: "other"), nil, .refuse),
        Case(
            "the id has no room for the end of it",
            S.changed(S.detached()) {
                $0.groupID = String(repeating: "o", count: 60)
                $0.globalClusters = [S.global($0.groupID, S.oldWriter)]
            }, nil, .refuse),
        Case(
            "no other region is known",
            S.changed(S.detached()) {
                $0.globalClusters = []
                $0.recordRegions = [S.west]
            }, nil, .refuse),
        Case("the secondary is wanted here", S.detached(), .init(secondaryRegion: S.west), nil, .refuse),
        Case(
            "a stranger has the secondary's id",
            S.changed(S.created()) {
                $0.other = .answers(
                    clusters: [S.cluster("orders-east", S.east), S.cluster("orders-east-rejoined", S.east)],
                    instances: [])
            }, nil, .refuse),
        Case(
            "the old cluster is gone, and nothing says a network",
            S.changed(S.created()) { $0.other = .answers(clusters: [], instances: []) }, nil, .refuse),
        Case(
            "the old cluster is gone, and nothing says a key",
            S.changed(S.created()) { $0.other = .answers(clusters: [], instances: []) },
            .init(subnetGroup: "n", securityGroups: ["sg"]), nil, .refuse),
        Case(
            "nothing says a class",
            S.changed(S.created()) {
                $0.instances = []
                $0.other = .answers(clusters: [S.cluster("orders-east", S.east)], instances: [])
            }, nil, .refuse),
    ]

    @Test("Where it is not clear who is who nothing is begun", arguments: wrong)
    func refuses(_ scene: Case) {
        let plan = AuroraRejoin(scene.view, scene.options)
        #expect(Next(plan.next) == .refuse)
        #expect(plan.nextStep == nil)
        #expect(plan.steps.allSatisfy { $0.state == .later || $0.state == .byHand })
    }
}
