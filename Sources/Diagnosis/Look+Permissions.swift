internal import AWSClient
internal import Failover
internal import Functions
internal import NameResolution
internal import Promotion

extension Look {
    /// What was found out of permissions on the way.
    func done(
        _ names: [NameReading], _ groups: [GlobalGroup.Kind: GroupReading.Groups], _ pause: PauseReading?
    ) -> [PermissionReading] {
        var readings: [PermissionReading] = []
        let zones = assembly.configuration.watches.compactMap(\.hostedZoneID)
        let records = names.compactMap(\.records)
        if !zones.isEmpty, !records.isEmpty {
            let failures = records.compactMap { if case .failure(let error) = $0 { error as? AWSError } else { nil } }
            readings.append(.done(action: "route53:ListResourceRecordSets", failures: failures))
        }
        for kind in GlobalGroup.Kind.allCases {
            guard let groups = groups[kind], !groups.isEmpty else { continue }
            let failures = groups.sorted { $0.key < $1.key }.compactMap { group in
                if case .failure(let error) = group.value { error } else { nil }
            }
            readings.append(.done(action: kind.readAction, failures: failures))
        }
        if let pause { readings.append(.done(action: "ssm:GetParameter", failures: pause.failures)) }
        return readings
    }

    /// Reads a metric, where the functions do.
    func metrics() async -> [PermissionReading] {
        guard assembly.configuration.watches.contains(where: { $0.policy.maximumLag != nil }) else { return [] }
        let cloudWatch = CloudWatch(assembly.client, region: assembly.region)
        let metrics: [Metric]
        // It knows no resources: who may read one metric may read all.
        let lag: LagMetric = assembly.watches.first?.identity.kind == .cluster ? .globalCluster : .globalDatastore
        do throws(AWSError) {
            metrics = try await cloudWatch.listMetrics(
                namespace: lag.namespace, name: lag.name, deadline: deadline())
        } catch { return [.done(action: "cloudwatch:ListMetrics", failures: [error])] }
        let listed = PermissionReading.done(action: "cloudwatch:ListMetrics", failures: [])
        do throws(AWSError) {
            let now = Timestamp.current()
            // Of none, if there is none: it is the permission that matters.
            let metric = metrics.first ?? Metric(namespace: lag.namespace, name: "CPUUtilization", dimensions: [])
            _ = try await cloudWatch.latestValues(
                of: [metric], statistic: "Maximum", period: 60, since: now.adding(seconds: -300), until: now,
                deadline: deadline())
        } catch { return [listed, .done(action: "cloudwatch:GetMetricData", failures: [error])] }
        return [listed, .done(action: "cloudwatch:GetMetricData", failures: [])]
    }

    /// What the policies of the function's role say to all that it needs; without a function, those of the caller to
    /// what cannot be found out by doing it.
    func simulated(_ identity: Result<STS.CallerIdentity, AWSError>) async -> [PermissionReading] {
        let caller = try? identity.get()
        let principal = (role ?? caller?.arn).flatMap(Principal.init(callerARN:))
        let account = principal?.account ?? caller?.account ?? ""
        let needed = NeededActions(
            assembly.configuration, unknown: unknown, region: assembly.region, account: account)
        let simulator = PermissionSimulator(iam: IAM(assembly.client), principal: principal, deadline: deadline())
        return await simulator.read(role == nil ? needed.others : needed.harmless + needed.others)
    }
}
