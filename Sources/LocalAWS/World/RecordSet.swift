/// A resource record set, simple or with one of the routing policies that the emulator answers by.
package struct RecordSet: Sendable, Equatable {
    package enum Failover: String, Sendable, Codable { case primary = "PRIMARY", secondary = "SECONDARY" }

    package struct Alias: Sendable, Equatable {
        package var hostedZoneID: String
        package var dnsName: DNSName
        package var evaluateTargetHealth: Bool

        package init(hostedZoneID: String, dnsName: DNSName, evaluateTargetHealth: Bool = true) {
            self.hostedZoneID = hostedZoneID
            self.dnsName = dnsName
            self.evaluateTargetHealth = evaluateTargetHealth
        }
    }

    /// What tells a record set from all others of its zone, in Route 53's order.
    package struct Key: Hashable, Comparable, Sendable {
        let sortKey: String
        let type: String
        let setIdentifier: String

        package init(name: DNSName, type: String = "", setIdentifier: String = "") {
            self.sortKey = name.sortKey
            self.type = type
            self.setIdentifier = setIdentifier
        }

        package static func < (left: Key, right: Key) -> Bool {
            (left.sortKey, left.type, left.setIdentifier) < (right.sortKey, right.type, right.setIdentifier)
        }
    }

    package var name: DNSName
    package var type: String
    package var setIdentifier: String?
    package var failover: Failover?
    package var weight: Int?
    /// Of latency routing; says nothing about where a failover record's target is.
    package var region: String?
    package var multiValueAnswer: Bool
    package var ttl: Int?
    package var values: [String]
    package var alias: Alias?
    package var healthCheckID: String?
    package let key: Key

    package init(
        name: DNSName, type: String, setIdentifier: String? = nil, failover: Failover? = nil, weight: Int? = nil,
        region: String? = nil, multiValueAnswer: Bool = false, ttl: Int? = nil, values: [String] = [],
        alias: Alias? = nil, healthCheckID: String? = nil
    ) {
        self.name = name
        self.type = type
        self.setIdentifier = setIdentifier
        self.failover = failover
        self.weight = weight
        self.region = region
        self.multiValueAnswer = multiValueAnswer
        self.ttl = ttl
        self.values = values
        self.alias = alias
        self.healthCheckID = healthCheckID
        self.key = Key(name: name, type: type, setIdentifier: setIdentifier ?? "")
    }

    /// What the record leads to by name.
    package var targetName: DNSName? {
        alias?.dnsName ?? (type == "CNAME" ? values.first.map(DNSName.init) : nil)
    }
}
