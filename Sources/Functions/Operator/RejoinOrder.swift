package import JSON
package import Promotion

/// What the event of a rejoin says beside the command.
package struct RejoinOrder: Sendable, Equatable {
    package var options: RejoinOptions
    /// Otherwise its steps are shown, and nothing is done.
    package var isApplied: Bool

    package init(options: RejoinOptions = .init(), isApplied: Bool = false) {
        self.options = options
        self.isApplied = isApplied
    }

    /// Of an event, which other commands have not.
    package static let members = [
        "apply", "member", "newId", "secondaryRegion", "secondaryId", "subnetGroup", "securityGroups", "kmsKey",
        "instanceClass", "instances", "deleteOldCluster", "confirm",
    ]

    package init(_ reader: JSONReader) throws(JSONError) {
        func text(_ name: String) throws(JSONError) -> String? {
            guard let member = try reader.member(name) else { return nil }
            let text = try member.string()
            guard !text.isEmpty else { throw member.error("must not be empty") }
            return text
        }
        isApplied = try reader.member("apply")?.bool() ?? false
        var groups: [String] = []
        for group in try reader.member("securityGroups")?.array() ?? [] { groups.append(try group.string()) }
        options = RejoinOptions(
            member: try text("member"), newID: try text("newId"), secondaryRegion: try text("secondaryRegion"),
            secondaryID: try text("secondaryId"), subnetGroup: try text("subnetGroup"), securityGroups: groups,
            kmsKey: try text("kmsKey"), instanceClass: try text("instanceClass"),
            instances: try reader.member("instances")?.integer(in: RejoinOptions.instanceRange),
            oldClusterToDelete: try text("deleteOldCluster"))
        let confirmed = try text("confirm")
        guard isApplied, let id = options.oldClusterToDelete, confirmed != id else { return }
        throw reader.error(
            "deleteOldCluster deletes the cluster \(id) in the end: give \"confirm\" with the same id as well")
    }
}
