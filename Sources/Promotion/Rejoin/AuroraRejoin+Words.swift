package import JSON

extension AuroraRejoin {
    /// To be said before anything else.
    package static let costs = """
        This makes the detached cluster the writer of a new global cluster. What it costs: writes that the old writer \
        had taken and not replicated are not in it, nor is what the other side has taken since; they stay in the old \
        cluster, and in its snapshot. The new secondary is a new cluster, with other endpoint names, and costs what a \
        cluster costs. Nothing is deleted without --delete-old-cluster.
        """

    /// Where it stands: a whole sentence.
    package var sentence: String {
        guard isNeeded else { return "From here nothing needs rejoining: \(notes.joined(separator: "; "))." }
        let step = nextStep.map { " (step \($0.rawValue))" } ?? ""
        return switch next {
        case .nothing: "The rejoin is done: \(targetID) has its secondary again."
        case .act(let action): "Next\(step): \(action.sentence)."
        case .wait(let why): "Waiting\(step): \(why)."
        case .refuse(let why): "It cannot go on\(step): \(why)."
        }
    }

    /// As people read it.
    package var text: String {
        guard isNeeded else { return sentence }
        let seen = notes.map { "- \($0).\n" }.joined()
        let texts = steps.enumerated().map { index, step in
            let commands = step.commands.map { "     \($0)\n" }.joined()
            return "\(index + 1). [\(step.state.mark)] \(step.title)\n   \(step.explanation)\n\(commands)"
        }
        return "\(Self.costs)\n\nAs it is now:\n\(seen)\n\(texts.joined(separator: "\n"))\n\(sentence)"
    }

    package var json: JSONValue {
        [
            "globalClusterId": .string(groupID), "region": .string(region), "newGlobalClusterId": .string(targetID),
            "isNeeded": .bool(isNeeded), "isDone": .bool(isDone), "next": nextStep.map { .string($0.rawValue) } ?? nil,
            "message": .string(sentence), "notes": .array(notes.map { .string($0) }),
            "costs": isNeeded && !isDone ? .string(Self.costs) : nil,
            "steps": .array(
                steps.map { step in
                    [
                        "kind": .string(step.kind.rawValue), "state": .string(step.state.rawValue),
                        "title": .string(step.title), "explanation": .string(step.explanation),
                        "commands": .array(step.commands.map { .string($0) }),
                    ]
                }),
        ]
    }
}

extension AuroraRejoin.Step.State {
    fileprivate var mark: String {
        switch self {
        case .done: "done"
        case .next: "next"
        case .later: "later"
        case .byHand: "by hand"
        }
    }
}
