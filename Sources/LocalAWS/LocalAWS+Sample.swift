extension LocalAWS {
    /// The world of the demo and of most tests.
    package enum Sample {
        package static let zoneID = "Z0LOCALPROMOTER"
        package static let zoneName = "example.com"
        package static let recordName = "app.example.com"
        package static let datastoreID = "ldgnf-sessions"
        package static let primaryRegion = "us-east-1"
        package static let secondaryRegion = "us-west-2"
        package static let thirdRegion = "eu-west-1"

        /// Of an SNS topic that is there in each region.
        package static func topicARN(in region: String) -> String { Topic.arn(of: "promotions", in: region) }

        package static func member(in region: String) -> String {
            switch region {
            case primaryRegion: "sessions-use1"
            case secondaryRegion: "sessions-usw2"
            default: "sessions-euw1"
            }
        }

        package static func target(in region: String) -> Target {
            switch region {
            case primaryRegion: balancer("app-1234567890", region, network: "10.1.1")
            case secondaryRegion: balancer("app-2345678901", region, network: "10.1.2")
            default: balancer("app-3456789012", region, network: "10.1.3")
            }
        }

        /// Of a load balancer, as AWS publishes them: an alias names it beside the DNS name.
        package static func balancerZoneID(in region: String) -> String {
            switch region {
            case primaryRegion: "Z35SXDOTRQ7X7K"
            case secondaryRegion: "Z1H1FL5HABSF5"
            default: "Z32O12XQLNTSW2"
            }
        }

        private static func balancer(_ name: String, _ region: String, network: String) -> Target {
            Target(
                name: DNSName("\(name).\(region).elb.amazonaws.com"), region: region,
                addresses: (10...12).map { "\(network).\($0)" }
            )
        }
    }

    /// Zone `example.com` with the failover alias `app.example.com`, us-east-1 before us-west-2, and the
    /// datastore `ldgnf-sessions` with a member in each, primary in us-east-1. An SNS topic
    /// `promotions` is in each region.
    /// - Parameters:
    ///   - threeRegions: one more member, in eu-west-1, to which DNS never leads by itself.
    ///   - aurora: the global cluster `orders-global` beside the datastore, with a cluster in each of its regions.
    package static func sampleWorld(
        _ configuration: LocalAWSConfiguration = .init(), threeRegions: Bool = false, aurora: Bool = false
    ) throws -> LocalAWS {
        let aws = try LocalAWS(configuration)
        let regions = [Sample.primaryRegion, Sample.secondaryRegion] + (threeRegions ? [Sample.thirdRegion] : [])
        try aws.world.update { state in
            var zone = HostedZone(id: Sample.zoneID, name: DNSName(Sample.zoneName))
            for (region, failover) in [
                (Sample.primaryRegion, RecordSet.Failover.primary), (Sample.secondaryRegion, .secondary),
            ] {
                let alias = RecordSet.Alias(
                    hostedZoneID: Sample.balancerZoneID(in: region), dnsName: Sample.target(in: region).name
                )
                zone.put(
                    RecordSet(
                        name: DNSName(Sample.recordName), type: "A", setIdentifier: "app-\(region)", failover: failover,
                        alias: alias
                    )
                )
            }
            state.zones[zone.id] = zone
            for region in regions {
                let target = Sample.target(in: region)
                state.targets[target.name] = target
                state.topics[Sample.topicARN(in: region)] = Topic(name: "promotions", region: region)
            }
            state.datastores[Sample.datastoreID] = GlobalDatastore(
                id: Sample.datastoreID, members: regions.map { (Sample.member(in: $0), $0) }
            )
        }
        if aurora { aws.putSampleGlobalCluster(in: regions) }
        return aws
    }
}
