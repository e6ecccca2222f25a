# What to probe

variable "redis_host" {
  description = "Host name or address of the endpoint of this region: ElastiCache's own name, or a CNAME of yours with `redis_tls_server_name`. Not the failover record: each region's probe asks its own."
  type        = string
  default     = null

  validation {
    condition = var.redis_host == null || try(
      length(trimsuffix(var.redis_host, ".")) <= 253 &&
      can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.redis_host)) &&
      !can(regex("[.][0-9]+[.]?$", var.redis_host)), false
    ) || can(cidrhost("${var.redis_host}/32", 0))
    error_message = "redis_host is neither a host name nor an address: set it to one such as master.sessions.abc123.use1.cache.amazonaws.com, without redis:// and without a port."
  }
  validation {
    condition     = length(concat(var.redis_host[*], var.postgres_host[*], length(var.probes) > 0 ? ["a list"] : [])) == 1
    error_message = "redis_host, postgres_host or probes: set the one endpoint to probe, such as master.sessions.abc123.use1.cache.amazonaws.com, or a list of them, and no two of the three."
  }
}

variable "redis_port" {
  description = "TCP port of the endpoint."
  type        = number
  default     = 6379
  nullable    = false

  validation {
    condition     = var.redis_port >= 1 && var.redis_port <= 65535 && floor(var.redis_port) == var.redis_port
    error_message = "redis_port is no TCP port: set it to a whole number from 1 to 65535."
  }
}

variable "redis_tls" {
  description = "Whether the endpoint speaks TLS. False only where the replication group has no encryption in transit."
  type        = bool
  default     = true
  nullable    = false
}

variable "redis_tls_server_name" {
  description = "Name to verify the certificate against, where `redis_host` is a CNAME of your own: ElastiCache's certificates are for its own names. Left out: `redis_host`."
  type        = string
  default     = null

  validation {
    condition     = var.redis_tls_server_name == null || can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.redis_tls_server_name)) && !can(regex("[.][0-9]+[.]?$", var.redis_tls_server_name)) || can(cidrhost("${var.redis_tls_server_name}/32", 0))
    error_message = "redis_tls_server_name is no host name: set it to the endpoint's own, such as master.sessions.abc123.use1.cache.amazonaws.com."
  }
  validation {
    condition     = var.redis_tls_server_name == null || var.redis_tls
    error_message = "redis_tls_server_name is for TLS: leave it out, or set redis_tls to true."
  }
}

variable "redis_ca_bundle" {
  description = "Path of a file of certificates to trust, such as one of a layer in `/opt`. Left out: those of the runtime, which know ElastiCache's."
  type        = string
  default     = null

  validation {
    condition     = var.redis_ca_bundle == null || can(regex("^/.+$", var.redis_ca_bundle))
    error_message = "redis_ca_bundle is no absolute path: set it to one such as /opt/ca.pem."
  }
  validation {
    condition     = var.redis_ca_bundle == null || var.redis_tls
    error_message = "redis_ca_bundle is for TLS: leave it out, or set redis_tls to true."
  }
}

variable "redis_username" {
  description = "User to authenticate as, where the secret does not name one. Give the probe a user of its own that may run what it runs and nothing else."
  type        = string
  default     = null

  validation {
    condition     = var.redis_username == null || can(regex("^[!-~]{1,128}$", var.redis_username))
    error_message = "redis_username is no user name: set it to 1 to 128 printable ASCII characters without blanks, or leave it out."
  }
}

variable "redis_secret_arn" {
  description = "Secret of Secrets Manager, in this region, with the password: the password alone, or JSON such as `{\"username\": \"probe\", \"password\": \"…\"}`. Left out: no authentication. There is no variable for the password itself, which would lie open in the state and in the function's configuration."
  type        = string
  default     = null

  validation {
    condition     = var.redis_secret_arn == null || can(regex("^arn:[^:]+:secretsmanager:[^:]+:[0-9]{12}:secret:.+-[A-Za-z0-9]{6}$", var.redis_secret_arn))
    error_message = "redis_secret_arn is not the whole ARN of a secret: set it to one such as arn:aws:secretsmanager:us-east-1:123456789012:secret:probe-AbCdEf, with the six characters that AWS puts at its end."
  }
  validation {
    condition     = try(split(":", var.redis_secret_arn)[3] == local.region, true)
    error_message = "redis_secret_arn is of another region than ${local.region}, and would be out of reach when that region is: replicate the secret, and give each region's module its own."
  }
}

