/// What the control API changes in replication groups.
extension ControlAPI {
    static let clusterManual = """
        GET    /_local/groups                replication groups with their nodes and roles
        POST   /_local/groups                {"id": "cache", "region": "us-east-1", "shards": 1, "replicas": 2,
                                             "clusterMode": false, "tls": true, "tellsNodes": false}; all but id and
                                             region may be left out
        POST   /_local/groups/ID             {"topicARN": "arn:…" or "" for none, "automaticFailover": true,
                                             "functions": ["endpoints"], "multiAZ": true, "tellsNodes": true}; all may
                                             be left out. functions: they subscribe to the topic, and without one there
                                             is a new one, ID-events. tellsNodes: roles and endpoints of nodes in
                                             cluster mode too. ?region=, here and below, where several regions have a
                                             group of this id
        POST   /_local/groups/ID/failover    the primary is lost: {"shard": "0001", "to": "ID-002"}, or {}
        POST   /_local/groups/ID/replicas    so many more: {"shard": "0001", "count": 1}, or {}
        DELETE /_local/groups/ID/nodes/NODE  a replica goes
        POST   /_local/groups/ID/nodes/NODE  the node is replaced: {"listed": true}; false: no answer has it meanwhile
        """

    func groups(_ request: LocalHTTPRequest, _ path: [String]) throws -> LocalHTTPReply {
        do {
            switch (request.method, path.count) {
            case ("GET", 0): return try json(ControlState(of: aws).replicationGroups)
            case ("POST", 0): try addGroup(request)
            case ("POST", 1): try change(request, try key(path[0], request))
            case ("POST", 2) where path[1] == "failover":
                let form = try body(request, as: NodeFailoverForm.self)
                try aws.failOver(try key(path[0], request), shard: form.shard, to: form.to)
            case ("POST", 2) where path[1] == "replicas":
                let form = try body(request, as: ReplicasForm.self)
                try aws.addReplicas(form.count ?? 1, to: try key(path[0], request), shard: form.shard)
            case ("DELETE", 3) where path[1] == "nodes":
                try aws.remove(replicas: [path[2]], from: try key(path[0], request))
            case ("POST", 3) where path[1] == "nodes":
                let form = try body(request, as: ReplacementForm.self)
                try aws.replace(node: path[2], of: try key(path[0], request), isListed: form.listed ?? true)
            default:
                throw Refusal(404, "There is no \(request.method) \(request.path); GET /_local/ says what there is.")
            }
        } catch let failure as AWSFailure {
            throw Refusal(failure.status, failure.message)
        }
        return try json(ControlState(of: aws).replicationGroups)
    }

    private func key(_ id: String, _ request: LocalHTTPRequest) throws -> ReplicationGroup.Key {
        let wanted = request.queryValue("region")
        let known = aws.world.snapshot.replicationGroups.keys.filter { $0.id == id && wanted ?? $0.region == $0.region }
        guard let key = known.first else { throw Refusal(404, "There is no replication group \(id).") }
        guard known.count == 1 else {
            let regions = known.map(\.region).sorted().joined(separator: " and in ")
            throw Refusal(400, "There is a replication group \(id) in \(regions): say which one by ?region=.")
        }
        return key
    }

    private func addGroup(_ request: LocalHTTPRequest) throws {
        let form = try body(request, as: NewGroupForm.self)
        let (shards, replicas) = (form.shards ?? 1, form.replicas ?? 1)
        guard ReplicationGroup.isID(form.id), form.id == form.id.lowercased() else {
            throw Refusal(400, "A group's id has 1 to 40 lower-case letters, digits and single hyphens.")
        }
        guard (1...90).contains(shards), (0...ReplicationGroup.mostReplicas).contains(replicas) else {
            throw Refusal(400, "A group has 1 to 90 shards, with 0 to \(ReplicationGroup.mostReplicas) replicas each.")
        }
        let key = ReplicationGroup.Key(region: form.region, id: form.id)
        guard aws.world.snapshot.replicationGroups[key] == nil else {
            throw Refusal(400, "There is a replication group \(form.id) in \(form.region) already.")
        }
        var options = ReplicationGroup.Options()
        options.clusterMode = form.clusterMode ?? (shards > 1)
        guard options.clusterMode || shards == 1 else { throw Refusal(400, "Several shards need cluster mode.") }
        options.tls = form.tls ?? true
        options.multiAZ = replicas > 0
        options.automaticFailover = options.clusterMode || replicas > 0
        options.tellsNodes = form.tellsNodes ?? false
        aws.put(
            ReplicationGroup(id: form.id, region: form.region, shards: shards, replicas: replicas, options: options))
    }

    private func change(_ request: LocalHTTPRequest, _ key: ReplicationGroup.Key) throws {
        let form = try body(request, as: GroupOptionsForm.self)
        if let topic = form.topicARN, !topic.isEmpty, aws.world.snapshot.topics[topic] == nil {
            throw Refusal(404, "There is no topic \(topic).")
        }
        let functions = try (form.functions ?? []).map { name in
            guard let function = aws.function(name) else { throw Refusal(404, "There is no function \(name).") }
            return function
        }
        var topic = form.topicARN
        if !functions.isEmpty {
            topic = topic ?? aws.world.snapshot.replicationGroups[key]?.topicARN
            if topic?.isEmpty ?? true { topic = aws.addTopic("\(key.id)-events", region: key.region) }
            for function in functions { aws.subscribe(function, to: topic ?? "") }
        }
        try aws.update(key) { group in
            if let topic { (group.topicARN, group.topicIsActive) = (topic.isEmpty ? nil : topic, true) }
            group.options.automaticFailover = form.automaticFailover ?? group.options.automaticFailover
            group.options.multiAZ = form.multiAZ ?? group.options.multiAZ
            group.options.tellsNodes = form.tellsNodes ?? group.options.tellsNodes
        }
    }
}
