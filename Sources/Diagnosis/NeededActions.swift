internal import AWSClient
internal import Failover
internal import Functions
internal import Promotion

/// The actions that a function needs, each with the resources that it needs it for.
struct NeededActions: Sendable {
    struct Group: Sendable, Equatable {
        var actions: [String]
        /// ARNs; none for `*`.
        var resources: [String]
        /// What the policies may ask of the request, as IAM calls it.
        var context: [IAM.ContextEntry] = []
    }

    /// What is found out by doing it, because it changes nothing.
    private(set) var harmless: [Group] = []
    /// What can only be simulated.
    private(set) var others: [Group] = []

    init(_ configuration: PromoterConfiguration, unknown: Set<String>, region: String, account: String) {
        let partition = AWSPartition.of(region: region).id
        let watches = configuration.watches
        let zones = unknown.contains("HOSTED_ZONE_ID") ? [] : Self.each(watches.compactMap(\.hostedZoneID))
        let groups = watches.flatMap(\.groups).filter { !unknown.contains($0.kind.variable) }
        let records = watches.flatMap(\.records)
        let recordZones = unknown.contains("HOSTED_ZONE_ID") ? [] : Self.each(records.map(\.hostedZoneID))
        /// The ARN of a global group has no region. A global cluster's member is a resource of the same actions.
        func arns(_ kind: GlobalGroup.Kind, where isMeant: (WatchConfiguration.Group) -> Bool) -> [String] {
            let ids = Self.each(groups.filter { $0.kind == kind && isMeant($0) }.map(\.id))
            guard kind == .cluster else {
                return ids.map { "arn:\(partition):elasticache::\(account):globalreplicationgroup:\($0)" }
            }
            let clusters = ids.map { "arn:\(partition):rds::\(account):global-cluster:\($0)" }
            return clusters.isEmpty ? [] : clusters + ["arn:\(partition):rds:\(region):\(account):cluster:*"]
        }
        func zone(_ id: String) -> String { "arn:\(partition):route53:::hostedzone/\(id)" }
        func parameter(_ name: String) -> String {
            "arn:\(partition):ssm:\(region):\(account):parameter\(name.hasPrefix("/") ? "" : "/")\(name)"
        }

        Self.add(
            ["route53:ListResourceRecordSets"], Self.each(zones + recordZones).map(zone), to: &harmless)
        for kind in GlobalGroup.Kind.allCases {
            Self.add([kind.readAction], arns(kind) { _ in true }, to: &harmless)
            Self.add([kind.action(.failover)], arns(kind) { $0.policy.means == .failover }, to: &others)
            if kind.action(.switchover) != kind.action(.failover) {
                Self.add([kind.action(.switchover)], arns(kind) { $0.policy.means == .switchover }, to: &others)
            }
            Self.add(
                [kind.action(.detachment)],
                arns(kind) { $0.policy.means == .detachment || $0.policy.detachAfter != nil }, to: &others)
        }
        Self.add(["sns:Publish"], Self.each(watches.compactMap(\.notifyTopicARN)), to: &others)
        Self.add(["route53:GetHostedZone"], recordZones.map(zone), to: &harmless)
        for record in records where !recordZones.isEmpty {
            others.append(
                Group(
                    actions: ["route53:ChangeResourceRecordSets"], resources: [zone(record.hostedZoneID)],
                    context: Self.change(ofCNAMEs: record.names)))
        }
        if watches.contains(where: { $0.writerRecords?.needsEndpoints ?? false }) {
            Self.add(["rds:DescribeDBClusters"], ["arn:\(partition):rds:\(region):\(account):cluster:*"], to: &harmless)
        }
        if watches.contains(where: { $0.primaryRecord?.needsEndpoints ?? false }) {
            let groups = "arn:\(partition):elasticache:\(region):\(account):replicationgroup:*"
            Self.add(["elasticache:DescribeReplicationGroups"], [groups], to: &harmless)
        }
        if let pause = configuration.pauseParameter {
            let history = PromotionHistory.parameterName(beside: pause)
            Self.add(["ssm:GetParameter"], [parameter(pause), parameter(history)], to: &harmless)
            Self.add(["ssm:PutParameter"], [parameter(history)], to: &others)
        }
        if watches.contains(where: { $0.policy.maximumLag != nil }) {
            harmless.append(Group(actions: ["cloudwatch:ListMetrics", "cloudwatch:GetMetricData"], resources: []))
        }
    }

    private static func add(_ actions: [String], _ resources: [String], to groups: inout [Group]) {
        if !resources.isEmpty { groups.append(Group(actions: actions, resources: resources)) }
    }

    private static func change(ofCNAMEs names: [String]) -> [IAM.ContextEntry] {
        [
            .init(key: "route53:ChangeResourceRecordSetsNormalizedRecordNames", values: names),
            .init(key: "route53:ChangeResourceRecordSetsRecordTypes", values: ["CNAME"]),
            .init(key: "route53:ChangeResourceRecordSetsActions", values: ["CREATE", "DELETE"]),
        ]
    }

    /// Each once, in their order.
    static func each(_ values: [String]) -> [String] {
        var seen: Set<String> = []
        return values.filter { seen.insert($0).inserted }
    }
}