variable "postgres_host" {
  description = "Host name or address of a PostgreSQL server of this region, such as Aurora's cluster endpoint, instead of `redis_host`; or a CNAME of yours with `postgres_tls_server_name`. Not the failover record, and not the global writer endpoint, which lead to other regions, too."
  type        = string
  default     = null

  validation {
    condition = var.postgres_host == null || try(
      length(trimsuffix(var.postgres_host, ".")) <= 253 &&
      can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.postgres_host)) &&
      !can(regex("[.][0-9]+[.]?$", var.postgres_host)), false
    ) || can(cidrhost("${var.postgres_host}/32", 0))
    error_message = "postgres_host is neither a host name nor an address: set it to one such as orders.cluster-abc123.us-east-1.rds.amazonaws.com, without postgres:// and without a port."
  }
}

variable "postgres_port" {
  description = "TCP port of the server."
  type        = number
  default     = 5432
  nullable    = false

  validation {
    condition     = var.postgres_port >= 1 && var.postgres_port <= 65535 && floor(var.postgres_port) == var.postgres_port
    error_message = "postgres_port is no TCP port: set it to a whole number from 1 to 65535."
  }
}

variable "postgres_database" {
  description = "Database to log in to. In it is the table `promoter_probe`; see [PostgreSQL](#postgresql)."
  type        = string
  default     = "postgres"
  nullable    = false

  validation {
    condition     = can(regex("^[^[:cntrl:]]{1,63}$", var.postgres_database)) && trimspace(var.postgres_database) == var.postgres_database
    error_message = "postgres_database is no name of a database: set it to 1 to 63 characters, without blanks around them."
  }
}

variable "postgres_username" {
  description = "User to log in as, where the secret does not name one."
  type        = string
  default     = null

  validation {
    condition     = var.postgres_username == null || can(regex("^[!-~]{1,63}$", var.postgres_username))
    error_message = "postgres_username is no user name: set it to 1 to 63 printable ASCII characters without blanks, or leave it out."
  }
}

variable "postgres_secret_arn" {
  description = "Secret of Secrets Manager, in this region, with `username` and `password` as RDS writes them, or with the password alone. Needed with `postgres_host`. Its `host` and `port` do not count: each region's probe asks its own."
  type        = string
  default     = null

  validation {
    condition     = var.postgres_secret_arn == null || can(regex("^arn:[^:]+:secretsmanager:[^:]+:[0-9]{12}:secret:.+-[A-Za-z0-9]{6}$", var.postgres_secret_arn))
    error_message = "postgres_secret_arn is not the whole ARN of a secret: set it to one such as arn:aws:secretsmanager:us-east-1:123456789012:secret:probe-AbCdEf, with the six characters that AWS puts at its end."
  }
  validation {
    condition     = try(split(":", var.postgres_secret_arn)[3] == local.region, true)
    error_message = "postgres_secret_arn is of another region than ${local.region}, and would be out of reach when that region is: replicate the secret, and give each region's module its own."
  }
}

variable "postgres_tls_mode" {
  description = "How TLS is spoken: `verify-full`; `require`, without a look at the certificate; or `disable`."
  type        = string
  default     = "verify-full"
  nullable    = false

  validation {
    condition     = contains(["verify-full", "require", "disable"], var.postgres_tls_mode)
    error_message = "postgres_tls_mode is wrong: set it to verify-full, require or disable."
  }
}

variable "postgres_ca_bundle" {
  description = "Path of a file of certificates to trust, such as one of a layer in `/opt`. RDS has authorities of its own, which the runtime does not know: give it the bundle of the region, see [PostgreSQL](#postgresql)."
  type        = string
  default     = null

  validation {
    condition     = var.postgres_ca_bundle == null || can(regex("^/.+$", var.postgres_ca_bundle))
    error_message = "postgres_ca_bundle is no absolute path: set it to one such as /opt/us-east-1-bundle.pem."
  }
  validation {
    condition     = var.postgres_ca_bundle == null || var.postgres_tls_mode == "verify-full"
    error_message = "postgres_ca_bundle is for certificates that are checked: leave it out, or set postgres_tls_mode to verify-full."
  }
}

