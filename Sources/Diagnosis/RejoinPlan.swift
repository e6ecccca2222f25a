package import Failover
internal import Functions
package import JSON

/// How a Global Datastore is rebuilt after its local member was detached: what people have to do, step by step, with
/// the commands for it. AWS has no way back for a detached member: the datastore is made anew around it.
package struct RejoinPlan: Sendable, Equatable {
    package struct Step: Sendable, Equatable {
        package var kind: Kind
        package var title: String
        package var explanation: String
        /// For a shell, one after the other; some set a variable that later ones use.
        package var commands: [String]
    }

    package enum Kind: String, Sendable {
        case findMember, awaitRegions, pause, compare, disassociate, deleteGlobal, create, deleteMembers, addSecondary,
            configure
        case check, resume
    }

    package let groupID: String
    /// What was seen, to be known before the first step: a clause each.
    package let notes: [String]
    /// Empty where nothing needs rejoining.
    package let steps: [Step]

    package var isNeeded: Bool { !steps.isEmpty }

    /// To be said before anything else.
    package static let costs = """
        This makes the detached member the primary of a new Global Datastore. What it costs: writes that the old \
        primary had taken and not replicated are lost, but for its final snapshot; both sides may have taken writes \
        since, and those of the other side are lost, too. The new secondaries are filled from the new primary, and have \
        other endpoint names than before. Read it to its end before you begin; words in CAPITALS are for you to fill in.
        """

    /// - Parameters:
    ///   - group: as it is now, without the detached member; without members where it could not be read.
    ///   - survey: what else was looked at.
    ///   - region: where the detached member is.
    package init(group: GlobalGroup, survey: RejoinSurvey, region: String) {
        groupID = group.id
        notes = survey.notes(region: region, group)
        let local = group.members.first { $0.region == region }
        guard local.map(Self.isLeaving) ?? true else {
            steps = []
            return
        }
        let detached = survey.detached ?? local?.id
        let others = group.members.filter { $0.region != region }
        // In the order in which they are deleted and made again.
        let primary = others.first { $0.role == .primary }
        let otherRegions = survey.recordRegions.filter { $0 != region }
        let unknown = GlobalGroup.Member(
            id: "OLD_MEMBER", region: otherRegions.count == 1 ? otherRegions[0] : "OLD_REGION", role: .primary,
            status: "unknown")
        let old = primary ?? others.first ?? unknown
        let writer = RejoinWriter(
            groupID: group.id, detached: detached ?? "DETACHED_MEMBER", region: region, old: old,
            secondaries: others.filter { $0 != old })
        steps = writer.steps(isMemberKnown: detached != nil)
    }

    /// Whether it is on its way out of the datastore.
    static func isLeaving(_ member: GlobalGroup.Member) -> Bool {
        member.status.lowercased().hasPrefix("disassociat")
    }

    /// As people read it.
    package var text: String {
        let seen = notes.map { "- \($0).\n" }.joined()
        guard isNeeded else {
            return "From here nothing needs rejoining: the local member is still in \(groupID).\n\(seen)"
        }
        let texts = steps.enumerated().map { index, step in
            let commands = step.commands.map { "     \($0)\n" }.joined()
            return "\(index + 1). \(step.title)\n   \(step.explanation)\n\(commands)"
        }
        let sight = seen.isEmpty ? "" : "As it is now:\n\(seen)\n"
        return "\(Self.costs)\n\n\(sight)\(texts.joined(separator: "\n"))"
    }

    package var json: JSONValue {
        [
            "globalDatastoreId": .string(groupID), "isNeeded": .bool(isNeeded),
            "notes": .array(notes.map { .string($0) }),
            "costs": isNeeded ? .string(Self.costs) : nil,
            "steps": .array(
                steps.map { step in
                    [
                        "kind": .string(step.kind.rawValue), "title": .string(step.title),
                        "explanation": .string(step.explanation), "commands": .array(step.commands.map { .string($0) }),
                    ]
                }),
        ]
    }
}
