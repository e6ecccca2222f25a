package struct LocalAWSConfiguration: Sendable {
    /// 0 takes a free one.
    package var port: UInt16 = 0
    /// By the emulator's clock. AWS takes one to two minutes.
    package var failoverDuration: Duration = .seconds(90)
    /// Until a member that is detached has left its datastore, by the emulator's clock.
    package var disassociationDuration: Duration = .seconds(20)
    package var clusterTimes = ClusterTimes()
    package var auroraTimes = AuroraTimes()
    /// Refuse to fail over while the old primary's region is down. AWS's own pages disagree about this: by
    /// the user guide a failover works then, newer material wants both regions healthy.
    package var failoverNeedsOldPrimary = false
    /// Until a change of record sets is INSYNC, by the emulator's clock.
    package var propagationTime: Duration = .seconds(30)
    package var clock: LocalClock.Mode = .real
    /// CloudWatch's minute, in seconds of the emulator's clock: 1 to 60.
    package var minuteSeconds: Double = 60
    /// nil: one of its own, removed in the end.
    package var hostsFile: String?

    package init() {}
}