variable "postgres_tls_server_name" {
  description = "Name to verify the certificate against, where `postgres_host` is a CNAME of your own. Left out: `postgres_host`."
  type        = string
  default     = null

  validation {
    condition     = var.postgres_tls_server_name == null || can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.postgres_tls_server_name)) && !can(regex("[.][0-9]+[.]?$", var.postgres_tls_server_name)) || can(cidrhost("${var.postgres_tls_server_name}/32", 0))
    error_message = "postgres_tls_server_name is no host name: set it to the endpoint's own, such as orders.cluster-abc123.us-east-1.rds.amazonaws.com."
  }
  validation {
    condition     = var.postgres_tls_server_name == null || var.postgres_tls_mode == "verify-full"
    error_message = "postgres_tls_server_name is for certificates that are checked: leave it out, or set postgres_tls_mode to verify-full."
  }
}

variable "postgres_probe" {
  description = "`write`: an `UPDATE` of a table of one row, and the value read back; or `read`: a `SELECT`, and nothing is written."
  type        = string
  default     = "write"
  nullable    = false

  validation {
    condition     = contains(["write", "read"], var.postgres_probe)
    error_message = "postgres_probe is wrong: set it to write or read."
  }
}

variable "secret_kms_key_arn" {
  description = "KMS key that encrypts the secret, where it is one of yours. Left out: `aws/secretsmanager`, for which no permission is needed."
  type        = string
  default     = null

  validation {
    condition     = var.secret_kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.secret_kms_key_arn))
    error_message = "secret_kms_key_arn is not the ARN of a key: set it to one such as arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab."
  }
  validation {
    condition     = var.secret_kms_key_arn == null || length(compact(concat([var.redis_secret_arn, var.postgres_secret_arn], var.probes[*].redis_secret_arn, var.probes[*].postgres_secret_arn))) > 0
    error_message = "secret_kms_key_arn is of no use without a secret: set redis_secret_arn or postgres_secret_arn, or leave it out."
  }
}

variable "expect_role" {
  description = "Role without which the endpoint counts as unhealthy. `primary`: the probe asks for it after it has written; `replica`: it asks for it instead of writing. Left out: it only writes. See [who decides the way back](#who-decides-the-way-back) before you set it with a `record`."
  type        = string
  default     = null

  validation {
    condition     = var.expect_role == null || contains(["primary", "replica"], coalesce(var.expect_role, "-"))
    error_message = "expect_role is wrong: set it to primary or replica, or leave it out."
  }
}

variable "when_read_only" {
  description = "Whether an endpoint that answers but takes no writes, as a secondary region's does, is `healthy` or `unhealthy`. Left out: `unhealthy` with a `PRIMARY` `record` or `expect_role = \"primary\"`, else `healthy`, since a standby is meant to be read-only and must not ring its alarm for ever. See [who decides the way back](#who-decides-the-way-back)."
  type        = string
  default     = null

  validation {
    condition     = var.when_read_only == null || contains(["unhealthy", "healthy"], coalesce(var.when_read_only, "-"))
    error_message = "when_read_only is wrong: set it to unhealthy or healthy, or leave it out."
  }
}

