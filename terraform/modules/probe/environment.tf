locals {
  # A probe as the function reads it. What is null is left out, for they all have to fit into 4 kB: the function's own
  # setting counts then.
  probes = [for probe in var.probes : { for key, value in {
    name                  = probe.name
    redisHost             = probe.redis_host
    redisPort             = probe.redis_port
    redisTls              = probe.redis_tls
    redisCaBundle         = probe.redis_ca_bundle
    redisTlsServerName    = probe.redis_tls_server_name
    redisUsername         = probe.redis_username
    redisSecretArn        = probe.redis_secret_arn
    postgresHost          = probe.postgres_host
    postgresPort          = probe.postgres_port
    postgresDatabase      = probe.postgres_database
    postgresUsername      = probe.postgres_username
    postgresSecretArn     = probe.postgres_secret_arn
    postgresTlsMode       = probe.postgres_tls_mode
    postgresCaBundle      = probe.postgres_ca_bundle
    postgresTlsServerName = probe.postgres_tls_server_name
    postgresProbe         = probe.postgres_probe
    expectRole            = probe.expect_role
    whenReadOnly          = local.probed["${var.name}-${probe.name}"].when_read_only == local.when_read_only ? null : local.probed["${var.name}-${probe.name}"].when_read_only
    connectTimeoutSeconds = probe.connect_timeout_seconds
    readTimeoutSeconds    = probe.read_timeout_seconds
    failuresToUnhealthy   = local.probed["${var.name}-${probe.name}"].failures_to_unhealthy == local.failures_to_unhealthy ? null : local.probed["${var.name}-${probe.name}"].failures_to_unhealthy
    successesToHealthy    = probe.successes_to_healthy
    dimensions            = local.probed["${var.name}-${probe.name}"].dimensions
  } : key => value if value != null }]

  # What has a default is always set, so that the console shows what is in force.
  always_set = {
    WHEN_READ_ONLY          = local.when_read_only
    PROBE_INTERVAL_SECONDS  = tostring(var.probe_interval_seconds)
    CONNECT_TIMEOUT_SECONDS = tostring(var.connect_timeout_seconds)
    READ_TIMEOUT_SECONDS    = tostring(var.read_timeout_seconds)
    METRIC_NAMESPACE        = local.metric_namespace
    METRIC_RESOLUTION       = var.metric_resolution
    FAILURES_TO_UNHEALTHY   = tostring(local.failures_to_unhealthy)
    SUCCESSES_TO_HEALTHY    = tostring(var.successes_to_healthy)
  }
  # Of each kind of server, where one is probed.
  set_for_redis = {
    REDIS_PORT = tostring(var.redis_port)
    REDIS_TLS  = tostring(var.redis_tls)
  }
  set_for_postgres = {
    POSTGRES_PORT     = tostring(var.postgres_port)
    POSTGRES_DATABASE = var.postgres_database
    POSTGRES_TLS_MODE = var.postgres_tls_mode
    POSTGRES_PROBE    = var.postgres_probe
  }
  set_when_given = {
    REDIS_HOST               = var.redis_host
    REDIS_CA_BUNDLE          = var.redis_ca_bundle
    REDIS_TLS_SERVER_NAME    = var.redis_tls_server_name
    REDIS_USERNAME           = var.redis_username
    REDIS_SECRET_ARN         = var.redis_secret_arn
    POSTGRES_HOST            = var.postgres_host
    POSTGRES_USERNAME        = var.postgres_username
    POSTGRES_SECRET_ARN      = var.postgres_secret_arn
    POSTGRES_CA_BUNDLE       = var.postgres_ca_bundle
    POSTGRES_TLS_SERVER_NAME = var.postgres_tls_server_name
    EXPECT_ROLE              = var.expect_role
    PROBES                   = length(var.probes) > 0 ? jsonencode(local.probes) : null
    # Each of a list has its own.
    METRIC_DIMENSIONS = length(var.metric_dimensions) > 0 && length(var.probes) == 0 ? jsonencode(var.metric_dimensions) : null
  }
  environment = merge(
    var.environment,
    local.always_set,
    local.speaks_redis ? local.set_for_redis : {},
    local.speaks_postgres ? local.set_for_postgres : {},
    { for name, value in local.set_when_given : name => value if value != null },
  )

  # Lambda measures all of it as JSON, and length() counts characters.
  environment_bytes = floor(length(base64encode(jsonencode(local.environment))) * 3 / 4)
}
