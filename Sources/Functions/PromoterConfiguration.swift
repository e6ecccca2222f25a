package import Failover
internal import NameResolution
internal import ProgramVersion
internal import Promotion

/// What the promoter is told by its environment.
package struct PromoterConfiguration: Sendable, Equatable {
    /// `HOSTED_ZONE_ID`, without `/hostedzone/`.
    package var hostedZoneID: String
    /// `DNS_NAME`, in lower case and without final dot.
    package var dnsName: String
    /// `GLOBAL_DATASTORE_ID`
    package var globalDatastoreID: String
    /// `RECORD_REGIONS`: set identifier → region.
    package var recordRegions: [String: String]
    /// `CONFIRMATIONS`, `HOLD_DOWN_SECONDS`, `PROMOTE_IN_STATUS`, `DRY_RUN`, `PAUSED`
    package var policy: Policy
    /// `CACHE_MAX_AGE_SECONDS`; nil for 0, which is any age.
    package var cacheMaxAge: Duration?

    /// - Throws: with everything that is wrong, not only the first.
    package init(environment: [String: String]) throws(ConfigurationError) {
        var reader = EnvironmentReader(environment)
        let zone = reader.required(
            "HOSTED_ZONE_ID",
            "set it to the id of the Route 53 hosted zone of the record, such as Z0123456789ABCDEFGHIJ"
        ) { id in
            let id = normalizedZoneID(id)
            return (1...32).contains(id.utf8.count) && id.utf8.allSatisfy(Self.isLetterOrDigit)
        }
        let name = reader.required(
            "DNS_NAME", "set it to the name of the failover record, such as app.example.com", where: Self.isHostName)
        let datastore = reader.required(
            "GLOBAL_DATASTORE_ID", "set it to the id of the ElastiCache Global Datastore, such as ldgnf-sessions"
        ) { id in
            id.utf8.allSatisfy { Self.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
        }
        hostedZoneID = normalizedZoneID(zone)
        dnsName = normalizedHostName(name)
        globalDatastoreID = datastore
        recordRegions = reader.map(
            "RECORD_REGIONS", #"set it to a JSON object from set identifier to region, such as {"blue":"us-east-1"}"#,
            where: isRegionName)
        policy = Policy(
            confirmations: reader.integer("CONFIRMATIONS", in: 1...100, default: 1),
            holdDown: reader.seconds("HOLD_DOWN_SECONDS", upTo: 86_400),
            promoteInStatus: reader.words(
                "PROMOTE_IN_STATUS", of: ["available", "creating", "deleting", "modifying", "primary-only"],
                default: ["available"]),
            dryRun: reader.flag("DRY_RUN"), paused: reader.flag("PAUSED"))
        let maximumAge = reader.seconds("CACHE_MAX_AGE_SECONDS", upTo: 86_400)
        cacheMaxAge = maximumAge == .zero ? nil : maximumAge
        for variable in Self.notYetSupported {
            guard let value = reader.value(variable), (variable, value) != ("CHECK_INTERVAL_SECONDS", "0") else {
                continue
            }
            reader.refuse(variable, "leave it out: promoter \(promoterVersion) does not have it yet")
        }
        guard reader.problems.isEmpty else { throw ConfigurationError(reader.problems) }
    }

    /// Of the contract, and of Terraform's module. Somebody who sets one relies on it: passing it over in silence would
    /// be found out when it is needed.
    private static let notYetSupported = [
        "CHECK_INTERVAL_SECONDS", "GLOBAL_CLUSTER_ID", "NOTIFY_TOPIC_ARN", "RECORD_TARGETS", "WATCHES", "WATCHES_FILE",
    ]

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isHostName(_ text: String) -> Bool {
        let name = normalizedHostName(text)
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isLabel = { (label: Substring.UTF8View) in
            (1...63).contains(label.count)
                && label.allSatisfy { Self.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
        return name.utf8.count <= 253 && labels.count > 1 && labels.allSatisfy(isLabel)
    }
}
