import EndpointRecords
import HTTPTransport
import Promotion

@testable import AWSClient

// What services answer in XML, by the operations that ask for it: whatever comes, it is a value that can be, or an
// error that can be shown. The first byte of an input is the operation, the second the status.

private typealias Operation = @Sendable (AWSClient, Server) async throws -> Void

func fuzz(_ input: [UInt8]) throws {
    var input = Input(input)
    let operation = input.choice(of: operations)
    let server = Server(input.pages(headers: ["x-amzn-RequestId": "id-1"]))
    let client = try server.client()
    do { try CallingThread.shared.run { try await operation(client, server) } } catch let error as AWSError {
        try require(error.description.isOneLine, "it tears a line of the log: \(error)")
        try require(error.description.unicodeScalars.count < 6000, "it is too long to be shown")
        try require(error.code != .invalidConfiguration && error.code != .library, "it is nobody's fault: \(error)")
    }
    try require(server.requests.count < Server.mostRequests, "it asks for ever")
}

/// New ones go to the end: seeds name them by their places.
private let operations: [Operation] = [
    // A
    { client, server in try document(try await server.execute(request, deadline: nil).body) },
    // B
    { client, _ in
        let group = try await ElastiCache(client).describeGlobalReplicationGroup(
            id: "ldgnf-sessions", deadline: Server.deadline)
        try require(group.id.lowercased() == "ldgnf-sessions", "\(group.id) is another")
        try require(group.members.allSatisfy { !$0.region.isEmpty && !$0.role.isEmpty }, "\(group.members)")
    },
    // C
    { client, _ in
        let groups = try await ElastiCache(client).describeGlobalReplicationGroups(deadline: Server.deadline)
        try require(groups.allSatisfy { !$0.id.isEmpty && !$0.status.isEmpty }, "\(groups)")
    },
    // D
    { client, server in
        let group = try await ElastiCache(client).failoverGlobalReplicationGroup(
            id: "ldgnf-sessions", primaryRegion: "us-west-2", primaryReplicationGroupID: "sessions-usw2",
            deadline: Server.deadline)
        try require(server.requests.count == 1 && !group.status.isEmpty, "it was asked for twice")
    },
    // E
    { client, _ in
        let group = try await ElastiCache(client).describeReplicationGroup(
            id: "sessions-use1", deadline: Server.deadline)
        try require(group.id.lowercased() == "sessions-use1", "\(group.id) is another")
        try check(ClusterView(group), of: group)
    },
    // F
    { client, _ in
        let cluster = try await RDS(client).describeGlobalCluster(id: "orders-global", deadline: Server.deadline)
        try require(cluster.id.lowercased() == "orders-global", "\(cluster.id) is another")
        try require(cluster.members.allSatisfy { $0.clusterARN.lowercased().has(":\($0.region):") }, "\(cluster)")
    },
    // G
    { client, _ in _ = try await RDS(client).describeGlobalClusters(deadline: Server.deadline) },
    // H
    { client, _ in
        let cluster = try await RDS(client).describeDBCluster(id: "orders-use1", deadline: Server.deadline)
        let names = [cluster.id.lowercased(), cluster.arn?.lowercased()]
        try require(names.contains("orders-use1"), "\(names) is another")
    },
    // I
    { client, _ in _ = try await RDS(client).describeDBClusters(deadline: Server.deadline) },
    // J
    { client, _ in _ = try await RDS(client).describeDBInstances(deadline: Server.deadline) },
    // K
    { client, server in
        _ = try await RDS(client).failoverGlobalCluster(
            id: "orders-global", targetClusterARN: "arn:aws:rds:us-west-2:123456789012:cluster:orders-usw2",
            deadline: Server.deadline)
        try require(server.requests.count == 1, "it was asked for twice")
    },
    // L
    { client, server in try await recordSets(["app.example.com", "*.example.com"], client, server) },
    // M
    { client, _ in
        let sets = try await Route53(client).listResourceRecordSets(
            hostedZoneID: "Z1", numberedAfter: "read.example.com", deadline: Server.deadline)
        try require(sets.allSatisfy { $0.name.hasPrefix("read") && $0.name.hasSuffix(".example.com") }, "\(sets)")
    },
    // N
    { client, _ in
        let zone = try await Route53(client).hostedZone(id: "/hostedzone/Z1", deadline: Server.deadline)
        try require(zone.contains("www.\(zone.name)"), "\(zone) has no names")
    },
    // O
    { client, _ in
        _ = try await Route53(client).getChange(id: "/change/C1", deadline: Server.deadline)
    },
    // P
    { client, _ in
        let metrics = try await CloudWatch(client).listMetrics(
            namespace: "AWS/ElastiCache", name: "GlobalDatastoreReplicationLag", deadline: Server.deadline)
        try require(metrics.allSatisfy { !$0.name.isEmpty && !$0.namespace.isEmpty }, "\(metrics)")
    },
    // Q
    { client, _ in
        let metrics = [Metric](repeating: .init(namespace: "AWS/RDS", name: "Lag", dimensions: []), count: 3)
        let time = Timestamp(secondsSince1970: 1_772_000_000)
        let values = try await CloudWatch(client).latestValues(
            of: metrics, statistic: "Maximum", period: 60, since: time.adding(seconds: -300), until: time,
            deadline: Server.deadline)
        try require(values.count == 3 && values.allSatisfy { $0?.value.isFinite ?? true }, "\(values)")
    },
    // R
    { client, _ in
        _ = try await SNS(client).publish(
            topicARN: "arn:aws:sns:us-east-1:123456789012:on-call", subject: "s", message: "m", attributes: [],
            deadline: Server.deadline)
    },
    // S
    { client, _ in
        let topic = "arn:aws:sns:us-east-1:123456789012:on-call"
        _ = try await SNS(client).attributes(ofTopic: topic, deadline: Server.deadline)
    },
    // T
    { client, _ in
        let identity = try await STS(client).getCallerIdentity(deadline: Server.deadline)
        try require(!identity.account.isEmpty && !identity.arn.isEmpty, "\(identity)")
    },
    // U
    { client, _ in
        do {
            let credentials = try await STS(client).assumeRole(
                arn: "arn:aws:iam::123456789012:role/r", sessionName: "s", deadline: Server.deadline)
            try require(!"\(credentials)".has(secretMark) || credentials.accessKeyID.has(secretMark), "it is shown")
        } catch let error as AWSError where error.code == .unexpectedAnswer && error.status == 200 {
            try require(!error.message.has(secretMark) && error.bodyExcerpt == nil, "it is shown: \(error)")
        }
    },
    // V
    { client, _ in
        let simulations = try await IAM(client).simulatePrincipalPolicy(
            principalARN: "arn:aws:iam::123456789012:role/r", actions: ["sns:Publish"], resources: [],
            deadline: Server.deadline)
        try require(simulations.allSatisfy { !$0.action.isEmpty && !$0.resource.isEmpty }, "\(simulations)")
    },
    // W
    { client, _ in
        let records = HostedZoneRecords(
            route53: Route53(client), hostedZoneID: "Z1", taskExecutor: CallingThread.shared)
        let reader = RecordSetReader(service: records, hostedZoneID: "Z1", name: "app.example.com")
        do {
            let set = try await reader.read(deadline: Server.deadline)
            try require(set.records.allSatisfy { !$0.label.isEmpty && $0.region != "" }, "\(set)")
        } catch let error as PromotionError {
            try require("\(error)".isOneLine, "it tears a line of the log: \(error)")
        }
    },
    // X
    { client, _ in
        let error = await CloudWatch(client).putMetricData(
            [
                .init(
                    name: "n", unit: "None", dimensions: [], time: Timestamp(secondsSince1970: 0), resolution: 60,
                    values: [1], counts: [1])
            ], namespace: "Custom/Redis", deadline: Server.deadline)
        try require(error.unpublished.isEmpty == (error.error == nil), "what is not published has no reason")
        if let error = error.error { throw error }
    },
]

