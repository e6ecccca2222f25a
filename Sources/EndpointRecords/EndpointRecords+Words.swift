internal import AWSClient

/// The one place where what is known of records becomes words for people.
extension EndpointRecordsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noRecords:
            "no record is configured: set RECORD_NAME, WEIGHTED_RECORD_NAME or PRIMARY_RECORD_NAME"
        case .noGroup:
            "REPLICATION_GROUP_ID is needed, unless there is only PRIMARY_RECORD_NAME, with PRIMARY_ENDPOINT and"
                + " GLOBAL_DATASTORE_ID"
        case .wrongTTL(let ttl):
            "RECORD_TTL_SECONDS is \(ttl), and must be from \(RecordSettings.ttlRange.lowerBound) to"
                + " \(RecordSettings.ttlRange.upperBound)"
        case .wrongName(let name):
            "\"\(name)\" cannot be the name of these records: labels have 1 to 63 characters, the first one of RECORD_NAME"
                + " at most 60, and all of it at most 250"
        case .sameName(let name):
            "several of RECORD_NAME, WEIGHTED_RECORD_NAME and PRIMARY_RECORD_NAME come to \(name): a number goes behind the"
                + " first label of RECORD_NAME, and each of them must be of its own"
        case .outsideZone(let name, let zone):
            "\(name) does not lie inside the zone \(zone) of HOSTED_ZONE_ID; nothing was changed"
        case .topOfZone(let name):
            "\(name) is the zone itself, which cannot have a CNAME; nothing was changed"
        case .contended(let rounds):
            "after each of \(rounds) changes, the records were no more what they should be: something else changes them,"
                + " too"
        }
    }

    /// What kind of failure it was, for machines to tell apart.
    package var errorType: String {
        switch self {
        case .noRecords, .noGroup, .wrongTTL, .wrongName, .sameName: "Misconfigured"
        case .outsideZone, .topOfZone: "OutsideZone"
        case .contended: "Contended"
        }
    }
}

extension Occupant {
    fileprivate var words: String {
        let identifier = setIdentifier.map { " with the set identifier \($0)" } ?? ""
        return switch kind {
        case .simple, .simpleCNAME: "a simple \(type) record"
        case .alias: "an alias record of type \(type)"
        case .weighted: "a weighted record of type \(type)\(identifier)"
        case .otherRouting: "a record of type \(type)\(identifier) and a routing policy of another kind"
        case .elaborate: "a record of type \(type) with several values or a health check"
        }
    }
}

extension Finding {
    /// A clause, without a full stop.
    package var words: String {
        switch self {
        case .foreign(let name, let type, let identifier):
            "\(name) \(type)\(identifier.map { " (\($0))" } ?? "") is none of this cluster's records: not touched"
        case .occupied(let name, let occupant):
            "\(name) holds \(occupant.words), which is not touched: remove it, or choose another name"
        case .unsettled(let why): "nothing is changed of the replicas' records: \(why.words)"
        case .waiting(let node): node.words
        case .unlisted(let node, let status):
            "\(node) is not listed while the group is \(status): its record stays until the group is available"
        case .noReplicas(.keep): "there is no replica: the records stay as they are (WHEN_NO_REPLICAS=keep)"
        case .noReplicas(.primary): "there is no replica: the records point at the primary (WHEN_NO_REPLICAS=primary)"
        case .noReplicas(.delete): "there is no replica: the records are deleted (WHEN_NO_REPLICAS=delete)"
        case .identifierTaken(let node):
            "\(node) is not in the weighted record: another record, not of this cluster, has its set identifier"
        case .notPrimary(let standing): "the primary record is left alone: \(standing.words)"
        case .noPrimaryEndpoint: "the primary record is left alone: the cluster has no primary endpoint yet"
        case .stillPending(let id):
            "change \(id) was accepted, but not all DNS servers of Route 53 answered with it in time"
        case .syncUnknown(let id, let why):
            "change \(id) was accepted; whether all DNS servers answer with it could not be asked: \(why)"
        }
    }

    /// The kind in one word, for machines to tell apart.
    package var reason: String {
        switch self {
        case .foreign: "foreign"
        case .occupied: "nameOccupied"
        case .unsettled: "unsettled"
        case .waiting: "waiting"
        case .unlisted: "unlisted"
        case .noReplicas: "noReplicas"
        case .identifierTaken: "identifierTaken"
        case .notPrimary(let standing): standing.reason
        case .noPrimaryEndpoint: "noPrimaryEndpoint"
        case .stillPending: "stillPending"
        case .syncUnknown: "syncUnknown"
        }
    }
}

