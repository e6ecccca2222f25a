/// What the control API changes in Aurora's global clusters.
extension ControlAPI {
    static let auroraManual = """
        GET    /_local/globalclusters        Aurora's global clusters, with their members and what is under way
        POST   /_local/globalclusters        {"id": "orders", "regions": ["us-east-1", "us-west-2"],
                                             "engine": "aurora-postgresql", "instances": 1}; a cluster orders-use1, and
                                             so on, in each region, primary in the first; the last two may be left out
        POST   /_local/globalclusters/ID/failovers   {"behavior": "succeed" | "refuse" | "stall" | "revert"}; for
                                             switchovers too
        POST   /_local/globalclusters/ID/lag {"milliseconds": 400}, or null for no datapoints in CloudWatch
        GET    /_local/dbclusters            Aurora's clusters, with their instances and endpoints
        """

    func globalClusters(_ request: LocalHTTPRequest, _ path: [String]) throws -> LocalHTTPReply {
        switch (request.method, path.count) {
        case ("GET", 0): return try json(ControlState(of: aws).globalClusters)
        case ("POST", 0): try addGlobalCluster(request)
        case ("POST", 2):
            guard aws.globalCluster(path[0]) != nil else {
                throw Refusal(404, "There is no global cluster \(path[0]).")
            }
            try change(request, path[0], path[1])
        default:
            throw Refusal(404, "There is no \(request.method) \(request.path); GET /_local/ says what there is.")
        }
        return try json(ControlState(of: aws))
    }

    private func change(_ request: LocalHTTPRequest, _ id: String, _ what: String) throws {
        switch what {
        case "failovers":
            let form = try body(request, as: FailoverForm.self)
            guard let behavior = FailoverBehavior(rawValue: form.behavior) else {
                let known = FailoverBehavior.allCases.map(\.rawValue).joined(separator: ", ")
                throw Refusal(400, "The behavior '\(form.behavior)' is none of \(known).")
            }
            try aws.setFailoverBehavior(behavior, ofGlobalCluster: id)
        case "lag":
            let form = try body(request, as: AuroraLagForm.self)
            if let lag = form.milliseconds, !(0...1e9).contains(lag) {
                throw Refusal(400, "The milliseconds must be between 0 and 1e9, or null.")
            }
            try aws.setLag(milliseconds: form.milliseconds, ofGlobalCluster: id)
        default: throw Refusal(404, "A global cluster has failovers and lag, not \(what).")
        }
    }

    private func addGlobalCluster(_ request: LocalHTTPRequest) throws {
        let form = try body(request, as: NewGlobalClusterForm.self)
        let clusters = form.regions.map { region in
            DBCluster(
                id: "\(form.id)-\(RegionCode.short(of: region))", region: region, engine: form.engine ?? .postgresql,
                instances: form.instances ?? 1)
        }
        guard form.id == form.id.lowercased(), ([form.id] + clusters.map(\.id)).allSatisfy(DBCluster.isID) else {
            throw Refusal(
                400, "An id has lower-case letters, digits and single hyphens, and room for the region's code.")
        }
        guard (1...11).contains(clusters.count), Set(form.regions).count == clusters.count else {
            throw Refusal(400, "A global cluster has 1 to 11 regions, each once.")
        }
        guard (0...16).contains(form.instances ?? 1) else { throw Refusal(400, "A cluster has 0 to 16 instances.") }
        let state = aws.world.snapshot
        guard state.globalClusters[form.id] == nil, !clusters.contains(where: { state.dbClusters[$0.key] != nil })
        else {
            throw Refusal(400, "There is a global cluster \(form.id), or one of its clusters, already.")
        }
        aws.putGlobalCluster(form.id, of: clusters)
    }
}
