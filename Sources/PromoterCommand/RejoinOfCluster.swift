import ArgumentParser
import Promotion

/// What only the rejoin of an Aurora cluster takes.
struct RejoinOfCluster: ParsableArguments {
    @Option(
        name: .customLong("new-id"),
        help: ArgumentHelp(
            "Id of the new global cluster, in place of the old one's, which is set aside as '<id>-old' otherwise.",
            valueName: "id"))
    var newID: String?

    @Option(name: .long, help: "Where the new secondary is made, where that is not clear.")
    var secondaryRegion: String?

    @Option(
        name: .customLong("secondary-id"),
        help: ArgumentHelp("Id of the new secondary ('<old id>-rejoined').", valueName: "id"))
    var secondaryID: String?

    @Option(name: .long, help: "DB subnet group of the new secondary (that of the old cluster).")
    var subnetGroup: String?

    @Option(
        name: .customLong("security-group"),
        help: ArgumentHelp("VPC security group of the new secondary; may be repeated.", valueName: "id"))
    var securityGroups: [String] = []

    @Option(name: .long, help: "KMS key of the new secondary (that of the old cluster).")
    var kmsKey: String?

    @Option(name: .long, help: "Class of its instances (that of the old ones).")
    var instanceClass: String?

    @Option(name: .long, help: "How many instances it gets (as many as the old cluster).")
    var instances: Int?

    @Option(
        name: .customLong("delete-old-cluster"),
        help: ArgumentHelp(
            "Delete this cluster of the other region in the end, with a final snapshot, and the old global cluster.",
            valueName: "id"))
    var oldClusterToDelete: String?

    func validate() throws {
        guard let instances, !RejoinOptions.instanceRange.contains(instances) else { return }
        throw ValidationError("--instances is \(instances): give a number from 1 to 16")
    }

    func options(member: String?) -> RejoinOptions {
        RejoinOptions(
            member: member, newID: newID, secondaryRegion: secondaryRegion, secondaryID: secondaryID,
            subnetGroup: subnetGroup, securityGroups: securityGroups, kmsKey: kmsKey, instanceClass: instanceClass,
            instances: instances, oldClusterToDelete: oldClusterToDelete)
    }
}