variable "probes" {
  description = "Several endpoints in one function, instead of `redis_host` or `postgres_host`, of which each has one, with an alarm and a health check of its own. What a probe leaves out is taken from the other variables; `dimensions` of its metrics, left out, are `metric_dimensions` and its name as `Probe`."
  type = list(object({
    name                     = string
    redis_host               = optional(string)
    redis_port               = optional(number)
    redis_tls                = optional(bool)
    redis_ca_bundle          = optional(string)
    redis_tls_server_name    = optional(string)
    redis_username           = optional(string)
    redis_secret_arn         = optional(string)
    postgres_host            = optional(string)
    postgres_port            = optional(number)
    postgres_database        = optional(string)
    postgres_username        = optional(string)
    postgres_secret_arn      = optional(string)
    postgres_tls_mode        = optional(string)
    postgres_ca_bundle       = optional(string)
    postgres_tls_server_name = optional(string)
    postgres_probe           = optional(string)
    expect_role              = optional(string)
    when_read_only           = optional(string)
    connect_timeout_seconds  = optional(number)
    read_timeout_seconds     = optional(number)
    failures_to_unhealthy    = optional(number)
    successes_to_healthy     = optional(number)
    dimensions               = optional(map(string))
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for probe in var.probes : can(regex("^[A-Za-z0-9_-]{1,40}$", probe.name))]) && length(distinct(var.probes[*].name)) == length(var.probes)
    error_message = "probes has a name that is not 1 to 40 letters, digits, hyphens and underscores, or two of the same name: alarms and health checks have it in theirs."
  }
  validation {
    condition = alltrue([for host in compact(concat(var.probes[*].redis_host, var.probes[*].postgres_host)) : (
      length(trimsuffix(host, ".")) <= 253 && can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", host)) &&
    !can(regex("[.][0-9]+[.]?$", host))) || can(cidrhost("${host}/32", 0))])
    error_message = "probes has a redis_host or postgres_host that is neither a host name nor an address."
  }
  validation {
    condition     = alltrue([for probe in var.probes : length(compact([probe.redis_host, probe.postgres_host])) == 1])
    error_message = "probes has one without an endpoint, or with two: give each either redis_host or postgres_host."
  }
  validation {
    condition = alltrue([for probe in var.probes : alltrue([for name, value in probe :
      value == null || !startswith(name, probe.postgres_host == null ? "postgres_" : "redis_")
    ])])
    error_message = "probes has one with settings of the other kind of server: leave redis_… out where there is a postgres_host, and postgres_… where there is a redis_host."
  }
  validation {
    # Value, least, most, whether it has to be whole.
    condition = alltrue(flatten([for probe in var.probes : [for row in [
      [probe.redis_port, 1, 65535, true],
      [probe.postgres_port, 1, 65535, true],
      [probe.connect_timeout_seconds, 0.05, 30, false],
      [probe.read_timeout_seconds, 0.05, 30, false],
      [probe.failures_to_unhealthy, 1, 100, true],
      [probe.successes_to_healthy, 1, 100, true],
    ] : row[0] == null ? true : row[0] >= row[1] && row[0] <= row[2] && (!row[3] || floor(row[0]) == row[0])]]))
    error_message = "probes has a number that is out of range: redis_port and postgres_port 1 to 65535, timeouts 0.05 to 30 s, failures_to_unhealthy and successes_to_healthy 1 to 100."
  }
  validation {
    condition = alltrue([for probe in var.probes :
      (probe.redis_ca_bundle == null || can(regex("^/.+$", probe.redis_ca_bundle))) &&
      (probe.redis_username == null || can(regex("^[!-~]{1,128}$", probe.redis_username))) &&
      (probe.redis_tls_server_name == null || can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", probe.redis_tls_server_name))
    && !can(regex("[.][0-9]+[.]?$", probe.redis_tls_server_name)) || can(cidrhost("${probe.redis_tls_server_name}/32", 0)))])
    error_message = "probes has a redis_ca_bundle, redis_username or redis_tls_server_name that is none: see the variables of these names."
  }
  validation {
    condition = alltrue([for probe in var.probes :
      (probe.postgres_ca_bundle == null || can(regex("^/.+$", probe.postgres_ca_bundle))) &&
      (probe.postgres_username == null || can(regex("^[!-~]{1,63}$", probe.postgres_username))) &&
      (probe.postgres_database == null || can(regex("^[^[:cntrl:]]{1,63}$", probe.postgres_database)) && try(trimspace(probe.postgres_database) == probe.postgres_database, false)) &&
      (probe.postgres_tls_server_name == null || can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", probe.postgres_tls_server_name))
    && !can(regex("[.][0-9]+[.]?$", probe.postgres_tls_server_name)) || can(cidrhost("${probe.postgres_tls_server_name}/32", 0)))])
    error_message = "probes has a postgres_ca_bundle, postgres_username, postgres_database or postgres_tls_server_name that is none: see the variables of these names."
  }
  validation {
    condition     = alltrue([for probe in var.probes : contains(["verify-full", "require", "disable"], coalesce(probe.postgres_tls_mode, "require"))])
    error_message = "probes has a postgres_tls_mode that is neither verify-full nor require nor disable."
  }
  validation {
    condition     = alltrue([for probe in var.probes : contains(["write", "read"], coalesce(probe.postgres_probe, "read"))])
    error_message = "probes has a postgres_probe that is neither write nor read."
  }
  validation {
    condition     = alltrue([for probe in var.probes : probe.expect_role == null || contains(["primary", "replica"], coalesce(probe.expect_role, "-"))])
    error_message = "probes has an expect_role that is neither primary nor replica."
  }
  validation {
    condition     = alltrue([for probe in var.probes : probe.when_read_only == null || contains(["unhealthy", "healthy"], coalesce(probe.when_read_only, "-"))])
    error_message = "probes has a when_read_only that is neither unhealthy nor healthy."
  }
  validation {
    condition = alltrue([for arn in compact(concat(var.probes[*].redis_secret_arn, var.probes[*].postgres_secret_arn)) : try(
      can(regex("^arn:[^:]+:secretsmanager:[^:]+:[0-9]{12}:secret:.+-[A-Za-z0-9]{6}$", arn))
    && split(":", arn)[3] == local.region, false)])
    error_message = "probes has a redis_secret_arn or postgres_secret_arn that is not the whole ARN of a secret in ${local.region}."
  }
  validation {
    condition = alltrue([for probe in var.probes : probe.dimensions == null || try(length(probe.dimensions) <= 30
    && alltrue(flatten([for name, value in probe.dimensions : [for text in [name, value] : can(regex("^[ -9;-~][ -~]{0,254}$", text)) && trimspace(text) != ""]])), false)])
    error_message = "probes has dimensions that CloudWatch does not take: 30 at most, names and values of 1 to 255 printable ASCII characters that are not all blank and do not begin with a colon."
  }
}

