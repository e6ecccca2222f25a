/// What the README promises of promotions, whatever goes wrong.
package enum Promise: String, Sendable, CaseIterable {
    // Safety: at every step.
    case onlyTheOwnMember = "a function changes nothing but its own region's member"
    case onlyWhereDNSSaysSo = "a change stands on as many answers of DNS in a row as CONFIRMATIONS says, of this region"
    case onlyWhatWasReadAnew = "a change stands on a read of the group by the same check, one for each request"
    case notWhereNothingIsWrong = "nothing is promoted where DNS never left the primary's region"
    case notWhilePaused = "nothing is changed while promotions are paused"
    case notInDryRun = "DRY_RUN changes nothing"
    case notInHoldDown = "one process promotes once in HOLD_DOWN_SECONDS"
    case notWhatIsUnderWay = "nothing is promoted in a group that is being changed"
    case notWhatIsInPlace = "what is primary is not promoted"
    case notWhatIsApart = "no member is promoted that does not take part in the replication"
    case notWhatLags = "no member is promoted that lags behind by more than MAX_REPLICATION_LAG_SECONDS"
    case inItsOrder = "of two groups the second waits for the first, as PROMOTE_ORDER says"
    case noDetachmentUnasked = "nothing is detached that was not to be, or sooner than DETACH_AFTER_SECONDS"
    case noStorm = "AWS is not asked for the same change more than 45 times a minute"
    case quietWhereNothingChanges =
        "AWS is not called while nothing changes, but for PAUSE_PARAMETER and CACHE_MAX_AGE_SECONDS"
    case answersInTime = "each invocation is answered before its deadline"
    // Of records, at every step.
    case onlyOwnRecords =
        "no record is changed but those of the own function, and none of those is taken from the primary"
    case onlyOwnEndpoints = "no record is pointed at what was never an endpoint of its cluster"
    case onlyAtThePrimary = "the primary's records are pointed at no region that was not primary when that was read"
    case onlyAtReplicas = "a replica's record is pointed at no node that was no replica when that was read"
    case noNeedlessChanges = "no record is replaced by itself"
    // Liveness: once nothing goes wrong any more.
    case comesRight = "when all is well again, the active region is primary"
    case agrees = "when all is well again, each function says what is so"
    case recordsComeRight = "when all is well again, each record leads where it should"
}
