internal import EndpointRecords
package import Failover
internal import NameResolution
internal import Promotion

/// What is to be known of one watch: a record, and the datastore or global cluster that follows it, or both.
package struct WatchConfiguration: Sendable, Equatable {
    /// What people know it by; `DNS_NAME` where it has no name of its own.
    package var name: String
    /// `HOSTED_ZONE_ID`, without `/hostedzone/`; nil where `RECORD_TARGETS` says what the records are.
    package var hostedZoneID: String?
    /// `DNS_NAME`, in lower case and without final dot.
    package var dnsName: String
    /// `GLOBAL_DATASTORE_ID`
    package var globalDatastoreID: String?
    /// `GLOBAL_CLUSTER_ID`; nil only where there is a datastore.
    package var globalClusterID: String?
    /// `AURORA_ACTION`
    package var auroraAction: AuroraAction
    /// `PROMOTE_ORDER`
    package var promoteOrder: PromoteOrder
    /// `RECORD_TARGETS`: region → host names or addresses; empty where Route 53 is asked.
    package var recordTargets: [String: [String]]
    /// `RECORD_REGIONS`: set identifier → region.
    package var recordRegions: [String: String]
    /// All that bears on the decision for a datastore, and most of it for a global cluster: `CONFIRMATIONS`,
    /// `HOLD_DOWN_SECONDS`, `PROMOTE_IN_STATUS`, `DRY_RUN`, `PAUSED`, `MAX_REPLICATION_LAG_SECONDS`,
    /// `WHEN_LAG_UNKNOWN`, `WHEN_FAILOVER_REFUSED`, `DETACH_AFTER_SECONDS`
    package var policy: Policy
    /// `DETACH_AFTER_SECONDS`, whether it is detached or not.
    package var detachAfter: Duration
    /// `CACHE_MAX_AGE_SECONDS`; nil for 0, which is any age.
    package var cacheMaxAge: Duration?
    /// `CHECK_INTERVAL_SECONDS`; nil for 0, which is one check an invocation.
    package var checkInterval: Duration?
    /// `NOTIFY_TOPIC_ARN`
    package var notifyTopicARN: String?
    /// `ALERT_AFTER_SECONDS`; nil for 0, which is never.
    package var alertAfter: Duration?
    /// `PRIMARY_RECORD_NAME`, `PRIMARY_ENDPOINT`, `RECORD_TTL_SECONDS`; nil where no record follows the primary.
    package var primaryRecord: PrimaryRecordKeeper.Settings?
    /// `WRITER_RECORD_NAME`, `READER_RECORD_NAME`, `RECORD_TTL_SECONDS`; nil where no record follows the writer.
    package var writerRecords: PrimaryRecordKeeper.Settings?

    /// - Parameter name: nil for the DNS name.
    init(_ reader: inout EnvironmentReader, name: String?) {
        // What a watch says itself comes before what the environment says, of either.
        let zoneIsNearer = reader.isOwn("HOSTED_ZONE_ID") && !reader.isOwn("RECORD_TARGETS")
        recordTargets = zoneIsNearer ? [:] : reader.targets("RECORD_TARGETS")
        hostedZoneID = Self.hostedZoneID(
            &reader, isNeeded: zoneIsNearer || recordTargets.isEmpty && !reader.isSet("RECORD_TARGETS"))
        let dnsName = reader.required(
            "DNS_NAME", "set it to the name of the failover record, such as app.example.com", where: isHostName)
        self.dnsName = normalizedHostName(dnsName)
        self.name = name ?? self.dnsName
        (globalDatastoreID, globalClusterID) = reader.groupIDs()
        let hasDatastore = globalDatastoreID != nil
        (auroraAction, promoteOrder) = reader.auroraSettings(
            hasDatastore: hasDatastore, hasCluster: globalClusterID != nil)
        recordRegions = reader.regions("RECORD_REGIONS")
        // A failover that goes well takes a minute or two, and must not be cut off.
        detachAfter = reader.seconds("DETACH_AFTER_SECONDS", from: .seconds(180), upTo: 86_400) ?? .seconds(300)
        policy = Self.policy(&reader, detachAfter: detachAfter, hasDatastore: hasDatastore)
        let maximumAge = reader.seconds("CACHE_MAX_AGE_SECONDS", upTo: 86_400) ?? .zero
        cacheMaxAge = maximumAge == .zero ? nil : maximumAge
        let interval = reader.seconds("CHECK_INTERVAL_SECONDS", orZeroFrom: .milliseconds(200), upTo: 300) ?? .zero
        checkInterval = interval == .zero ? nil : interval
        notifyTopicARN = reader.value("NOTIFY_TOPIC_ARN")
        if let arn = notifyTopicARN, !isTopicARN(arn) {
            reader.refuse(
                "NOTIFY_TOPIC_ARN",
                "set it to the ARN of an SNS topic, not a FIFO one, such as arn:aws:sns:us-east-1:123456789012:on-call")
        }
        let alertAfter = reader.seconds("ALERT_AFTER_SECONDS", upTo: 86_400) ?? .seconds(300)
        self.alertAfter = alertAfter == .zero ? nil : alertAfter
        primaryRecord = Self.primaryRecord(&reader, watched: self.dnsName, hasDatastore: hasDatastore)
        writerRecords = Self.writerRecords(
            &reader, watched: self.dnsName, hasCluster: globalClusterID != nil, others: primaryRecord?.names ?? [])
    }

    private static func hostedZoneID(_ reader: inout EnvironmentReader, isNeeded: Bool) -> String? {
        let remedy =
            "set it to the id of the Route 53 hosted zone of the record, such as Z0123456789ABCDEFGHIJ,"
            + " or say in RECORD_TARGETS what the records are"
        guard isNeeded || reader.isSet("HOSTED_ZONE_ID") else { return nil }
        let id = reader.hostedZoneID(remedy)
        return isNeeded ? id : nil
    }

    private static func policy(
        _ reader: inout EnvironmentReader, detachAfter: Duration, hasDatastore: Bool
    ) -> Policy {
        let maximumLag = reader.seconds("MAX_REPLICATION_LAG_SECONDS", upTo: 86_400)
        let whenLagUnknown = reader.word("WHEN_LAG_UNKNOWN", of: Policy.WhenLagUnknown.self, default: .hold)
        let whenRefused = reader.word("WHEN_FAILOVER_REFUSED", of: WhenFailoverRefused.self, default: .hold)
        if whenRefused == .detach, !hasDatastore, !reader.isInherited("WHEN_FAILOVER_REFUSED") {
            reader.refuse(
                "WHEN_FAILOVER_REFUSED",
                "leave it out: it is about a datastore; for a global cluster set AURORA_ACTION to failover-then-detach")
        } else if whenRefused == .detach, reader.functionValue("PAUSE_PARAMETER") == nil {
            reader.refuse("WHEN_FAILOVER_REFUSED", EnvironmentReader.detachmentNeedsRecord)
        }
        return Policy(
            confirmations: reader.integer("CONFIRMATIONS", in: 1...100, default: 1),
            holdDown: reader.seconds("HOLD_DOWN_SECONDS", upTo: 86_400) ?? .zero,
            promoteInStatus: reader.words(
                "PROMOTE_IN_STATUS", of: ["available", "creating", "deleting", "modifying", "primary-only"],
                default: ["available"]),
            dryRun: reader.flag("DRY_RUN"), paused: reader.flag("PAUSED"), maximumLag: maximumLag,
            whenLagUnknown: whenLagUnknown, detachAfter: whenRefused == .detach ? detachAfter : nil)
    }

    private enum WhenFailoverRefused: String, CaseIterable {
        case hold
        case detach
    }
}

func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}

/// No name of a host ends in a number: `10.1.2.300` is a mistyped address, and nothing in DNS.
func isHostName(_ text: String) -> Bool {
    let name = normalizedHostName(text)
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isLabel = { (label: Substring.UTF8View) in
        (1...63).contains(label.count)
            && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }
    let isNumber = labels.last?.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    return name.utf8.count <= 253 && labels.count > 1 && labels.allSatisfy(isLabel) && !isNumber
}

/// Not of a FIFO topic (`.fifo`): it wants more with each message, and would refuse the first one in an outage.
private func isTopicARN(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 6 && parts[0] == "arn" && parts[2] == "sns" && isRegionName(parts[3])
        && parts[4].utf8.count == 12 && parts[4].utf8.allSatisfy { (48...57).contains($0) }
        && (1...256).contains(parts[5].utf8.count)
        && parts[5].utf8.allSatisfy { isLetterOrDigit($0) || "_-".utf8.contains($0) }
}
