internal import Functions
package import JSON

/// One thing that `promoter doctor` has to say of the set-up.
package struct Finding: Sendable, Equatable {
    package enum Level: String, Sendable {
        case good = "ok"
        /// It can be meant so, or is to be expected in an outage; or it could not be checked.
        case warning
        /// With it a promotion will not come about.
        case wrong = "error"

        var symbol: String {
            switch self {
            case .good: "✓"
            case .warning: "!"
            case .wrong: "✗"
            }
        }
    }

    /// In the order in which a reader wants to know.
    package enum Subject: String, Sendable, CaseIterable {
        case configuration, credentials, endpoint, permission, dns, datastore, cluster, record, pause, notification
        case function
    }

    /// What it is about, for machines: part of the contract of the JSON.
    package enum Code: String, Sendable {
        // Configuration
        case wrongValue, wrongAWSConfiguration, noSuchWatch, watched, oneConfirmation, noHoldDown, dryRun, paused
        case slowConfirmations, noCacheMaxAge, promotesInOtherStatus, neverPromotesInAvailable
        // Credentials
        case caller, callerUnknown, noCredentials
        // Endpoints
        case reachable, slow, unreachable
        // Permissions
        case allowed, denied, notSimulated
        // DNS
        case resolves, doesNotResolve, active, activeUnknown, recordsUnreadable, routingByClient, noRecords
        case targetUnresolved, regionUnreadable, noRecordOfThisRegion
        case targetOfOtherRegion, targetRegionUnknown, sharedTarget, recordRegionUnused, recordRegionOverruled
        // The datastore, and the global cluster
        case clusterMissing, clusterUnreadable
        case available, groupStatus, datastoreMissing, datastoreUnreadable, noLocalMember, severalLocalMembers
        case detached, localMember, promotionWanted, memberNotAssociated, unknownRole, noPrimary, severalPrimaries
        case noAutomaticFailover, lag, lagging, lagUnknown
        // The name of the primary
        case recordInPlace, recordOfOtherRegion, recordDue, recordLeftAlone, recordObstructed, recordUnreadable
        // Pause
        case running, pausedByOperator, pauseUnreadable, pauseParameterMissing
        // Notifications
        case topicExists, topicMissing, topicUnreadable, topicInOtherRegion, topicWithoutSubscription
        // The function
        case functionExists, functionMissing, functionUnreadable, wrongHandler, variablesUnreadable, differs
        case timeoutFits, timeoutTooShort, timeoutLongerThanSchedule, timeoutLeavesGap, scheduleTooSlow
        case notScheduled, scheduleDisabled, scheduleUnknown, concurrencyIsOne, concurrencyNotReserved
        case concurrencyIsZero
    }

    package var level: Level
    package var subject: Subject
    package var code: Code
    /// The name of the watch that it is about; nil where it is about the whole.
    package var watch: String?
    /// What was found: a clause.
    package var text: String
    /// What to do: whole sentences; nil where nothing is.
    package var remedy: String?

    static func good(_ subject: Subject, _ code: Code, _ text: String) -> Finding {
        Finding(level: .good, subject: subject, code: code, text: text)
    }

    static func warning(_ subject: Subject, _ code: Code, _ text: String, _ remedy: String) -> Finding {
        Finding(level: .warning, subject: subject, code: code, text: text, remedy: remedy)
    }

    static func wrong(_ subject: Subject, _ code: Code, _ text: String, _ remedy: String) -> Finding {
        Finding(level: .wrong, subject: subject, code: code, text: text, remedy: remedy)
    }

    func of(_ watch: String) -> Finding {
        var copy = self
        copy.watch = watch
        return copy
    }
}

extension Finding {
    package var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("level", .string(level.rawValue)), .init("subject", .string(subject.rawValue)),
            .init("code", .string(code.rawValue)),
        ]
        if let watch { members.append(.init("watch", .string(watch))) }
        members.append(.init("text", .string(text)))
        if let remedy { members.append(.init("remedy", .string(remedy))) }
        return .object(members)
    }
}
