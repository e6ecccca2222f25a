import AWSClient
import JSON
import Promotion
import Testing

@Suite("What a rejoin shows and takes over")
struct RejoinPlanTests {
    typealias S = RejoinScene

    private func creation(_ view: RejoinView, _ options: RejoinOptions = .init()) -> NewDBCluster? {
        guard case .act(.createCluster(let cluster, _)) = AuroraRejoin(view, options).next else { return nil }
        return cluster
    }

    @Test("The secondary has the settings of the old cluster, and what the options say otherwise")
    func settings() {
        #expect(creation(S.created())?.settings == S.cluster("", S.east).settings)
        let other = creation(
            S.created(),
            .init(secondaryID: "Orders-New", subnetGroup: "n", securityGroups: ["sg"], kmsKey: "k"))
        #expect(other?.id == "orders-new")
        #expect(other?.settings.subnetGroup == "n")
        #expect(other?.settings.securityGroups == ["sg"])
        #expect(other?.settings.kmsKey == "k")
        #expect(other?.settings.parameterGroup == "orders-us-east-1")
    }

    @Test("Without the old cluster it has its id, and nothing that is of the own region")
    func withoutTheOld() {
        let view = S.changed(S.created()) { $0.other = .answers(clusters: [], instances: []) }
        let cluster = creation(view, .init(subnetGroup: "n", securityGroups: ["sg"], kmsKey: "k"))
        #expect(cluster?.id == "orders-east")
        #expect(
            cluster?.settings
                == .init(
                    subnetGroup: "n", securityGroups: ["sg"], isEncrypted: true, kmsKey: "k", isProtected: false,
                    backupRetentionDays: 7))
    }

    @Test("Default parameter groups are left to AWS: the engine may be of another version by now")
    func defaults() {
        let view = S.changed(S.created()) { view in
            var old = S.cluster("orders-east", S.east)
            old.settings.parameterGroup = "default.aurora-postgresql15"
            var instance = S.instance("i", of: "orders-east")
            instance.parameterGroup = "default.aurora-postgresql15"
            view.other = .answers(clusters: [old], instances: [instance])
        }
        #expect(creation(view)?.settings.parameterGroup == nil)
        let commands = AuroraRejoin(view, .init()).steps.first { $0.kind == .addInstances }?.commands ?? []
        #expect(commands.count == 1)
        #expect(commands.allSatisfy { !$0.contains("parameter-group") })
    }

    @Test("Each step is done, next or later, and only with the option there are deletions among them")
    func states() {
        func states(_ view: RejoinView, _ options: RejoinOptions = .init()) -> [String] {
            AuroraRejoin(view, options).steps.map { "\($0.kind) \($0.state)" }
        }
        #expect(
            states(S.added()) == [
                "pause byHand", "awaitRegions done", "setAside done", "create done", "addSecondary done",
                "addInstances next", "awaitSecondary later", "configure byHand", "check byHand", "resume byHand",
            ])
        #expect(
            states(S.leftAlone(), RejoinTableTests.deletion).suffix(7) == [
                "deleteInstances done", "removeOld done", "deleteCluster next", "deleteGlobal later",
                "configure byHand", "check byHand", "resume byHand",
            ])
    }

    @Test("The commands are those of all that is to come, in the regions that they belong to")
    func commands() {
        let all = Self.commands(S.detached(), RejoinTableTests.deletion)
        let orders = all.compactMap { command -> String? in
            let words = command.split(separator: " ")
            return words.starts(with: ["aws", "rds", "--region"]) ? "\(words[4]) \(words[3])" : nil
        }
        #expect(
            orders == [
                "modify-global-cluster us-east-1", "create-global-cluster us-west-2", "create-db-cluster us-east-1",
                "create-db-instance us-east-1", "create-db-instance us-east-1", "delete-db-instance us-east-1",
                "delete-db-instance us-east-1", "remove-from-global-cluster us-east-1", "delete-db-cluster us-east-1",
                "delete-global-cluster us-west-2",
            ])
        let cluster = """
            aws rds --region us-east-1 create-db-cluster --db-cluster-identifier orders-east-rejoined \
            --global-cluster-identifier orders --engine aurora-postgresql --engine-version 16.9 --port 5433 \
            --db-subnet-group-name subnets-us-east-1 --vpc-security-group-ids sg-1-us-east-1 sg-2-us-east-1 \
            --db-cluster-parameter-group-name orders-us-east-1 --kms-key-id key-us-east-1 \
            --backup-retention-period 7 --storage-encrypted --no-deletion-protection
            """
        #expect(all.contains(cluster))
        #expect(!all.contains { $0.contains("skip-final-snapshot") })
        #expect(Self.commands(S.rebuilt(), .init()).allSatisfy { $0.hasPrefix("promoter ") })
    }

    private static func commands(_ view: RejoinView, _ options: RejoinOptions) -> [String] {
        var commands: [String] = []
        for step in AuroraRejoin(view, options).steps { commands += step.commands }
        return commands
    }

    @Test("A machine reads whether it is done, and what is next")
    func json() {
        let half = AuroraRejoin(S.added(), .init()).json
        #expect(half["isNeeded"] == true && half["isDone"] == false)
        #expect(half["next"] == "addInstances")
        #expect(half["globalClusterId"] == "orders")
        let all = AuroraRejoin(S.rebuilt(), .init()).json
        #expect(all["isDone"] == true)
        #expect(all["next"] == .null)
    }

    @Test("A third region comes after the writer's, or when it is named")
    func thirdRegion() {
        let view = S.changed(S.created()) {
            $0.globalClusters[1].members.insert(S.member("orders-eu", S.third, writer: false), at: 0)
        }
        #expect(RejoinRoles(view, .init()).otherRegion == S.east)
        #expect(RejoinRoles(view, .init(secondaryRegion: S.third)).oldMember?.region == S.third)
        // Two are back, and the old one is empty: whose old cluster is to go is not to be guessed.
        var emptied = S.leftAlone()
        emptied.globalClusters[0].members.insert(S.member("orders-eu", S.third, writer: false), at: 0)
        #expect(RejoinRoles(emptied, RejoinTableTests.deletion).otherRegion == nil)
        emptied.globalClusters.removeLast()
        emptied.recordRegions = [S.west, "ap-south-1"]
        #expect(RejoinRoles(emptied, .init()).otherRegion == S.third, "the records lead to a region without a database")
    }
}
