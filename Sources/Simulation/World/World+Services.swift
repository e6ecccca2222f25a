internal import AWSClient
internal import HTTPTransport

extension World {
    func answer(_ call: ServiceCall) -> HTTPResponse {
        let isPromoter = call.origin.function == .promoter
        witness.note(
            isPromoter ? .called(call.operation, call.origin) : .records(.called(call.operation, call.origin)),
            at: time.now)
        let refusal = skewed(call) ?? weather.refusal(of: call, at: time.now)
        if call.isChange { return change(call, refusal: refusal) }
        if let refusal { return refusal }
        if let records, let answer = records.answer(call) { return answer }
        switch call.operation {
        case "ListResourceRecordSets": return watchedRecords()
        case "DescribeGlobalReplicationGroups", "DescribeGlobalClusters": return describe(call)
        case "GetParameter": return parameter(call)
        case "PutParameter":
            let version = put(call.parameters["Value"] ?? "", call.region, call.parameters["Name"] ?? "")
            return Answers.json(#"{"Version":\#(version)}"#)
        case "ListMetrics": return metrics(call)
        case "GetMetricData": return values(call)
        case "Publish": return Answers.query(call.operation, "<MessageId>m</MessageId>")
        default: return Answers.failure(400, "InvalidAction", of: call)
        }
    }

    /// AWS refuses what was signed five minutes ago, or is to be.
    private func skewed(_ call: ServiceCall) -> HTTPResponse? {
        guard weather.hasSkews, let signed = call.signedAt, abs(signed.seconds(since: wallClock)) > 300 else {
            return nil
        }
        let refusal = Answers.failure(403, "RequestTimeTooSkewed", of: call)
        let clock = wallClock.iso8601.dropFirst(11).dropLast()
        return HTTPResponse(
            status: refusal.status, headers: ["Date": "Thu, 01 Jan 2026 \(clock) GMT"], body: refusal.body)
    }

    private func watchedRecords() -> HTTPResponse {
        let sets = script.regions.prefix(2).enumerated().map { index, region in
            "<ResourceRecordSet><Name>app.example.com.</Name><Type>A</Type><SetIdentifier>\(region)</SetIdentifier>"
                + "<Failover>\(index == 0 ? "PRIMARY" : "SECONDARY")</Failover><AliasTarget>"
                + "<HostedZoneId>Z35SXDOTRQ7X7K</HostedZoneId><DNSName>\(Script.target(region)).</DNSName>"
                + "<EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget></ResourceRecordSet>"
        }
        return Answers.xml(
            200,
            "<ListResourceRecordSetsResponse><ResourceRecordSets>\(sets.joined())</ResourceRecordSets>"
                + "<IsTruncated>false</IsTruncated><MaxItems>300</MaxItems></ListResourceRecordSetsResponse>")
    }

    // MARK: Parameter Store

    private func parameter(_ call: ServiceCall) -> HTTPResponse {
        let name = call.parameters["Name"] ?? ""
        guard let stored = parameters["\(call.region) \(name)"] else {
            if name == Script.pauseParameter { witness.note(.readPause(false, call.origin), at: time.now) }
            return Answers.failure(400, "ParameterNotFound", of: call)
        }
        if name == Script.pauseParameter { witness.note(.readPause(stored.value == "true", call.origin), at: time.now) }
        // As JSON writes it within a text.
        let value = stored.value.flatMap { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }
        return Answers.json(
            #"{"Parameter":{"Name":"\#(name)","Value":"\#(String(value))","Version":\#(stored.version)}}"#)
    }

    @discardableResult
    func put(_ value: String, _ region: String, _ name: String) -> Int {
        let version = (parameters["\(region) \(name)"]?.version ?? 0) + 1
        parameters["\(region) \(name)"] = (value, version)
        return version
    }

    // MARK: CloudWatch

    private func metrics(_ call: ServiceCall) -> HTTPResponse {
        let name = call.parameters["MetricName"] ?? ""
        let kind: GroupModel.Kind = call.parameters["Namespace"] == "AWS/RDS" ? .cluster : .datastore
        let id = Script.memberID(kind, call.region)
        let dimension =
            kind == .cluster
            ? ("DBClusterIdentifier", String(id.split(separator: ":").last ?? "")) : ("CacheClusterId", "\(id)-001")
        return Answers.query(
            call.operation,
            "<Metrics><member><Namespace>\(call.parameters["Namespace"] ?? "")</Namespace><MetricName>\(name)</MetricName>"
                + "<Dimensions><member><Name>\(dimension.0)</Name><Value>\(dimension.1)</Value></member></Dimensions>"
                + "</member></Metrics>")
    }

    private func values(_ call: ServiceCall) -> HTTPResponse {
        let isCluster = call.parameters["MetricDataQueries.member.1.MetricStat.Metric.Namespace"] == "AWS/RDS"
        // In milliseconds or in seconds.
        let lag = weather.lag(of: call.region, at: time.now) / (isCluster ? .milliseconds(1) : .seconds(1))
        let minute = Timestamp(secondsSince1970: wallClock.secondsSince1970 / 60 * 60)
        return Answers.query(
            call.operation,
            "<MetricDataResults><member><Id>\(call.parameters["MetricDataQueries.member.1.Id"] ?? "")</Id>"
                + "<Label>lag</Label><Timestamps><member>\(minute.iso8601)</member></Timestamps>"
                + "<Values><member>\(lag)</member></Values><StatusCode>Complete</StatusCode></member></MetricDataResults>"
        )
    }
}
