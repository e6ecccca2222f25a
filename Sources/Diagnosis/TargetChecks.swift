internal import Failover
internal import Functions
internal import NameResolution
internal import Promotion

/// Whether the regions of the targets are those that the user has in mind.
enum TargetChecks {
    static func findings(_ records: [FailoverRecord], _ reading: NameReading) -> [Finding] {
        (reading.areTargetsGiven ? given(records) : []) + shared(records, reading) + recordRegions(records, reading)
    }

    /// `RECORD_TARGETS` is believed as it stands: a mistake promotes in the region that is down.
    private static func given(_ records: [FailoverRecord]) -> [Finding] {
        var findings: [Finding] = []
        var unknown: [FailoverRecord] = []
        for record in records {
            // An address says no region.
            guard case .name(let host) = record.target else { continue }
            switch region(ofHost: host) {
            case nil: unknown.append(record)
            case record.region: break
            case let named?: findings.append(.targetOfOtherRegion(record, named))
            }
        }
        return unknown.isEmpty ? findings : findings + [.targetRegionUnknown(unknown)]
    }

    /// What two regions have in common tells neither from the other.
    private static func shared(_ records: [FailoverRecord], _ reading: NameReading) -> [Finding] {
        var regions: [String: Set<String>] = [:]
        for record in records {
            guard let region = record.region else { continue }
            for place in places(of: record.target, reading) { regions[place, default: []].insert(region) }
        }
        var places: [[String]: [String]] = [:]
        for (place, regions) in regions where regions.count > 1 { places[regions.sorted(), default: []].append(place) }
        return places.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { regions, places in
            .sharedTarget(places.sorted(), regions)
        }
    }

    private static func places(of target: FailoverRecord.Target, _ reading: NameReading) -> [String] {
        switch target {
        case .addresses(let addresses): addresses.map(\.description)
        case .name(let name): reading.resolved[name]?.map(\.description) ?? [name]
        }
    }

    private static func recordRegions(_ records: [FailoverRecord], _ reading: NameReading) -> [Finding] {
        let entries = reading.recordRegions.sorted { $0.key < $1.key }
        guard !reading.areTargetsGiven else { return entries.isEmpty ? [] : [.recordRegionsIgnored] }
        guard let identifiers = reading.setIdentifiers else { return [] }
        return entries.flatMap { identifier, region -> [Finding] in
            guard identifiers.contains(identifier) else {
                return [.recordRegionUnused(identifier, reading.dnsName, identifiers.sorted())]
            }
            return records.filter { $0.label == identifier }.compactMap { record in
                guard case .name(let host) = record.target, let named = NameResolution.region(ofHost: host),
                    named != region
                else { return nil }
                return .recordRegionOverruled(identifier, region, host, named)
            }
        }
    }
}

extension Finding {
    static func targetOfOtherRegion(_ record: FailoverRecord, _ named: String) -> Finding {
        .wrong(
            .dns, .targetOfOtherRegion,
            "RECORD_TARGETS has \(record.target) under \(record.label), and its name says \(named)",
            "Put it under \(named): the wrong region would promote its member otherwise.")
    }

    static func targetRegionUnknown(_ records: [FailoverRecord]) -> Finding {
        .warning(
            .dns, .targetRegionUnknown,
            "no region can be read from \(list(records.map { "\($0.target) (under \($0.label))" })) in RECORD_TARGETS",
            "See for yourself that each is under the region that it leads to.")
    }

    static func sharedTarget(_ places: [String], _ regions: [String]) -> Finding {
        .wrong(
            .dns, .sharedTarget, "\(regions.joined(separator: " and ")) have a target in common: \(list(places))",
            "Give each region targets of its own: nobody can tell from that which of them is active.")
    }

    static let recordRegionsIgnored = Finding.warning(
        .dns, .recordRegionUnused, "RECORD_REGIONS is not used, since RECORD_TARGETS says the regions",
        "Leave RECORD_REGIONS out.")

    static func recordRegionUnused(_ identifier: String, _ name: String, _ identifiers: [String]) -> Finding {
        .warning(
            .dns, .recordRegionUnused,
            "RECORD_REGIONS names \(identifier.debugDescription), which is the set identifier of no record of \(name)"
                + (identifiers.isEmpty ? "" : " (there are: \(list(identifiers)))"),
            "Correct or remove it.")
    }

    static func recordRegionOverruled(
        _ identifier: String, _ region: String, _ host: String, _ named: String
    ) -> Finding {
        .warning(
            .dns, .recordRegionOverruled,
            "RECORD_REGIONS says \(region) for \(identifier.debugDescription), and its target \(host) says \(named):"
                + " the target's name wins",
            "Correct or remove the entry.")
    }
}