# How often, and when it counts

variable "probe_interval_seconds" {
  description = "Keep probing inside an invocation, this often, until the next one starts: 1 to 60. 0 is one probe an invocation, which is the program's own default: a fifth of the cost, and a lone failure counts for a minute."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.probe_interval_seconds == 0 || (var.probe_interval_seconds >= 1 && var.probe_interval_seconds <= 60)
    error_message = "probe_interval_seconds is out of range: set it to 0, or to a number of seconds from 1 to 60."
  }
}

variable "connect_timeout_seconds" {
  description = "Longest that a connection with its TLS handshake may take, 0.05 to 30."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.connect_timeout_seconds >= 0.05 && var.connect_timeout_seconds <= 30
    error_message = "connect_timeout_seconds is out of range: set it to a number of seconds from 0.05 to 30."
  }
}

variable "read_timeout_seconds" {
  description = "Longest that an answer may take, or a login to PostgreSQL, 0.05 to 30."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.read_timeout_seconds >= 0.05 && var.read_timeout_seconds <= 30
    error_message = "read_timeout_seconds is out of range: set it to a number of seconds from 0.05 to 30."
  }
}

variable "failures_to_unhealthy" {
  description = "Failed probes in a row that make the endpoint unhealthy, 1 to 100. Left out: 2, and 3 for PostgreSQL. The program's own defaults are 1, with which a lost packet is an unhealthy minute, and 3."
  type        = number
  default     = null

  validation {
    condition     = var.failures_to_unhealthy == null || try(var.failures_to_unhealthy >= 1 && var.failures_to_unhealthy <= 100 && floor(var.failures_to_unhealthy) == var.failures_to_unhealthy, false)
    error_message = "failures_to_unhealthy is out of range: set it to a whole number from 1 to 100."
  }
}

variable "successes_to_healthy" {
  description = "Good probes in a row that make it healthy again, 1 to 100. The program's own default is 1."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.successes_to_healthy >= 1 && var.successes_to_healthy <= 100 && floor(var.successes_to_healthy) == var.successes_to_healthy
    error_message = "successes_to_healthy is out of range: set it to a whole number from 1 to 100."
  }
}

# What is published

variable "metric_namespace" {
  description = "CloudWatch namespace of the metrics, the only one that the function may publish to. Left out: `Custom/Redis`, and `Custom/PostgreSQL` where only such servers are probed, so that the data of two probes do not become one metric."
  type        = string
  default     = null

  validation {
    condition     = var.metric_namespace == null || try(can(regex("^[A-Za-z0-9._/#:-]{1,255}$", var.metric_namespace)) && !startswith(var.metric_namespace, "AWS/") && !startswith(var.metric_namespace, ":"), false)
    error_message = "metric_namespace is none that CloudWatch takes from us: set it to 1 to 255 letters, digits and . _ / # : -, not beginning with AWS/ or a colon."
  }
}

