internal import HTTPTransport

extension World {
    private func index(_ call: ServiceCall) -> Int? {
        let id = call.parameters["GlobalReplicationGroupId"] ?? call.parameters["GlobalClusterIdentifier"]
        return groups.firstIndex { $0.id == id }
    }

    private func notFound(_ call: ServiceCall) -> HTTPResponse {
        Answers.failure(
            404, call.service == "rds" ? "GlobalClusterNotFoundFault" : "GlobalReplicationGroupNotFoundFault", of: call)
    }

    private func wrapped(_ index: Int) -> String {
        let element = groups[index].kind == .datastore ? "GlobalReplicationGroup" : "GlobalCluster"
        return "<\(element)>\(groups[index].xml())</\(element)>"
    }

    func describe(_ call: ServiceCall) -> HTTPResponse {
        guard let index = index(call) else { return notFound(call) }
        let age = weather.age(ofReadsIn: call.region, at: time.now)
        let seen = past[index].last { $0.since <= time.now - age }?.group ?? groups[index]
        let (list, element) =
            call.service == "rds"
            ? ("GlobalClusters", "GlobalClusterMember") : ("GlobalReplicationGroups", "GlobalReplicationGroup")
        witness.note(.read(group: groups[index].id, call.origin), at: time.now)
        return Answers.query(call.operation, "<\(list)><\(element)>\(seen.xml())</\(element)></\(list)>")
    }

    // MARK: Changes

    /// - Parameter refusal: what the service answers whatever is asked; nil where it looks into it.
    func change(_ call: ServiceCall, refusal: HTTPResponse?) -> HTTPResponse {
        guard let index = index(call) else { return refusal ?? notFound(call) }
        let change = call.change
        let id = call.memberID
        witness.note(.requested(change, group: groups[index], member: id, call.origin), at: time.now)
        guard let refused = refusal ?? obstacle(to: change, of: id, groups[index], call) else {
            if change == .promotion {
                witness.note(.accepted(change, group: groups[index], member: id, call.origin), at: time.now)
                begin(id, ofGroup: index)
            } else {
                detach(id, fromGroup: index, by: call.origin)
            }
            return Answers.query(call.operation, wrapped(index))
        }
        witness.note(.refused(group: groups[index].id, call.origin), at: time.now)
        return refused
    }

    private func obstacle(
        to change: Witness.Change, of id: String, _ group: GroupModel, _ call: ServiceCall
    ) -> HTTPResponse? {
        guard let member = group.members.first(where: { $0.id == id }), group.primary != id else {
            return Answers.failure(400, "InvalidParameterValue", of: call)
        }
        guard change == .promotion, group.operation != nil || !member.isAssociated else { return nil }
        return Answers.failure(400, Answers.invalidState(call), of: call)
    }

    /// - Parameters:
    ///   - member: who becomes primary; nil where something else is changed.
    ///   - incident: that lasts as long; nil for as long as AWS takes.
    func begin(_ member: String?, ofGroup index: Int, _ incident: Incident? = nil) {
        groups[index].operations += 1
        let isSlow = weather.failoversAreSlow(at: time.now)
        let length = incident?.lasts ?? random.duration(in: isSlow ? Self.slowOperation : Self.operation)
        let operation = GroupModel.Operation(
            number: groups[index].operations, target: member, endsAt: time.now + length,
            succeeds: member != nil && !weather.failoversComeToNothing(at: time.now))
        groups[index].operation = operation
        remember(index)
        witness.note(.begun(group: groups[index]), at: time.now)
        time.after(length) { [self] in
            guard groups[index].operation?.number == operation.number else { return }
            groups[index].operation = nil
            if operation.succeeds, groups[index].members.contains(where: { $0.id == member }) {
                groups[index].primary = member
            }
            remember(index)
            witness.note(.ended(group: groups[index], succeeded: operation.succeeds), at: time.now)
        }
    }

    private func detach(_ id: String, fromGroup index: Int, by origin: Witness.Source) {
        guard let member = groups[index].members.first(where: { $0.id == id }) else { return }
        groups[index].members.removeAll { $0.id == id }
        groups[index].detached.append(member)
        witness.note(.accepted(.detachment, group: groups[index], member: id, origin), at: time.now)
        remember(index)
        guard groups[index].operation?.target == id else { return }
        groups[index].operation = nil
        remember(index)
        witness.note(.ended(group: groups[index], succeeded: false), at: time.now)
    }

    func remember(_ index: Int) {
        past[index].append((time.now, groups[index]))
        records?.note(groups[index])
    }
}
