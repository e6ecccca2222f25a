internal import LocalAWS
internal import Simulation

extension GroupModel {
    /// The two of a run, as they are in the beginning.
    static var ofChaos: [GroupModel] {
        let regions = ChaosSettings.regions
        let datastore = regions.map { Member(id: LocalAWS.Sample.member(in: $0), region: $0) }
        let cluster = regions.map { Member(id: LocalAWS.Sample.cluster(in: $0).arn, region: $0) }
        return [
            GroupModel(
                kind: .datastore, id: LocalAWS.Sample.datastoreID, members: datastore, primary: datastore.first?.id),
            GroupModel(
                kind: .cluster, id: LocalAWS.Sample.globalClusterID, members: cluster, primary: cluster.first?.id),
        ]
    }

    /// As they truly are.
    static func groups(of aws: LocalAWS) -> [GroupModel] {
        ofChaos.map { group in
            var group = group
            let isBusy: Bool
            if group.kind == .datastore {
                let datastore = aws.datastore(group.id)
                group.primary = datastore?.primary?.id
                isBusy = datastore?.status != "available"
            } else {
                let cluster = aws.globalCluster(group.id)
                group.primary = cluster?.writer?.arn
                isBusy = cluster?.operation != nil
            }
            if isBusy { group.operation = Operation(number: 0, target: nil, endsAt: .zero, succeeds: true) }
            return group
        }
    }
}
