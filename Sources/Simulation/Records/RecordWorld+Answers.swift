internal import HTTPTransport

/// Route 53, and what AWS tells of clusters.
extension RecordWorld {
    /// - Returns: nil for what is asked of others.
    func answer(_ call: ServiceCall) -> HTTPResponse? {
        switch call.operation {
        case "ListResourceRecordSets": list(call)
        case "GetHostedZone": hostedZone()
        case "ChangeResourceRecordSets": change(call)
        case "GetChange": change(named: call.parameters["Id"] ?? "", call)
        case "DescribeReplicationGroups": replicationGroup(call)
        case "DescribeDBClusters": cluster(call)
        default: nil
        }
    }

    // MARK: Route 53

    private func hostedZone() -> HTTPResponse {
        Answers.xml(
            200,
            "<GetHostedZoneResponse><HostedZone><Id>/hostedzone/\(RecordScript.zoneID)</Id>"
                + "<Name>\(RecordScript.zone).</Name><CallerReference>r</CallerReference>"
                + "<Config><PrivateZone>false</PrivateZone></Config>"
                + "<ResourceRecordSetCount>\(zone.records.count)</ResourceRecordSetCount>"
                + "</HostedZone></GetHostedZoneResponse>"
        )
    }

    private func list(_ call: ServiceCall) -> HTTPResponse {
        let start = ZoneRecord.Key(
            name: ZoneRecord.normalized(call.parameters["name"] ?? ""), type: call.parameters["type"] ?? "",
            setIdentifier: call.parameters["identifier"] ?? "")
        let (records, next) = zone.page(from: start, size: script.pageSize)
        var text =
            "<ListResourceRecordSetsResponse><ResourceRecordSets>\(records.map(\.xml).joined())</ResourceRecordSets>"
            + "<IsTruncated>\(next != nil)</IsTruncated>"
        if let next {
            text += "<NextRecordName>\(next.name).</NextRecordName><NextRecordType>\(next.type)</NextRecordType>"
            if let identifier = next.setIdentifier {
                text += "<NextRecordIdentifier>\(identifier)</NextRecordIdentifier>"
            }
        }
        return Answers.xml(200, text + "<MaxItems>\(script.pageSize)</MaxItems></ListResourceRecordSetsResponse>")
    }

    private func change(_ call: ServiceCall) -> HTTPResponse {
        let batch = Self.batch(in: call.parameters["Body"] ?? "")
        world.witness.note(.records(.asked(batch, by: call.origin)), at: world.time.now)
        guard !batch.isEmpty else { return Answers.failure(400, "MalformedInput", of: call) }
        let before = zone
        guard zone.apply(batch) else {
            seen.count(.record, "records: a batch refused")
            world.witness.note(.records(.refused(by: call.origin)), at: world.time.now)
            return Answers.xml(
                400,
                "<InvalidChangeBatch><Messages><Message>simulated</Message></Messages><RequestId>r</RequestId>"
                    + "</InvalidChangeBatch>")
        }
        world.witness.note(.records(.changed(batch, by: call.origin)), at: world.time.now)
        count(batch, since: before)
        let id = "C\(changes.count + 1)"
        changes[id] = world.time.now + random.duration(in: .seconds(2)...(.seconds(50)))
        return Answers.xml(200, info("ChangeResourceRecordSetsResponse", id))
    }

    private func change(named id: String, _ call: ServiceCall) -> HTTPResponse {
        guard changes[id] != nil else { return Answers.failure(404, "NoSuchChange", of: call) }
        return Answers.xml(200, info("GetChangeResponse", id))
    }

    private func info(_ root: String, _ id: String) -> String {
        let isInSync = changes[id].map { $0 <= world.time.now } ?? false
        return "<\(root)><ChangeInfo><Id>/change/\(id)</Id><Status>\(isInSync ? "INSYNC" : "PENDING")</Status>"
            + "<SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt></ChangeInfo></\(root)>"
    }

    private static func batch(in body: String) -> [RecordZone.Change] {
        body[...].pieces("<Change>", "</Change>").compactMap { change in
            guard let action = change.between("<Action>", "</Action>"), let record = ZoneRecord(change) else {
                return nil
            }
            return RecordZone.Change(isCreation: action == "CREATE", record: record)
        }
    }

    private func count(_ batch: [RecordZone.Change], since before: RecordZone) {
        for key in Set(batch.map(\.record.key)).sorted() {
            let (old, new) = (before.record(key), zone.record(key))
            guard let record = new ?? old else { continue }
            let deed = old == nil ? "made" : new == nil ? "deleted" : "moved"
            seen.count(.record, "records: \(kind(of: record)) \(deed)")
        }
    }

    private func kind(of record: ZoneRecord) -> String {
        switch record.name {
        case RecordScript.primaryName: "the primary's"
        case RecordScript.writerName: "the writer's"
        case RecordScript.readerName: "the readers'"
        default: record.setIdentifier == nil ? "a replica's" : "an element of the weighted"
        }
    }

    // MARK: Clusters

    private func replicationGroup(_ call: ServiceCall) -> HTTPResponse {
        let age = world.weather.age(ofReadsIn: call.region, at: world.time.now)
        guard let cluster = clusters.cluster(in: call.region, age: age),
            cluster.id == call.parameters["ReplicationGroupId"]
        else { return Answers.failure(404, "ReplicationGroupNotFoundFault", of: call) }
        let datastore = world.groups.first { $0.kind == .datastore }
        let isMember = datastore?.members.contains { $0.id == cluster.id } ?? false
        let text = cluster.xml(datastore: isMember ? datastore?.id : nil, isPrimary: datastore?.primary == cluster.id)
        return Answers.query(
            call.operation, "<ReplicationGroups><ReplicationGroup>\(text)</ReplicationGroup></ReplicationGroups>")
    }

    private func cluster(_ call: ServiceCall) -> HTTPResponse {
        let arn = Script.memberID(.cluster, call.region)
        guard call.parameters["DBClusterIdentifier"] == arn else {
            return Answers.failure(404, "DBClusterNotFoundFault", of: call)
        }
        return Answers.query(
            call.operation,
            "<DBClusters><DBCluster><DBClusterIdentifier>orders-\(call.region)</DBClusterIdentifier>"
                + "<DBClusterArn>\(arn)</DBClusterArn><Status>available</Status><Engine>aurora-postgresql</Engine>"
                + "<Endpoint>\(RecordScript.writerEndpoint(call.region))</Endpoint>"
                + "<ReaderEndpoint>\(RecordScript.readerEndpoint(call.region))</ReaderEndpoint>"
                + "</DBCluster></DBClusters>"
        )
    }
}