variable "metric_dimensions" {
  description = "Dimensions of the metrics. Needed where another probe of this region publishes to the same namespace: the data of both would be one metric."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue(flatten([for name, value in var.metric_dimensions : [
    for text in [name, value] : can(regex("^[ -9;-~][ -~]{0,254}$", text)) && trimspace(text) != ""]]))
    error_message = "metric_dimensions are none that CloudWatch takes: names and values have 1 to 255 printable ASCII characters, are not all blank and do not begin with a colon."
  }
  validation {
    condition     = length(var.metric_dimensions) <= 30
    error_message = "metric_dimensions are more than CloudWatch takes: 30 at most."
  }
  validation {
    condition     = length(var.metric_dimensions) < 30 || length(var.probes) == 0
    error_message = "metric_dimensions leave no room for the names of probes, which are a dimension as well: 29 at most, with probes."
  }
}

variable "metric_resolution" {
  description = "`standard`, or `high` to see each second. Route 53 follows standard ones only: `high` needs `create_health_check = false`."
  type        = string
  default     = "standard"
  nullable    = false

  validation {
    condition     = contains(["standard", "high"], var.metric_resolution)
    error_message = "metric_resolution is wrong: set it to standard or high."
  }
  validation {
    condition     = var.metric_resolution != "high" || !var.create_health_check
    error_message = "metric_resolution is high, and Route 53's health checks follow metrics of standard resolution only: set it to standard, or create_health_check to false."
  }
}

# What follows from it

variable "alarm_period_seconds" {
  description = "Period of the alarm and of the health check, a multiple of 60. With `metric_resolution = \"high\"` also 10 or 30."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = (var.alarm_period_seconds >= 60 && var.alarm_period_seconds <= 3600 && var.alarm_period_seconds % 60 == 0) || (var.metric_resolution == "high" && contains([10, 30], var.alarm_period_seconds))
    error_message = "alarm_period_seconds is out of range: set it to a multiple of 60 up to 3600. 10 and 30 need metric_resolution = \"high\", which Route 53 does not follow."
  }
}

variable "alarm_evaluation_periods" {
  description = "Unhealthy periods in a row that ring the alarm and fail the health check, 1 to 60. There is no M of N: Route 53 does not take it. One unhealthy moment makes its whole period unhealthy, and a short outage falls into two of them; with the default, less than 50 s never count, in which ElastiCache may mend a lost node, or Aurora promote a replica, within the region; with the three failures of PostgreSQL it is 60 s."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.alarm_evaluation_periods >= 1 && var.alarm_evaluation_periods <= 60 && floor(var.alarm_evaluation_periods) == var.alarm_evaluation_periods
    error_message = "alarm_evaluation_periods is out of range: set it to a whole number from 1 to 60."
  }
  validation {
    condition     = var.alarm_evaluation_periods * var.alarm_period_seconds <= 86400
    error_message = "alarm_evaluation_periods times alarm_period_seconds is more than a day, which CloudWatch does not take: make one of them less."
  }
}

variable "alarm_actions" {
  description = "ARNs, such as SNS topics of this region, to tell when an alarm rings and when it is over. CloudWatch cannot publish to a topic that is encrypted with `alias/aws/sns`: take a key of your own whose policy allows `cloudwatch.amazonaws.com`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.alarm_actions : can(regex("^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$", arn))])
    error_message = "alarm_actions has something that is no ARN: set it to a list such as [\"arn:aws:sns:us-east-1:123456789012:alerts\"]."
  }
  validation {
    condition = alltrue([for arn in var.alarm_actions : try(
      split(":", arn)[2] != "sns" || split(":", arn)[3] == local.region, true
    )])
    error_message = "alarm_actions has a topic of another region than ${local.region}: CloudWatch refuses it. Give each region's module topics of its own region."
  }
}

variable "create_health_check" {
  description = "Make the Route 53 health check that follows the alarm's metric."
  type        = bool
  default     = true
  nullable    = false
}

variable "insufficient_data_health_status" {
  description = "What Route 53 makes of missing data: `Unhealthy`, for a region that is down does not publish; `Healthy`; or `LastKnownStatus`, its own default, with which a region that falls silent stays healthy."
  type        = string
  default     = "Unhealthy"
  nullable    = false

  validation {
    condition     = contains(["Unhealthy", "Healthy", "LastKnownStatus"], var.insufficient_data_health_status)
    error_message = "insufficient_data_health_status is wrong: set it to Unhealthy, Healthy or LastKnownStatus."
  }
}

