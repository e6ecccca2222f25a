/// What the objects of a list can say: for each member the variable that it stands for, whose name in lower camel case
/// it mostly has.
package struct EntrySchema: Sendable {
    /// How it is written, where not as the text that the variable would have.
    enum Form {
        case text
        case number
        case flag
        case object
        case words
    }

    let members: [String: (variable: String, form: Form)]

    var allowed: String { (["name"] + members.keys.sorted()).joined(separator: ", ") }

    /// The member that stands for a variable; the variable itself where none does.
    func member(for variable: String) -> String {
        members.first { $0.value.variable == variable }?.key ?? variable
    }

    package var variables: Set<String> { Set(members.values.map(\.variable)) }

    /// Of `WATCHES`.
    package static let watch = EntrySchema(members: [
        "hostedZoneId": ("HOSTED_ZONE_ID", .text), "dnsName": ("DNS_NAME", .text),
        "globalDatastoreId": ("GLOBAL_DATASTORE_ID", .text), "globalClusterId": ("GLOBAL_CLUSTER_ID", .text),
        "auroraAction": ("AURORA_ACTION", .text), "promoteOrder": ("PROMOTE_ORDER", .text),
        "recordTargets": ("RECORD_TARGETS", .object), "recordRegions": ("RECORD_REGIONS", .object),
        "confirmations": ("CONFIRMATIONS", .number), "holdDownSeconds": ("HOLD_DOWN_SECONDS", .number),
        "promoteInStatus": ("PROMOTE_IN_STATUS", .words), "cacheMaxAgeSeconds": ("CACHE_MAX_AGE_SECONDS", .number),
        "checkIntervalSeconds": ("CHECK_INTERVAL_SECONDS", .number),
        "maxReplicationLagSeconds": ("MAX_REPLICATION_LAG_SECONDS", .number),
        "whenLagUnknown": ("WHEN_LAG_UNKNOWN", .text), "whenFailoverRefused": ("WHEN_FAILOVER_REFUSED", .text),
        "detachAfterSeconds": ("DETACH_AFTER_SECONDS", .number), "notifyTopicArn": ("NOTIFY_TOPIC_ARN", .text),
        "alertAfterSeconds": ("ALERT_AFTER_SECONDS", .number), "dryRun": ("DRY_RUN", .flag),
        "paused": ("PAUSED", .flag), "primaryRecordName": ("PRIMARY_RECORD_NAME", .text),
        "writerRecordName": ("WRITER_RECORD_NAME", .text), "readerRecordName": ("READER_RECORD_NAME", .text),
        "primaryEndpoint": ("PRIMARY_ENDPOINT", .text), "recordTtlSeconds": ("RECORD_TTL_SECONDS", .number),
    ])

    /// Of `PROBES`. A password has no place in it: it would be shown with whatever else is wrong with the list.
    static let probe = EntrySchema(members: [
        "redisHost": ("REDIS_HOST", .text), "redisPort": ("REDIS_PORT", .number), "redisTls": ("REDIS_TLS", .flag),
        "redisCaBundle": ("REDIS_CA_BUNDLE", .text), "redisTlsServerName": ("REDIS_TLS_SERVER_NAME", .text),
        "redisUsername": ("REDIS_USERNAME", .text), "redisSecretArn": ("REDIS_SECRET_ARN", .text),
        "postgresHost": ("POSTGRES_HOST", .text), "postgresPort": ("POSTGRES_PORT", .number),
        "postgresDatabase": ("POSTGRES_DATABASE", .text), "postgresUsername": ("POSTGRES_USERNAME", .text),
        "postgresSecretArn": ("POSTGRES_SECRET_ARN", .text), "postgresTlsMode": ("POSTGRES_TLS_MODE", .text),
        "postgresCaBundle": ("POSTGRES_CA_BUNDLE", .text),
        "postgresTlsServerName": ("POSTGRES_TLS_SERVER_NAME", .text), "postgresProbe": ("POSTGRES_PROBE", .text),
        "expectRole": ("EXPECT_ROLE", .text), "whenReadOnly": ("WHEN_READ_ONLY", .text),
        "connectTimeoutSeconds": ("CONNECT_TIMEOUT_SECONDS", .number),
        "readTimeoutSeconds": ("READ_TIMEOUT_SECONDS", .number), "dimensions": ("METRIC_DIMENSIONS", .object),
        "failuresToUnhealthy": ("FAILURES_TO_UNHEALTHY", .number),
        "successesToHealthy": ("SUCCESSES_TO_HEALTHY", .number),
    ])
}
