extension RecordScript {
    /// What the zone has at the begin: the records that are watched, those of others, and perhaps those to the primary.
    func firstRecords(of world: Script, _ random: inout SeededGenerator) -> [ZoneRecord] {
        var records = world.regions.prefix(2).enumerated().map { index, region in
            ZoneRecord(
                name: Script.name, type: "A", setIdentifier: region, values: [],
                rest: "<Failover>\(index == 0 ? "PRIMARY" : "SECONDARY")</Failover><AliasTarget>"
                    + "<HostedZoneId>Z35SXDOTRQ7X7K</HostedZoneId><DNSName>\(Script.target(region)).</DNSName>"
                    + "<EvaluateTargetHealth>true</EvaluateTargetHealth></AliasTarget>")
        }
        let others = Self.foreign(world.regions.map(replicaSuffix), clusters[world.regions[0]])
        for record in others where random.chance(0.5) { records.append(record) }
        let region = world.regions[beginning == .atPrimary ? 0 : 1]
        if beginning != .none {
            records += primaryRecords(in: region).map { name in
                ZoneRecord(name: name.name, ttl: beginning == .atPrimary ? ttl : 300, values: [name.endpoint])
            }
        }
        return records
    }

    /// Of other owners, near by name, or by what they lead to.
    private static func foreign(_ suffixes: [String], _ cluster: ClusterModel?) -> [ZoneRecord] {
        var records = [
            ZoneRecord(name: "rediss.\(zone)", ttl: 60, values: ["elsewhere.example.net"]),
            ZoneRecord(name: "redis2.\(zone)", ttl: 60, values: [cluster?.primaryEndpoint ?? "elsewhere.example.net"]),
            ZoneRecord(name: "orders-writer-old.\(zone)", ttl: 60, values: ["elsewhere.example.net"]),
        ]
        for suffix in Set(suffixes).sorted() {
            records += [
                ZoneRecord(
                    name: "read2.\(suffix)", ttl: 60, values: ["sessions-b-001.abc123.0001.use1.cache.amazonaws.com"]),
                ZoneRecord(name: "read01.\(suffix)", ttl: 60, values: ["elsewhere.example.net"]),
                ZoneRecord(name: "read-old.\(suffix)", ttl: 60, values: ["elsewhere.example.net"]),
                ZoneRecord(name: "a.read1.\(suffix)", ttl: 60, values: ["elsewhere.example.net"]),
                ZoneRecord(
                    name: "readers.\(suffix)", setIdentifier: "sessions-b-001", weight: 1, ttl: 60,
                    values: ["sessions-b-001.abc123.0001.use1.cache.amazonaws.com"]),
            ]
        }
        return records
    }
}