variable "health_check_disabled" {
  description = "Let Route 53 take the endpoint for healthy, whatever the probe says: until there is data after the first deployment, and for maintenance."
  type        = bool
  default     = false
  nullable    = false
}

variable "record" {
  description = "This region's half of a failover record, of the name `name` in the zone `zone_id`: `failover` is `PRIMARY` or `SECONDARY`; it leads to `alias`, such as a load balancer, or to `cname`, such as ElastiCache's endpoint, for `ttl` seconds. The primary's carries the health check. With `probes`, `probe` is the name of the one that it goes by. `set_identifier` is the region unless given."
  type = object({
    zone_id        = string
    name           = string
    failover       = string
    set_identifier = optional(string)
    alias = optional(object({
      name                   = string
      zone_id                = string
      evaluate_target_health = optional(bool, true)
    }))
    cname = optional(string)
    ttl   = optional(number, 60)
    probe = optional(string)
  })
  default = null

  validation {
    condition     = var.record == null || can(regex("^(/hostedzone/)?[A-Za-z0-9]{1,32}$", var.record.zone_id))
    error_message = "record has a zone_id that is not the id of a hosted zone: set it to one such as Z0123456789ABCDEFGHIJ, from `aws route53 list-hosted-zones`."
  }
  validation {
    condition     = var.record == null || can(regex("^[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})+[.]?$", var.record.name))
    error_message = "record has a name that is none: set it to one such as redis.example.com."
  }
  validation {
    condition     = var.record == null || try(contains(["PRIMARY", "SECONDARY"], var.record.failover), false)
    error_message = "record has a failover that is neither PRIMARY nor SECONDARY: the region that is active while all is well is PRIMARY."
  }
  validation {
    condition     = var.record == null || try((var.record.alias == null) != (var.record.cname == null), false)
    error_message = "record leads nowhere, or to two places: set either alias or cname."
  }
  validation {
    condition     = var.record == null || try(var.record.ttl >= 0 && var.record.ttl <= 172800 && floor(var.record.ttl) == var.record.ttl, false)
    error_message = "record has a ttl that is out of range: set it to a whole number of seconds, 60 at most if it is to fail over soon."
  }
  validation {
    condition     = var.record == null || var.create_health_check || try(var.record.failover == "SECONDARY" && !var.health_check_on_secondary, false)
    error_message = "record needs a health check, and create_health_check is false: without one, it would never fail over."
  }
}

variable "health_check_on_secondary" {
  description = "Give the record's health check to a `SECONDARY`, too. False: it counts as healthy, and answers whenever the primary is unhealthy. True: where both are unhealthy, the primary answers; see [the secondary's health check](#the-secondarys-health-check)."
  type        = bool
  default     = false
  nullable    = false
}

# The function

variable "name" {
  description = "Name of the function, its rule and its alarm; the role's is this and the region."
  type        = string
  default     = "promoter-probe"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,40}$", var.name))
    error_message = "name cannot be the name of a function: set it to 1 to 40 letters, digits, hyphens and underscores."
  }
}

variable "package_file" {
  description = "The zip of the release, or of `make package`, for `architecture`: the promoter's own."
  type        = string
  nullable    = false

  validation {
    condition     = fileexists(var.package_file)
    error_message = "package_file does not exist: build it with `make package`, or set it to the path of a downloaded promoter-x86_64.zip or promoter-arm64.zip."
  }
}

variable "architecture" {
  description = "What the package was built for: `x86_64` or `arm64`, which costs a fifth less."
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture is unknown to Lambda: set it to x86_64 or arm64, whichever the package was built for."
  }
  validation {
    # The names that `make package` and releases give; any other name is believed.
    condition     = length(regexall("promoter-(x86_64|arm64)[.]zip$", var.package_file)) == 0 || endswith(var.package_file, "promoter-${var.architecture}.zip")
    error_message = "architecture and package_file disagree: the function would not start. Set architecture to what the package was built for."
  }
}

