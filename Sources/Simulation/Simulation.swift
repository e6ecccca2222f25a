/// One world from its seed to its end.
package struct Simulation {
    package struct Outcome {
        package var facts: [(time: Duration, fact: Witness.Fact)]
        package var violations: [Judge.Violation]
        /// How long the world was.
        package var length: Duration
        /// How long it took, after the last thing had gone wrong, until all was right; nil where it never was.
        package var recovery: Duration?
    }

    package let script: Script

    package init(_ script: Script) {
        self.script = script
    }

    package init(seed: UInt64) {
        self.init(Script(drawnFrom: seed))
    }

    /// - Parameters:
    ///   - variant: in the place of the product.
    ///   - coverage: counts what was met.
    package func run(_ variant: Variant? = nil, coverage: Coverage = Coverage()) -> Outcome {
        var random = SeededGenerator(seed: script.seed &+ 1)
        let time = VirtualTime(random: random.fork())
        let witness = Witness()
        let weather = Weather(script.incidents, random: random.fork(), seen: coverage)
        let world = World(script, time: time, weather: weather, witness: witness, random: random.fork())
        for region in script.regions {
            let promoter = SimulatedPromoter(
                in: region, world: world, random: random.fork(), variant: variant, coverage: coverage)
            time.after(random.duration(in: .zero...(.seconds(60)))) { promoter.begin() }
        }
        // After all else, whose chance it leaves as it is.
        world.records = script.records.map { RecordWorld($0, of: world, seen: coverage, random: random.fork()) }
        let judge = Judge(script.terms)
        // Health checks and resolvers still tell what was.
        time.run(until: script.end + script.healthDelay + script.ttl)
        let unsettled = canSettle(world) ? settle(world, judge) : nil
        let recovery = time.now - script.end
        if unsettled == [], world.isAtRest, script.aftermath > .zero {
            witness.note(.settled, at: time.now)
            time.run(until: time.now + script.aftermath)
        }
        coverage.count(witness.facts)
        return Outcome(
            facts: witness.facts,
            violations: judge.violations(in: witness.facts) + RecordJudge.violations(in: witness.facts, script)
                + (unsettled ?? []),
            length: time.now, recovery: unsettled == [] ? recovery : nil)
    }

    /// Where who is active was not to be seen, and what is in place is not looked at again, a function can be wrong for ever:
    /// a limit that users are told of.
    private func canSettle(_ world: World) -> Bool {
        script.cacheMaxAge > 0 || !script.isChangedByHand && !world.movesQuickly
    }

    /// Until all has come right, and has been so for as long as it takes each function to say it; or the bound is there.
    private func settle(_ world: World, _ judge: Judge) -> [Judge.Violation] {
        let time = world.time
        var rightSince: Int?
        while true {
            let groups = judge.violations(atTheEnd: world.groups, active: world.active, said: [:], at: time.now)
            rightSince = groups.isEmpty ? rightSince ?? world.witness.facts.count : nil
            var unsettled = groups
            if let rightSince {
                unsettled = judge.violations(
                    atTheEnd: world.groups, active: world.active, said: world.said(since: rightSince), at: time.now)
            }
            if unsettled.isEmpty {
                unsettled = RecordJudge.violations(atTheEnd: world)
                guard !unsettled.isEmpty, time.now < script.recordsEnd else { return unsettled }
            } else if time.now >= script.end + script.bound {
                return unsettled
            }
            time.run(until: time.now + .seconds(10))
        }
    }
}

extension World {
    /// What the last invocations answered, as far as they were answered since a fact.
    fileprivate func said(since fact: Int) -> [String: [String]] {
        var said = Dictionary(uniqueKeysWithValues: script.regions.map { ($0, [String]()) })
        for (_, fact) in witness.facts[fact...] {
            if case .answered(let region, .response(let reasons)) = fact { said[region] = reasons }
        }
        return said
    }

    /// Whether nothing of the groups is left to be done.
    fileprivate var isAtRest: Bool {
        !script.dryRun && groups.allSatisfy { $0.detached.isEmpty && $0.operation == nil && $0.primaryRegion == active }
    }

    /// Whether DNS has gone away and come back before each resolver, or a function that stood still, can have heard of it.
    fileprivate var movesQuickly: Bool {
        var last: Duration?
        for (time, fact) in witness.facts {
            guard case .dnsMoved = fact else { continue }
            if let last, time - last < script.ttl * 2 + .seconds(90 + script.timeout) { return true }
            last = time
        }
        return false
    }
}

extension Simulation {
    /// Of all that happened.
    package func fingerprint() -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for (time, fact) in run().facts {
            for byte in "\(time) \(fact)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return hash
    }
}
