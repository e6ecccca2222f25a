import ArgumentParser
import Functions
import ProgramVersion

struct PromoterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promoter",
        abstract: "Makes the ElastiCache Global Datastore, or the Aurora global cluster, follow your DNS failover.",
        discussion: """
            Asks DNS which region the record DNS_NAME sends the traffic to. When that is the region this runs \
            in (AWS_REGION) while its member of the Global Datastore is secondary, the member is promoted with \
            FailoverGlobalReplicationGroup; that of an Aurora global cluster with FailoverGlobalCluster. In every other \
            case nothing is changed, and it says why.

            Without a subcommand it makes one check, and promotes if that says so; --dry-run only says so. \
            'promoter status' never changes anything.

            ENVIRONMENT
              HOSTED_ZONE_ID         Route 53 hosted zone of the record (--hz)
              DNS_NAME               the record (-d, --dns-name)
              GLOBAL_DATASTORE_ID    the datastore (-g, --global-data-store-id)
              GLOBAL_CLUSTER_ID      the Aurora global cluster, instead or as well
                                     (--global-cluster-id)
              AURORA_ACTION          failover, switchover, detach or
                                     failover-then-detach (failover)
              PROMOTE_ORDER          of both: together, cluster-first or
                                     datastore-first (together)
              CHECK_INTERVAL_SECONDS 0.2 to 300: check again and again (0; watch 10, or
                                     --interval)
              CONFIRMATIONS          checks in a row that must agree (1)
              HOLD_DOWN_SECONDS      least time between two promotions (0)
              PROMOTE_IN_STATUS      statuses in which to promote (available)
              RECORD_REGIONS         JSON, set identifier to region, for targets
                                     whose names say no region
              RECORD_TARGETS         JSON, region to targets: the record set, without
                                     Route 53
              WATCHES, WATCHES_FILE  JSON list of watches, for many datastores
              PAUSE_PARAMETER        parameter that pauses; the history is beside it
              MAX_REPLICATION_LAG_SECONDS, WHEN_LAG_UNKNOWN
                                     do not promote what is further behind (any; hold)
              WHEN_FAILOVER_REFUSED, DETACH_AFTER_SECONDS
                                     hold or detach (hold; 300)
              PRIMARY_RECORD_NAME, PRIMARY_ENDPOINT, RECORD_TTL_SECONDS
                                     CNAME that the function points at the primary
              WRITER_RECORD_NAME, READER_RECORD_NAME
                                     CNAMEs that it points at its Aurora cluster
              NOTIFY_TOPIC_ARN       SNS topic that is told of promotions
              ALERT_AFTER_SECONDS    when a promotion that cannot happen is told (300)
              METRICS                on or off (on)
              CACHE_MAX_AGE_SECONDS  how old cached members may get; 0: any age
              DRY_RUN, PAUSED        true or false (false)
              AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL, …: as in every AWS SDK

            EXIT CODE
              0   the check was made, whatever it decided
              1   it failed
              64  wrong usage or configuration
            """,
        version: promoterBuild,
        subcommands: [
            Check.self, Watch.self, Status.self, Doctor.self, Pause.self, Resume.self, Failover.self, Switchover.self,
            Detach.self, History.self, Rejoin.self, Probe.self, Endpoints.self,
        ],
        defaultSubcommand: Check.self)
}