variable "vpc_config" {
  description = "Subnets and security groups to run in. In practice required: an ElastiCache node has an address of its VPC and no other, an Aurora instance mostly, so only from within, or from a VPC that is peered with it, is there anything to probe. Null is for an endpoint that is reached over the internet."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = var.vpc_config == null || try(length(var.vpc_config.subnet_ids) > 0 && length(var.vpc_config.security_group_ids) > 0, false)
    error_message = "vpc_config is incomplete: give it at least one subnet and one security group, or leave it out."
  }
  validation {
    condition     = var.vpc_config != null || !anytrue([for host in concat(var.redis_host[*], var.probes[*].redis_host) : can(regex("[.]cache[.]amazonaws[.]com([.]cn)?[.]?$", host))])
    error_message = "vpc_config is missing: an endpoint of ElastiCache is reached from within its VPC only. Give subnets and security groups from which it can be."
  }
}

variable "layers" {
  description = "ARNs of layers with their versions, such as one that holds `redis_ca_bundle` or `postgres_ca_bundle`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.layers) <= 5 && alltrue([for arn in var.layers : can(regex("^arn:[^:]+:lambda:[^:]+:[0-9]{12}:layer:[^:]+:[0-9]+$", arn))])
    error_message = "layers has more than five, or something that is no ARN of a layer's version: set it to a list such as [\"arn:aws:lambda:us-east-1:123456789012:layer:certificates:1\"]."
  }
}

variable "memory_size" {
  description = "Memory in MB, 128 to 10240. More memory is more CPU: a shorter cold start, and a shorter TLS handshake, which takes 2 ms of a whole processor. 128 are enough for some twenty endpoints over TLS; a hundred want 1024."
  type        = number
  default     = 128
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size is out of range: set it to a whole number of MB from 128 to 10240."
  }
}

variable "reserved_concurrent_executions" {
  description = "1, or -1 in an account whose concurrency quota is too small to reserve any of it (new ones have 10)."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = contains([1, -1], var.reserved_concurrent_executions)
    error_message = "reserved_concurrent_executions must be 1, so that probes do not overlap, or -1 for none where the account's quota allows none."
  }
}

variable "environment" {
  description = "Settings of the AWS SDKs, such as `AWS_USE_FIPS_ENDPOINT` or `AWS_MAX_ATTEMPTS`."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.environment) : can(regex("^AWS_[A-Z0-9_]+$", name))])
    error_message = "environment is for the AWS_… settings of the SDKs: each of the probe's own settings has a variable of this module, such as redis_host for REDIS_HOST, but for passwords, which belong into a secret."
  }
  validation {
    condition = alltrue([for name in keys(var.environment) : !can(regex(
      "^AWS_(REGION|DEFAULT_REGION|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|EXECUTION_ENV|LAMBDA_.*|XRAY_.*)$", name
    ))])
    error_message = "environment has a variable that Lambda sets by itself: leave it out. The region is that of the provider, the credentials are the role's, the log level is log_level."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the role, where your organisation demands one."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null || can(regex("^arn:[^:]+:iam::(aws|[0-9]{12}):policy/.+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn is not the ARN of a policy: set it to one such as arn:aws:iam::123456789012:policy/boundary."
  }
}

variable "log_level" {
  description = "Least level of the function's own log lines."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["TRACE", "DEBUG", "INFO", "WARN"], var.log_level)
    error_message = "log_level is wrong: set it to TRACE, DEBUG, INFO or WARN. Above WARN, nobody would see why the endpoint is unhealthy."
  }
}

variable "system_log_level" {
  description = "Least level of Lambda's log lines about the function. `INFO` has the duration of each invocation."
  type        = string
  default     = "INFO"
  nullable    = false

  validation {
    condition     = contains(["DEBUG", "INFO", "WARN"], var.system_log_level)
    error_message = "system_log_level is wrong: set it to DEBUG, INFO or WARN."
  }
}

variable "log_retention_days" {
  description = "Days that the log is kept; 0 is for ever."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains([
      0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653
    ], var.log_retention_days)
    error_message = "log_retention_days is none that CloudWatch Logs offers: set it to 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "log_kms_key_arn" {
  description = "KMS key for the log, if not the service's own. Its policy must let CloudWatch Logs of this region use it."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null || can(regex("^arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+$", var.log_kms_key_arn))
    error_message = "log_kms_key_arn is not the ARN of a key: set it to one such as arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab."
  }
}

variable "tags" {
  description = "Tags of all that the module makes."
  type        = map(string)
  default     = {}
  nullable    = false
}
