extension Script {
    /// A world in which most things are as users have them, and some go wrong.
    package init(drawnFrom seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        self.seed = seed
        regions = ["us-east-1", "us-west-2"] + (random.chance(0.25) ? ["eu-west-1"] : [])
        kinds = random.pick([[.datastore], [.datastore], [.cluster], [.datastore, .cluster]])
        ttl = random.pick([.seconds(60), .seconds(10)])
        healthDelay = random.duration(in: .seconds(5)...(.seconds(60)))
        // Each check costs the simulator the same, and what goes wrong takes longer than the rarest of these.
        interval = random.chance(0.03) ? 1 : random.pick([nil, nil, nil, nil, nil, 2, 5, 5, 5, 10, 10, 10, 10, 10])
        confirmations = random.pick([1, 2, 2, 3])
        holdDown = random.pick([0, 300])
        cacheMaxAge = random.pick([0, 60, 300, 300])
        dryRun = random.chance(0.03)
        detachAfter = random.chance(0.2) ? 180 : nil
        maximumLag = random.chance(0.2) ? 30 : nil
        promoteOrder = random.pick(["together", "cluster-first", "datastore-first"])
        timeout = random.pick([58, 58, 30, 10])
        // Others than EventBridge may invoke them, too.
        schedule = random.chance(0.05) ? .seconds(timeout) : .seconds(60)
        aftermath = random.chance(0.1) ? .seconds(300) : .zero
        incidents = []
        defer { addRecords() }
        guard !random.chance(0.05) else { return }
        if maximumLag != nil, random.chance(0.7) {
            incidents.append(
                Incident(
                    kind: .lag(region: regions[1], by: .seconds(120)), begins: .seconds(30),
                    lasts: random.duration(in: .seconds(60)...(.seconds(400)))))
        }
        // Some worlds are rough, most are not.
        for _ in 0..<1 + random.index(below: random.chance(0.3) ? 12 : 4) { incidents.append(incident(&random)) }
        guard random.chance(0.8) else { return }
        let outage = Incident(
            kind: .outage(region: regions[0]), begins: random.duration(in: .seconds(30)...(.seconds(150))),
            lasts: random.chance(0.4) ? .seconds(100_000) : random.duration(in: .seconds(20)...(.seconds(200))))
        incidents.append(outage)
        guard detachAfter != nil, random.chance(0.6) else { return }
        // What has to last for a member to be detached.
        let kinds: [Incident.Kind] = [
            .slowFailovers, .busy, .refusal(service: "elasticache", .invalidState, probability: 1),
            .refusal(service: "rds", .denied, probability: 1),
        ]
        incidents.append(
            Incident(
                kind: random.pick(kinds), begins: outage.begins,
                lasts: random.duration(in: .seconds(200)...(.seconds(400)))))
        incidents[incidents.count - 2].lasts += .seconds(300)
    }

    private func incident(_ random: inout SeededGenerator) -> Incident {
        let region = random.pick(regions)
        var incident = Incident(
            kind: .paused, begins: random.duration(in: .zero...(.seconds(250))),
            lasts: random.duration(in: .seconds(1)...(.seconds(90))))
        incident.kind =
            switch random.index(below: 16) {
            case 0, 1: .nameServers(region: region, random.pick(Incident.NameServerFault.allCases))
            case 2, 3, 4: Self.passage(region, &random)
            case 5, 6: Self.refusal(&random)
            case 7: .staleReads(region: region, age: random.duration(in: .seconds(1)...(.seconds(20))))
            case 8: random.chance(0.5) ? .failingFailovers : .slowFailovers
            case 9: random.chance(0.5) ? .crash(region: region) : .overlap(region: region)
            case 10: .freeze(region: region)
            case 11: .outage(region: region)
            case 12: .flapping(region: region, every: random.duration(in: .seconds(5)...(.seconds(40))))
            case 13: random.chance(0.5) ? .busy : .apart(region: region)
            case 14:
                random.chance(0.5)
                    ? .lag(region: region, by: .seconds(120)) : .wallClock(region: region, by: skew(&random))
            default: random.chance(0.5) ? .promotedByHand(region: region) : .paused
            }
        // It takes a minute until all know.
        if incident.kind == .paused { incident.lasts *= 4 }
        return incident
    }

    /// Steps of seconds, which nobody minds, and of hours, for which AWS refuses all.
    private func skew(_ random: inout SeededGenerator) -> Duration {
        random.duration(in: .seconds(1)...(.seconds(random.pick([20, 20_000])))) * random.pick([1, -1])
    }

    private static func passage(_ region: String, _ random: inout SeededGenerator) -> Incident.Kind {
        .passage(
            origin: region,
            service: random.pick(["changes", "changes", "elasticache", "rds", "route53", "ssm", "monitoring", nil]),
            random.pick(Incident.PassageFault.allCases), probability: random.pick([0.05, 0.3, 1]))
    }

    private static func refusal(_ random: inout SeededGenerator) -> Incident.Kind {
        .refusal(
            service: random.pick([
                "changes", "changes", "elasticache", "elasticache", "rds", "route53", "ssm", "monitoring",
            ]),
            random.pick(Incident.Refusal.allCases), probability: random.pick([0.05, 0.3, 1]))
    }
}