private let request = HTTPRequest(method: "GET", url: "http://localhost/")

/// What is read can be written, and reads the same again: with texts where no elements are, as AWS has them.
private func document(_ bytes: [UInt8]) throws {
    let element: XMLElement
    do throws(XMLError) { element = try XMLElement(parsing: bytes) } catch {
        try require(!error.reason.isEmpty, "no reason is given")
        return
    }
    let plain = try plain(element, depth: 1)
    guard let plain else { return }
    do {
        let again = try XMLElement(parsing: plain.document(namespace: "https://example.com/doc/"))
        try require(again == plain, "\(again)")
    } catch let error as XMLError { throw WrongResult(reason: "it cannot be written: \(error.reason)") }
}

/// - Returns: nil where a name without its prefix is none.
private func plain(_ element: XMLElement, depth: Int) throws -> XMLElement? {
    try require(depth <= XMLElement.maximumDepth, "it is \(depth) levels deep")
    guard let first = element.name.utf8.first, first | 0x20 >= UInt8(ascii: "a"), !element.name.has(":") else {
        return nil
    }
    var children: [XMLElement] = []
    for child in element.children {
        guard let child = try plain(child, depth: depth + 1) else { return nil }
        children.append(child)
    }
    return XMLElement(name: element.name, text: children.isEmpty ? element.text : "", children: children)
}

private func check(_ view: ClusterView, of group: ReplicationGroup) throws {
    let members = Set(group.nodeGroups.flatMap(\.members).map { DNSName.normalized($0.cacheClusterID) })
    let nodes = view.primaries + view.replicas
    try require(nodes.allSatisfy { members.contains($0.id) }, "nodes that the group does not have: \(nodes)")
    if view.unsettled.isEmpty {
        try require(view.primaries.count == group.nodeGroups.count, "not one primary a shard: \(view)")
        try require(Set(nodes.map(\.id)).count == nodes.count, "a node twice: \(nodes)")
        try require(Set(nodes.map(\.name)).count == nodes.count, "a name twice: \(nodes)")
    }
}

/// Those of the names that were asked for, each as it would have to be written to delete it.
private func recordSets(_ names: [String], _ client: AWSClient, _ server: Server) async throws {
    let route53 = Route53(client)
    let found = try await route53.listResourceRecordSets(hostedZoneID: "Z1", names: names, deadline: Server.deadline)
    try require(Set(found.keys) == Set(names), "asked for \(names), got \(found.keys)")
    for (name, sets) in found {
        try require(sets.allSatisfy { $0.name == name }, "other sets than those of \(name): \(sets)")
        for set in sets where set.otherElements.isEmpty {
            // What is no name is not written either.
            if let name = set.alias?.dnsName, name.isEmpty || name.hasSuffix(".") { continue }
            let count = server.requests.count
            _ = try? await route53.changeResourceRecordSets(
                hostedZoneID: "Z1", changes: [.init(.delete, set)], comment: nil, deadline: Server.deadline)
            guard server.requests.count > count, let body = server.requests.last?.body else {
                throw WrongResult(reason: "it cannot be written: \(set)")
            }
            do {
                let request = try XMLElement(parsing: body)
                let written = request.child(at: ["ChangeBatch", "Changes", "Change", "ResourceRecordSet"])
                try require(try written.map { try ResourceRecordSet($0) } == set, "\(set) is not written as it is")
            } catch let error as XMLError {
                throw WrongResult(reason: "\(set) is written so that it cannot be read: \(error.reason)")
            }
        }
    }
}