extension ClusterView.Unsettled {
    package var words: String {
        switch self {
        case .noShards: "AWS names no shard of the cluster"
        case .noPrimary(let shard, let nodes):
            "shard \(shard) has no primary"
                + (nodes.isEmpty ? "" : ", and AWS does not say what \(nodes.joined(separator: ", ")) are")
        case .severalPrimaries(let shard, let nodes):
            "shard \(shard) has several primaries: \(nodes.joined(separator: ", "))"
        case .primaryWithoutName(let shard, let node): "the primary \(node) of shard \(shard) has no endpoint"
        case .nodeTwice(let node): "AWS names \(node), or another node by its endpoint, twice"
        }
    }
}

extension ClusterView.Waiting {
    /// A clause, without a full stop.
    package var words: String { "\(node) counts as no replica yet: AWS does not say \(missing.words)" }
}

extension ClusterView.Waiting.Missing {
    fileprivate var words: String {
        switch self {
        case .role: "what its role is"
        case .name: "what its endpoint is"
        case .all: "what its role and endpoint are"
        }
    }
}

extension ClusterView.Role {
    package var words: String {
        switch self {
        case .primary: "primary"
        case .replica: "replica"
        case .unknown: "unknown"
        case .gone: "gone"
        }
    }
}

extension PrimaryStanding {
    /// A clause, without a full stop.
    package var words: String {
        switch self {
        case .primary: "this region's cluster is the primary"
        case .standby(let role): "this region's cluster is \(role), not the primary"
        case .notMember(let id): "this region's cluster is no member of \(id)"
        case .unclear(let members): "which member is the primary is not clear: \(members.joined(separator: ", "))"
        case .alone:
            "this region's cluster is in no global datastore, and the record points elsewhere; where regions share the"
                + " record, set GLOBAL_DATASTORE_ID, else remove the record once"
        case .recordOfOutsider(let endpoint, let id):
            "it points at \(endpoint), a cluster that is not in \(id) and may be written to, as after a detachment; to give"
                + " it to this region's cluster, the primary of \(id), delete the record"
        case .underWay(let id, let status): "\(id) is \(status), and the primary is to be another one"
        case .unknown(let why): "whether this region's cluster is the primary could not be read: \(why)"
        }
    }

    /// The kind in one word, for machines to tell apart.
    package var reason: String {
        switch self {
        case .primary: "primary"
        case .standby: "standby"
        case .notMember: "notMember"
        case .unclear: "unclear"
        case .alone: "alone"
        case .recordOfOutsider: "recordOfOutsider"
        case .underWay: "underWay"
        case .unknown: "standingUnknown"
        }
    }
}

extension ClusterNotice.Reason {
    /// A clause, without a full stop.
    package var words: String {
        switch self {
        case .otherGroup(let event, let names):
            "\(event) is about \(names.group ?? names.others.joined(separator: ", "))"
        case .unknownEvent(let name): "\(name) is no event that is known here"
        case .otherSource(let source, let type): "\(type) of \(source) is nothing of ElastiCache"
        case .test: "a test message"
        case .otherMessage(let beginning): "no message of ElastiCache: \(beginning)"
        case .unreadable(let why): why.words
        }
    }
}

extension ClusterNotice.Unreadable {
    fileprivate var words: String {
        switch self {
        case .notAnObject(let kind): "what should be an object, or a list of records, is \(kind)"
        case .noRecords: "an event without a list of records"
        case .tooManyRecords(let count): "an event with \(count) records, more than SNS sends"
        case .noMessage(let source): "a record\(source.map { " of \($0)" } ?? "") without a message of SNS"
        case .messageTooLong(let bytes): "a message of \(bytes) bytes, more than SNS sends"
        case .notJSON(let why): "a message that begins like JSON and is none: \(why)"
        }
    }
}

extension RecordChange {
    /// A clause, as in `read1.example.com: a → b`.
    package var words: String {
        let identifier = (new ?? old)?.setIdentifier.map { " (\($0))" } ?? ""
        return switch (old, new) {
        case (let old?, let new?): "\(name)\(identifier): \(old.targetInWords) → \(new.targetInWords)"
        case (nil, let new?): "\(name)\(identifier): new, \(new.targetInWords)"
        case (let old?, nil): "\(name)\(identifier): deleted, was \(old.targetInWords)"
        case (nil, nil): "nothing"
        }
    }
}

extension ResourceRecordSet {
    fileprivate var targetInWords: String {
        values.joined(separator: ", ") + (ttl.map { " (\($0) s)" } ?? "")
    }
}
