extension Script {
    /// Draws whether there are records in this world, and what happens to them.
    mutating func addRecords() {
        guard
            let (script, incidents) = RecordScript.drawn(
                from: seed, regions: regions, kinds: kinds, isCalm: incidents.isEmpty)
        else { return }
        records = script
        self.incidents += incidents
    }

    /// By when all records have to lead where they should. All else has come right by then, and:
    /// - a promoter has pointed its records at the primary, in the check after that, or in another one if that failed;
    /// - what the function `endpoints` was at has ended, by itself or by its timeout, and so has what happened to its
    ///   cluster; the schedule's next invocation, or the one after that if Lambda threw it away, has read it all and
    ///   changed what was wrong.
    var recordsEnd: Duration {
        let promoters = end + bound + .seconds(60 + 10 + 30)
        guard let endpoints = records?.endpoints else { return promoters }
        return max(promoters, end + ClusterKeeper.longestOperation + RecordScript.timeout) + endpoints.interval * 2
            + .seconds(60)
    }

    /// For as long what a change of a record stands on may be no longer so: the longest round of a function, a machine
    /// that stands still in the middle of it, and what AWS tells late.
    var recordSlack: Duration {
        let freezes = incidents.map { incident in
            switch incident.kind {
            case .freeze, .records(.freeze): incident.lasts
            default: Duration.zero
            }
        }
        return terms.slack + (freezes.max() ?? .zero)
    }
}
