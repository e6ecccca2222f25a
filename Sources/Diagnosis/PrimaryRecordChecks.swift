internal import AWSClient
internal import EndpointRecords
internal import Failover
internal import Functions
internal import Promotion

/// What the last step of a promotion would do now to the records that lead to the primary.
struct PrimaryRecordReading: Sendable {
    var settings: PrimaryRecordKeeper.Settings
    var report: Result<SyncReport, any Error>

    /// Changes nothing.
    ///
    /// - Returns: nil where no such record is configured.
    static func take(
        _ configuration: WatchConfiguration, _ kind: GlobalGroup.Kind, _ client: AWSClient, region: String,
        deadline: ContinuousClock.Instant
    ) async -> PrimaryRecordReading? {
        guard let settings = configuration.records(of: kind),
            let group = configuration.groups.first(where: { $0.kind == kind })
        else { return nil }
        let keeper = PrimaryRecordKeeper(
            settings: settings, client: client, group: group, region: region, isDryRun: true)
        // As after a check that found the region in place; who is the primary it asks by itself.
        guard await keeper.note(.hold(.inPlace)) else { return nil }
        return await keeper.bringUpToDate(deadline: deadline).map {
            PrimaryRecordReading(settings: settings, report: $0)
        }
    }
}

enum PrimaryRecordChecks {
    static func findings(_ reading: PrimaryRecordReading) -> [Finding] {
        switch reading.report {
        case .failure(let error as RecordsLeftUndone): [.primaryRecordObstructed(error.finding.words)]
        case .failure(let error): [.primaryRecordUnreadable(reading.settings, error)]
        case .success(let report) where !report.planned.isEmpty: report.planned.map { .primaryRecordDue($0.words) }
        case .success(let report):
            if report.standing == .primary, report.findings.isEmpty {
                [.primaryRecordInPlace(reading.settings.names.joined(separator: " and "))]
            } else if case .standby = report.standing {
                [.primaryRecordOfOtherRegion(reading.settings.names.joined(separator: " and "))]
            } else {
                report.findings.map {
                    .primaryRecordLeftAlone(reading.settings.names.joined(separator: " and "), $0.words)
                }
            }
        }
    }
}

extension Finding {
    static func primaryRecordInPlace(_ name: String) -> Finding {
        .good(.record, .recordInPlace, "\(name): where this region's primary is, as it should be")
    }

    static func primaryRecordOfOtherRegion(_ name: String) -> Finding {
        .good(
            .record, .recordOfOtherRegion,
            "\(name): can be read, and is the other region's to point while this one is secondary")
    }

    static func primaryRecordDue(_ change: String) -> Finding {
        .warning(
            .record, .recordDue, "the name of the primary is to be changed: \(change)",
            "The function does it at its next check that finds this region active and primary: look at its log if that lasts."
        )
    }

    static func primaryRecordLeftAlone(_ name: String, _ words: String) -> Finding {
        .warning(
            .record, .recordLeftAlone, "\(name): \(words)",
            "The name does not follow a promotion as long as this is so: look at the group and its members.")
    }

    static func primaryRecordObstructed(_ words: String) -> Finding {
        .wrong(
            .record, .recordObstructed, words,
            "The name does not follow a promotion as long as this is so; the promotion itself does not wait for it.")
    }

    static func primaryRecordUnreadable(_ settings: PrimaryRecordKeeper.Settings, _ error: any Error) -> Finding {
        .wrong(
            .record, .recordUnreadable,
            "\(settings.names.joined(separator: " and ")), of the primary, cannot be kept: \(clause(error))",
            remedy(of: error)
                ?? "Correct \(settings.records.map(\.variable).joined(separator: ", ")) or HOSTED_ZONE_ID.")
    }
}
