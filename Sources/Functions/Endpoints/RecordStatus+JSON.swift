internal import AWSClient
package import EndpointRecords
package import JSON

extension RecordStatus {
    package func json(region: String) -> JSONValue {
        var members: [JSONValue.Member] = [.init("region", .string(region)), .init("zone", .string(zone.name))]
        if let cluster {
            members.append(.init("replicationGroupId", .string(cluster.groupID)))
            members.append(.init("status", .string(cluster.status)))
        }
        if let cluster {
            members.append(.init("unsettled", .array(cluster.unsettled.map { .string($0.words) })))
            members.append(.init("waiting", .array(cluster.waiting.map { .string($0.node) })))
        }
        if let standing { members.append(.init("standing", .string(standing.reason))) }
        members.append(.init("records", .array(records.map(\.json))))
        members.append(.init("unnamedReplicas", .array(unnamedReplicas.map { .string($0) })))
        return .object(members)
    }
}

extension RecordStatus.Record {
    fileprivate var json: JSONValue {
        var members: [JSONValue.Member] = [.init("name", .string(recordSet.name)), .init("kind", .string(kind.word))]
        if let identifier = recordSet.setIdentifier { members.append(.init("setIdentifier", .string(identifier))) }
        if let weight = recordSet.weight { members.append(.init("weight", .integer(Int64(weight)))) }
        members.append(.init("target", recordSet.target.map { .string($0) } ?? .null))
        if case .node(let id, let role) = target {
            members += [.init("node", .string(id)), .init("role", .string(role.words))]
        }
        members.append(.init("isOurs", .bool(target.isOurs)))
        return .object(members)
    }
}

extension RecordStatus.Kind {
    package var word: String {
        switch self {
        case .replica: "replica"
        case .weighted: "weighted"
        case .primary: "primary"
        }
    }
}

extension RecordStatus.Target {
    /// Whether it is something of this cluster.
    fileprivate var isOurs: Bool {
        switch self {
        case .node, .primaryEndpoint: true
        case .other, .foreign: false
        }
    }
}
