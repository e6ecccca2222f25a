internal import Foundation
internal import LocalAWS
internal import Simulation

/// What a request asks for, where it changes a group.
struct ChangeRequest {
    var groupID: String
    var memberID: String

    /// nil: it changes none.
    init?(_ request: RecordedRequest) {
        switch request.operation {
        case "FailoverGlobalReplicationGroup":
            groupID = request.parameters["GlobalReplicationGroupId"] ?? ""
            memberID = request.parameters["PrimaryReplicationGroupId"] ?? ""
        case "FailoverGlobalCluster", "SwitchoverGlobalCluster":
            groupID = request.parameters["GlobalClusterIdentifier"] ?? ""
            memberID = request.parameters["TargetDbClusterIdentifier"] ?? ""
        default: return nil
        }
    }
}

extension Chronicle {
    /// The facts in their order, with the groups as they were at each.
    func facts() -> [(time: Duration, fact: Witness.Fact)] {
        var groups = GroupModel.ofChaos
        var facts = groups.map { (time: Duration.zero, fact: Witness.Fact.ended(group: $0, succeeded: true)) }
        for (date, happening) in inOrder {
            let time = Duration.seconds(date.timeIntervalSince(start))
            facts += Self.facts(of: happening, &groups).map { (time, $0) }
        }
        return facts
    }

    private static func facts(of happening: Happening, _ groups: inout [GroupModel]) -> [Witness.Fact] {
        switch happening {
        case .moved(let region): return [.dnsMoved(to: region)]
        case .told(let regions, let source): return [.told(regions, source)]
        case .arrived(let request):
            guard let source = source(of: request) else { return [] }
            guard let change = ChangeRequest(request), let group = groups.first(where: { $0.id == change.groupID })
            else { return [.called(request.operation, source)] }
            // Accepted as of now, though it may be carried out later: how far two promotions are apart is told by when
            // they were asked for.
            let accepted = Witness.Fact.accepted(.promotion, group: group, member: change.memberID, source)
            return [
                .called(request.operation, source),
                .requested(.promotion, group: group, member: change.memberID, source),
            ] + (request.isCarriedOut ? [accepted] : [])
        case .served(let request): return facts(of: request, &groups)
        case .promotedByHand(let id, let region):
            guard let group = groups.first(where: { $0.id == id }), let member = group.member(in: region) else {
                return []
            }
            return [.accepted(.promotion, group: group, member: member.id, nil)] + begin(id, member.id, &groups)
        case .ended(let id, let primary, let succeeded):
            guard let index = groups.firstIndex(where: { $0.id == id }) else { return [] }
            groups[index].operation = nil
            groups[index].primary = primary.flatMap { groups[index].member(in: $0)?.id }
            return [.ended(group: groups[index], succeeded: succeeded)]
        case .paused: return [.paused]
        case .resumed: return [.resumed]
        case .started(let source): return [.started(in: source.region)]
        case .exited(let region): return [.killed(in: region)]
        case .invoked(let region): return [.invoked(in: region)]
        case .answered(let region, let ending, _): return [.answered(in: region, ending)]
        }
    }

    /// What came of a request, at the time when its answer was sent.
    private static func facts(of request: RecordedRequest, _ groups: inout [GroupModel]) -> [Witness.Fact] {
        guard let source = source(of: request) else { return [] }
        if let change = ChangeRequest(request) {
            if request.isCarriedOut { return begin(change.groupID, change.memberID, &groups) }
            // A page that makes no sense says nothing of what was done.
            return (request.status ?? 0) >= 400 ? [.refused(group: change.groupID, source)] : []
        }
        guard request.isCarriedOut, request.status != nil else { return [] }
        switch request.operation {
        case "DescribeGlobalReplicationGroups": return [.read(group: LocalAWS.Sample.datastoreID, source)]
        case "DescribeGlobalClusters": return [.read(group: LocalAWS.Sample.globalClusterID, source)]
        default: return []
        }
    }

    private static func begin(_ id: String, _ member: String, _ groups: inout [GroupModel]) -> [Witness.Fact] {
        guard let index = groups.firstIndex(where: { $0.id == id }) else { return [] }
        groups[index].operations += 1
        // When it ends, and how, is told by another happening.
        groups[index].operation = GroupModel.Operation(
            number: groups[index].operations, target: member, endsAt: .zero, succeeds: true)
        return [.begun(group: groups[index])]
    }
}
