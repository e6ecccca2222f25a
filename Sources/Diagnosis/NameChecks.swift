internal import Failover
internal import Functions
internal import NameResolution
internal import Promotion

/// DNS as it has to be for one watch.
enum NameChecks {
    static func findings(_ reading: NameReading) -> [Finding] {
        var findings = [answer(reading)]
        switch reading.records {
        case nil: return findings
        case .failure(let error): return findings + [.recordsUnreadable(reading.dnsName, error)]
        case .success(let records):
            findings += active(reading)
            findings += targets(records, reading) + TargetChecks.findings(records, reading)
            let regions = records.compactMap(\.region)
            // Where a region cannot be read, it may be this one.
            if regions.count == records.count, !records.isEmpty, !regions.contains(reading.ownRegion) {
                findings.append(.noRecordOfThisRegion(reading.dnsName, reading.ownRegion, regions))
            }
            return findings
        }
    }

    private static func answer(_ reading: NameReading) -> Finding {
        switch reading.answer {
        case .success(let answer): .resolves(reading.dnsName, answer.addresses, in: reading.duration)
        case .failure(let error): .doesNotResolve(error)
        }
    }

    private static func active(_ reading: NameReading) -> [Finding] {
        switch reading.active {
        case .notAsked: return []
        case .region(let region): return [.active(region, isOwn: region == reading.ownRegion)]
        case .ambiguous(let regions): return [.ambiguous(regions, reading.dnsName)]
        case .unknown(.routingByClient(let policy)): return [.routingByClient(policy, reading.dnsName)]
        // Said of the name itself, or of the record.
        case .unknown(.nameNotResolved), .unknown(.regionNotReadable): return []
        case .unknown(.noRecords): return [.noRecords(reading.dnsName)]
        case .unknown(.noRecordMatches(let answer)): return [.noRecordMatches(answer, reading.dnsName)]
        }
    }

    private static func targets(_ records: [FailoverRecord], _ reading: NameReading) -> [Finding] {
        records.flatMap { record -> [Finding] in
            var findings: [Finding] = []
            if record.region == nil { findings.append(.regionUnreadable(record)) }
            if case .name(let name) = record.target, let failure = reading.unresolved[name] {
                findings.append(.targetUnresolved(record, failure, isOwn: record.region == reading.ownRegion))
            }
            return findings
        }
    }
}

extension Finding {
    static func resolves(_ name: String, _ addresses: [IPAddress], in duration: Duration) -> Finding {
        .good(
            .dns, .resolves,
            "\(name) answers with \(list(addresses.map(\.description))) in \(milliseconds(duration))")
    }

    static func doesNotResolve(_ error: ResolutionError) -> Finding {
        .wrong(
            .dns, .doesNotResolve, clause(error),
            "Without an answer nothing is ever promoted: see that the resolver of this network knows the name.")
    }

    static func recordsUnreadable(_ name: String, _ error: any Error) -> Finding {
        .wrong(
            .dns, .recordsUnreadable, "the records of \(name) cannot be read: \(clause(error))",
            remedy(of: error) ?? "Without them nothing is ever promoted: check HOSTED_ZONE_ID, or set RECORD_TARGETS.")
    }

    static func active(_ region: String, isOwn: Bool) -> Finding {
        .good(.dns, .active, "\(region) is active\(isOwn ? ", which is this region" : "")")
    }

    static func ambiguous(_ regions: [String], _ name: String) -> Finding {
        .warning(
            .dns, .activeUnknown, "\(name) answers with addresses of \(regions.joined(separator: " and ")) at once",
            "Nothing is promoted until it is one: look at the records if that lasts.")
    }

    static func noRecordMatches(_ answer: [String], _ name: String) -> Finding {
        .wrong(
            .dns, .activeUnknown,
            "the active region is not known: \(name) answers with \(list(answer)), which no record has for a target",
            "Check that HOSTED_ZONE_ID, or RECORD_TARGETS, is what the resolver of this network answers from:"
                + " a private zone of the same name may come first.")
    }

    static func noRecords(_ name: String) -> Finding {
        .wrong(
            .dns, .noRecords, "the zone has no A, AAAA or CNAME record \(name)", "Correct HOSTED_ZONE_ID or DNS_NAME.")
    }

    static func routingByClient(_ policy: String, _ name: String) -> Finding {
        .wrong(
            .dns, .routingByClient,
            "\(name) has \(policy) records to several regions, and answers each client differently",
            "Watch a name with failover records: there is no one active region otherwise.")
    }

    static func noRecordOfThisRegion(_ name: String, _ region: String, _ regions: [String]) -> Finding {
        .warning(
            .dns, .noRecordOfThisRegion,
            "no record of \(name) leads to \(region), only to \(list(NeededActions.each(regions)))",
            "The member in \(region) is never promoted by DNS: add a record, or take the function out of this region.")
    }

    static func regionUnreadable(_ record: FailoverRecord) -> Finding {
        .wrong(
            .dns, .regionUnreadable, "no region can be read from the target \(record.target) of record \(record.label)",
            "Name it in RECORD_REGIONS, as in {\"\(record.label)\":\"us-east-1\"}.")
    }

    static func targetUnresolved(_ record: FailoverRecord, _ error: ResolutionError, isOwn: Bool) -> Finding {
        let text = "the target of record \(record.label) is not known in DNS: \(clause(error))"
        guard isOwn else {
            return .warning(
                .dns, .targetUnresolved, text, "In an outage of that region this is to be expected, else correct it.")
        }
        return .wrong(
            .dns, .targetUnresolved, text, "As long as this is so, this region is never seen to be active: correct it.")
    }
}
