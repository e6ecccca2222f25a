internal import AWSClient
internal import Failover

/// The way back after an Aurora cluster was detached: where it stands, and what comes next. A pure function of what was
/// seen, so that whoever was interrupted goes on where he was, in another process as well.
package struct AuroraRejoin: Sendable, Equatable {
    package struct Step: Sendable, Equatable {
        package enum Kind: String, Sendable, CaseIterable {
            case pause, awaitRegions, setAside, create, addSecondary, addInstances, awaitSecondary
            case deleteInstances, removeOld, deleteCluster, deleteGlobal
            case configure, check, resume
        }

        package enum State: String, Sendable {
            case done, next, later
            /// For people: nothing here does it, or waits for it.
            case byHand
        }

        package var kind: Kind
        package var state: State
        package var title: String
        package var explanation: String
        /// With the AWS CLI; empty where nothing is to be done any more, or nobody can say it yet.
        package var commands: [String]
    }

    /// What a rejoin that is carried out does now.
    package enum Next: Sendable, Equatable {
        /// All is done, or there never was anything to do.
        case nothing
        case act(RejoinAction)
        /// Until AWS has finished something, or a region is back.
        case wait(String)
        /// It must not go on, or cannot, before somebody has done something about it.
        case refuse(String)
    }

    package let groupID: String
    package let region: String
    /// Of the global cluster as it is to be.
    package let targetID: String
    /// False where the local cluster was never detached.
    package let isNeeded: Bool
    package let notes: [String]
    package let steps: [Step]
    package let next: Next

    package var isDone: Bool { next == .nothing }
    /// nil where nothing is left.
    package var nextStep: Step.Kind? { steps.first { $0.state == .next }?.kind }

    /// - Parameter view: all of it of one moment.
    package init(_ view: RejoinView, _ options: RejoinOptions) {
        let roles = RejoinRoles(view, options)
        groupID = view.groupID
        region = view.region
        targetID = roles.targetID
        if let own = roles.own, let target = roles.target,
            target.members.contains(where: { $0.clusterARN == own.arn && !$0.isWriter })
        {
            isNeeded = false
            notes = ["\(own.id) in \(view.region) is a secondary of \(target.id), and takes part in it"]
            steps = []
            next = .nothing
            return
        }
        isNeeded = true
        let moves = RejoinMoves(view, roles, options)
        let refusal = roles.refusal(view) ?? moves?.refusal(options, roles)
        let states = refusal == nil ? moves?.states(view.active) ?? [] : []
        // What comes after the first that is not done is not begun, however far it seems to be.
        let current = states.first { $0.outcome != .done }
        let reached = current.flatMap { current in states.firstIndex { $0.kind == current.kind } } ?? states.endIndex
        if let refusal {
            next = .refuse(refusal)
        } else {
            switch current?.outcome {
            case .act(let action): next = .act(action)
            case .wait(let why): next = .wait(why)
            case .refuse(let why): next = .refuse(why)
            case .done, nil: next = .nothing
            }
        }
        notes = roles.notes(view, moves)
        steps = RejoinStepWriter(view: view, roles: roles, moves: moves, options: options).steps { kind in
            guard let index = states.firstIndex(where: { $0.kind == kind }) else { return .later }
            return index < reached ? .done : index == reached ? .next : .later
        }
    }
}

/// How far one step is.
enum RejoinOutcome: Equatable {
    case done
    case act(RejoinAction)
    case wait(String)
    case refuse(String)
}
