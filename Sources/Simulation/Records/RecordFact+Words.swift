extension RecordFact {
    /// A line of a trace.
    var words: String {
        switch self {
        case .zone(let records): "the zone has \(records.map(\.description).joined(separator: "; "))"
        case .asked(let batch, let source): "\(source): asks for \(batch.words)"
        case .changed(let batch, let source): "\(source.map { "\($0)" } ?? "by hand"): changed, \(batch.words)"
        case .refused(let source): "\(source): the batch does not fit the zone"
        case .cluster(let cluster): "\(cluster.id) is \(cluster.words)"
        case .notified(let region, let event, let copies): "\(event) in \(region), told \(copies) times"
        case .called(let operation, let source): "\(source): calls \(operation)"
        case .began(let source, let isScheduled): "\(source): invoked by \(isScheduled ? "schedule" : "a notification")"
        case .ended(let source, .response): "\(source): answered"
        case .ended(let source, .error): "\(source): failed"
        case .ended(let source, .tooLate): "\(source): killed, not having answered"
        }
    }
}

extension Sequence<RecordZone.Change> {
    fileprivate var words: String { map(\.description).joined(separator: "; ") }
}

extension ClusterModel {
    fileprivate var words: String {
        let shards = shards.map { shard in
            shard.nodes.map { "\($0.id)\($0.id == shard.primary ? "*" : "")\($0.isListed ? "" : " (unlisted)")" }
        }
        return "\(isChanging ? "modifying" : "available"): \(shards.joined().joined(separator: " "))"
    }
}

extension RecordScript {
    /// How it is set up.
    var settings: [String] {
        var settings = ["RECORD_TTL_SECONDS=\(ttl)", "pages of \(pageSize)"]
        if hasPrimary { settings.append("PRIMARY_RECORD_NAME") }
        if hasWriter { settings.append("WRITER_RECORD_NAME") }
        if hasReader { settings.append("READER_RECORD_NAME") }
        guard let endpoints else { return settings }
        settings.append(
            "endpoints in \(endpoints.regions.joined(separator: ", ")) every \(endpoints.interval.inSeconds)")
        settings +=
            endpointsEnvironment(in: endpoints.regions[0], dryRun: false)?
            .filter { $0.key.hasSuffix("_NAME") || $0.key == "WHEN_NO_REPLICAS" || $0.key == "WAIT_FOR_SYNC" }
            .map { "\($0.key)=\($0.value)" }.sorted() ?? []
        return settings
    }
}
