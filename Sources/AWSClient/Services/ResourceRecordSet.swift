/// One record set of a hosted zone: a name and a type and, where several share them, a routing policy.
package struct ResourceRecordSet: Sendable, Equatable {
    package struct Alias: Sendable, Equatable {
        /// In the form of `DNSName.normalized`.
        package var dnsName: String
        package var hostedZoneID: String
        package var evaluateTargetHealth: Bool

        package init(dnsName: String, hostedZoneID: String, evaluateTargetHealth: Bool) {
            self.dnsName = dnsName
            self.hostedZoneID = hostedZoneID
            self.evaluateTargetHealth = evaluateTargetHealth
        }
    }

    package enum Failover: String, Sendable {
        case primary = "PRIMARY"
        case secondary = "SECONDARY"
    }

    /// In the form of `DNSName.normalized`.
    package var name: String
    /// As in `A` or `CNAME`.
    package var type: String
    package var setIdentifier: String?
    package var failover: Failover?
    /// Of latency routing.
    package var region: String?
    package var weight: Int?
    /// In seconds; nil for an alias.
    package var ttl: Int?
    package var healthCheckID: String?
    package var alias: Alias?
    /// As they stand in the zone; empty for an alias.
    package var values: [String]
    /// Of multivalue answer routing; nil where nothing is said of it.
    package var isMultiValueAnswer: Bool?
    /// The names of elements that are not kept here, as in `GeoLocation`. A record set that has any cannot be written,
    /// because to delete one is to repeat all of it.
    package var otherElements: [String]

    package init(
        name: String, type: String, setIdentifier: String? = nil, failover: Failover? = nil, region: String? = nil,
        weight: Int? = nil, ttl: Int? = nil, healthCheckID: String? = nil, alias: Alias? = nil, values: [String] = [],
        isMultiValueAnswer: Bool? = nil, otherElements: [String] = []
    ) {
        self.name = name
        self.type = type
        self.setIdentifier = setIdentifier
        self.failover = failover
        self.region = region
        self.weight = weight
        self.ttl = ttl
        self.healthCheckID = healthCheckID
        self.alias = alias
        self.values = values
        self.isMultiValueAnswer = isMultiValueAnswer
        self.otherElements = otherElements
    }

    init(_ element: XMLElement) throws(XMLError) {
        name = DNSName.normalized(try element.required("Name"))
        type = try element.required("Type")
        setIdentifier = element.optional("SetIdentifier")
        region = element.optional("Region")
        weight = try element.integer("Weight")
        ttl = try element.integer("TTL")
        healthCheckID = element.optional("HealthCheckId")
        failover = nil
        if let text = element.optional("Failover") {
            guard let value = Failover(rawValue: text) else {
                throw XMLError(reason: "Failover is neither PRIMARY nor SECONDARY but \(text)")
            }
            failover = value
        }
        alias = nil
        if let target = element["AliasTarget"] {
            guard let evaluates = try target.boolean("EvaluateTargetHealth") else {
                throw XMLError(reason: "an element AliasTarget has no EvaluateTargetHealth")
            }
            alias = Alias(
                dnsName: DNSName.normalized(try target.required("DNSName")),
                hostedZoneID: try target.required("HostedZoneId"), evaluateTargetHealth: evaluates)
        }
        values = []
        for record in element.list("ResourceRecords", of: "ResourceRecord") {
            values.append(try record.required("Value"))
        }
        isMultiValueAnswer = try element.boolean("MultiValueAnswer")
        otherElements = element.children.map(\.name).filter { !Self.elements.contains($0) }
    }

    /// In the order in which requests have them.
    private static let elements = [
        "Name", "Type", "SetIdentifier", "Weight", "Region", "Failover", "MultiValueAnswer", "TTL", "ResourceRecords",
        "AliasTarget", "HealthCheckId",
    ]
}
