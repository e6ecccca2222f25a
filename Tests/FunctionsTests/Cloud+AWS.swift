import HTTPTransport
import JSON

/// What AWS answers.
extension Cloud {
    static func answer(
        _ operation: String, _ url: String, _ body: String, _ state: inout State, _ now: ContinuousClock.Instant
    ) -> HTTPResponse {
        let text: String
        switch operation {
        case "ListResourceRecordSets": text = records(from: parameter("name", of: query(url)) ?? "", state)
        case "DescribeGlobalReplicationGroups":
            if let id = parameter("GlobalReplicationGroupId", of: body) {
                guard state.groups.contains(id) else { return error(404, "GlobalReplicationGroupNotFoundFault") }
                text = groups([id][...], marker: nil, state)
            } else {
                let start = parameter("Marker", of: body).flatMap { Int($0) } ?? 0
                let end = min(start + 100, state.groups.count)
                text = groups(state.groups[start..<end], marker: end < state.groups.count ? end : nil, state)
            }
        case "FailoverGlobalReplicationGroup":
            let id = parameter("GlobalReplicationGroupId", of: body) ?? ""
            state.statuses[id] = "modifying"
            state.promoted[id] = now
            text =
                "<\(operation)Response><\(operation)Result>\(group(id, state))</\(operation)Result></\(operation)Response>"
        case "DisassociateGlobalReplicationGroup":
            let id = parameter("GlobalReplicationGroupId", of: body) ?? ""
            state.detached.insert(id)
            text =
                "<\(operation)Response><\(operation)Result>\(group(id, state))</\(operation)Result></\(operation)Response>"
        case "RemoveFromGlobalCluster":
            let id = parameter("GlobalClusterIdentifier", of: body) ?? ""
            state.detached.insert(id)
            text =
                "<\(operation)Response><\(operation)Result><GlobalCluster>\(cluster(id, state))</GlobalCluster>"
                + "</\(operation)Result></\(operation)Response>"
        case "DescribeGlobalClusters":
            let id = parameter("GlobalClusterIdentifier", of: body) ?? ""
            text =
                "<\(operation)Response><\(operation)Result><GlobalClusters><GlobalClusterMember>\(cluster(id, state))"
                + "</GlobalClusterMember></GlobalClusters></\(operation)Result></\(operation)Response>"
        case "FailoverGlobalCluster":
            let id = parameter("GlobalClusterIdentifier", of: body) ?? ""
            state.statuses[id] = "failing-over"
            state.promoted[id] = now
            text =
                "<\(operation)Response><\(operation)Result><GlobalCluster>\(cluster(id, state))</GlobalCluster>"
                + "</\(operation)Result></\(operation)Response>"
        case "Publish":
            text = "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>"
        default: return parameterStore(operation, body, &state)
        }
        return HTTPResponse(status: 200, body: Array(text.utf8))
    }

    private static func parameterStore(_ operation: String, _ body: String, _ state: inout State) -> HTTPResponse {
        func text(_ key: String) -> String {
            if case .string(let text)? = (try? JSONValue(parsing: body.utf8))?[key] { text } else { "" }
        }
        let name = text("Name")
        if operation == "PutParameter" {
            let isNew = state.parameters.updateValue(text("Value"), forKey: name) == nil
            let answer: JSONValue = ["Version": .integer(isNew ? 1 : 7), "Tier": "Standard"]
            return HTTPResponse(status: 200, body: answer.serialized())
        }
        guard let value = state.parameters[name] else {
            return HTTPResponse(status: 400, body: Array(#"{"__type":"ParameterNotFound","message":"no"}"#.utf8))
        }
        let parameter: JSONValue = ["Name": .string(name), "Value": .string(value), "Version": 1]
        return HTTPResponse(status: 200, body: JSONValue.object([.init("Parameter", parameter)]).serialized())
    }

    private static func query(_ url: String) -> String {
        url.split(separator: "?").dropFirst().first.map(String.init) ?? ""
    }

    /// 150 names a page, with two records each.
    private static func records(from start: String, _ state: State) -> String {
        let names = state.answers.keys.filter { $0 >= start }.sorted()
        let sets = names.prefix(150).flatMap { name in
            targets.sorted { $0.key < $1.key }.map { region, target in
                """
                <ResourceRecordSet><Name>\(name).</Name><Type>A</Type><SetIdentifier>app-\(region)</SetIdentifier>
                <Failover>\(region == "us-east-1" ? "PRIMARY" : "SECONDARY")</Failover><AliasTarget>
                <HostedZoneId>Z35SXDOTRQ7X7K</HostedZoneId><DNSName>\(target).</DNSName>
                <EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget></ResourceRecordSet>
                """
            }
        }
        let next = names.dropFirst(150).first.map { name in
            "<IsTruncated>true</IsTruncated><NextRecordName>\(name).</NextRecordName><NextRecordType>A</NextRecordType>"
                + "<NextRecordIdentifier>app-us-east-1</NextRecordIdentifier>"
        }
        return "<ListResourceRecordSetsResponse><ResourceRecordSets>\(sets.joined())</ResourceRecordSets>"
            + "\(next ?? "<IsTruncated>false</IsTruncated>")</ListResourceRecordSetsResponse>"
    }

    private static func groups(_ ids: ArraySlice<String>, marker: Int?, _ state: State) -> String {
        "<DescribeGlobalReplicationGroupsResponse><DescribeGlobalReplicationGroupsResult>"
            + (marker.map { "<Marker>\($0)</Marker>" } ?? "")
            + "<GlobalReplicationGroups>\(ids.map { group($0, state) }.joined())</GlobalReplicationGroups>"
            + "</DescribeGlobalReplicationGroupsResult></DescribeGlobalReplicationGroupsResponse>"
    }

    private static func cluster(_ id: String, _ state: State) -> String {
        let writer = state.primaries.contains(id) ? region : "us-east-1"
        let regions = state.detached.contains(id) ? ["us-east-1"] : ["us-east-1", region]
        let members = regions.map { region in
            "<GlobalClusterMember><DBClusterArn>arn:aws:rds:\(region):111122223333:cluster:\(id)</DBClusterArn>"
                + "<IsWriter>\(region == writer)</IsWriter></GlobalClusterMember>"
        }
        let status = state.statuses[id].flatMap { $0 == "available" ? nil : "<Status>\($0)</Status>" } ?? ""
        return "<GlobalClusterIdentifier>\(id)</GlobalClusterIdentifier><Status>available</Status>"
            + "<GlobalClusterMembers>\(members.joined())</GlobalClusterMembers><FailoverState>\(status)</FailoverState>"
    }

    private static func group(_ id: String, _ state: State) -> String {
        let primary = state.primaries.contains(id) ? region : "us-east-1"
        let regions = state.detached.contains(id) ? ["us-east-1"] : ["us-east-1", region]
        let members = regions.map { region in
            let role = region == primary ? "PRIMARY" : "SECONDARY"
            return
                "<GlobalReplicationGroupMember><ReplicationGroupId>\(id)-\(region)</ReplicationGroupId>"
                + "<ReplicationGroupRegion>\(region)</ReplicationGroupRegion><Role>\(role)</Role>"
                + "<Status>associated</Status></GlobalReplicationGroupMember>"
        }
        return "<GlobalReplicationGroup><GlobalReplicationGroupId>\(id)</GlobalReplicationGroupId>"
            + "<Status>\(state.statuses[id] ?? "available")</Status><Members>\(members.joined())</Members>"
            + "</GlobalReplicationGroup>"
    }
}
