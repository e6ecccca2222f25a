variable "name" {
  description = "Id of this region's replication group, such as `sessions-use1`; each region needs its own. Prefix of all other names."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9]|-[a-z0-9]){0,38}$", var.name)) && length(var.name) <= 40
    error_message = "name must be 1 to 40 lower-case letters, digits and single hyphens, begin with a letter and not end with a hyphen: that is ElastiCache's rule for replication groups."
  }
}

variable "description" {
  description = "Description of the replication group and of the Global Datastore."
  type        = string
  default     = "Member of a Global Datastore that follows DNS"
  nullable    = false
}

# --- The place in the Global Datastore -------------------------------------------------------------------------------

variable "role" {
  description = "`primary` in the region where the datastore begins: makes the Global Datastore as well. `secondary` in the others: joins it. It says how the member was made, not which region writes today; never change it after a promotion."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["primary", "secondary"], var.role)
    error_message = "role must be \"primary\" in the region where the datastore begins, or \"secondary\" in the others."
  }
}

variable "global_datastore_id" {
  description = "For `secondary`: the id of the Global Datastore, output `global_datastore_id` of the primary's module."
  type        = string
  default     = null

  validation {
    condition     = var.role != "secondary" || var.global_datastore_id != null
    error_message = "global_datastore_id is missing: role \"secondary\" needs the output of the same name of the primary's module."
  }
  validation {
    condition     = var.role != "primary" || var.global_datastore_id == null
    error_message = "global_datastore_id is for role \"secondary\": leave it out, since the primary makes the Global Datastore, or change the role."
  }
}

variable "global_datastore_suffix" {
  description = "For `primary`: the id of the Global Datastore without the five letters and hyphen that AWS puts before it."
  type        = string
  default     = null

  validation {
    condition     = var.global_datastore_suffix == null || can(regex("^[a-z]([a-z0-9]|-[a-z0-9]){0,62}$", var.global_datastore_suffix))
    error_message = "global_datastore_suffix must be lower-case letters, digits and single hyphens, begin with a letter and not end with a hyphen."
  }
  validation {
    condition     = (var.role == "primary") == (var.global_datastore_suffix != null)
    error_message = "global_datastore_suffix names the Global Datastore that role \"primary\" makes: set it there, such as to \"sessions\", and leave it out for role \"secondary\"."
  }
}

# --- What all members have in common: decided by the primary ---------------------------------------------------------

variable "engine" {
  description = "`valkey` or `redis`. For `primary` only; secondaries get the same."
  type        = string
  default     = "valkey"
  nullable    = false

  validation {
    condition     = contains(["valkey", "redis"], var.engine)
    error_message = "engine must be \"valkey\" or \"redis\": a Global Datastore has no Memcached."
  }
}

variable "engine_version" {
  description = "Version as major.minor. For `primary` only; after the start, it is the Global Datastore that is upgraded, with all members."
  type        = string
  default     = "8.0"
  nullable    = false

  validation {
    condition     = can(regex("^([6-9]|[1-9][0-9])\\.[0-9]+$", var.engine_version))
    error_message = "engine_version must be major.minor and 6.0 or later, such as \"8.0\" for Valkey or \"7.1\" for Redis."
  }
  validation {
    condition     = var.engine != "valkey" || try(tonumber(var.engine_version) >= 7.2, true)
    error_message = "engine_version is none of Valkey's: it begins with 7.2."
  }
  validation {
    condition     = var.engine != "redis" || try(tonumber(var.engine_version) <= 7.1, true)
    error_message = "engine_version is none of Redis's in ElastiCache, which ends with 7.1: set it to that or lower, or engine to \"valkey\"."
  }
}

variable "node_type" {
  description = "Node type of all members: of a family that Global Datastores support (M5, M6g, M7g, R5, R6g, R6gd, R7g, C7gn), and large or bigger. For `primary` only; after the start, it is the Global Datastore that is scaled."
  type        = string
  default     = "cache.m7g.large"
  nullable    = false

  validation {
    condition     = !can(regex("^cache\\.t", var.node_type))
    error_message = "node_type must not be of a burstable family (cache.t…): Global Datastores do not support them. The smallest that they do are cache.m7g.large and its like."
  }

  validation {
    condition     = can(regex("^cache\\.(m5|m6g|m7g|r5|r6g|r6gd|r7g|c7gn)\\.([0-9]*x)?large$", var.node_type))
    error_message = "node_type must be one that Global Datastores support: cache.m5, m6g, m7g, r5, r6g, r6gd, r7g or c7gn, in size large or bigger, such as \"cache.m7g.large\"."
  }
}

variable "num_node_groups" {
  description = "Shards. `null` is cluster mode disabled, a single shard that clients without cluster support can use. For `primary` only; after the start, it is the Global Datastore that is resharded."
  type        = number
  default     = null

  validation {
    condition     = var.num_node_groups == null || try(var.num_node_groups >= 1 && var.num_node_groups <= 500 && floor(var.num_node_groups) == var.num_node_groups, false)
    error_message = "num_node_groups must be null (cluster mode disabled) or a whole number from 1 to 500."
  }
}

variable "parameters" {
  description = "Engine parameters that differ from the default, for `primary` only: AWS copies its parameter group to each member, and then changes of one member's group go to all."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = !contains(keys(var.parameters), "cluster-enabled")
    error_message = "parameters must not hold cluster-enabled: it follows from num_node_groups."
  }
}

variable "major_upgrade_parameter_group_name" {
  description = "Parameter group of the new version's family, required when `engine_version` moves to another major version, and refused by the provider otherwise. It may stay afterwards."
  type        = string
  default     = null
}

# --- What each member has for itself ---------------------------------------------------------------------------------

variable "nodes_per_shard" {
  description = "Nodes of each shard in this region, one primary and replicas, over the subnets' zones. Regions may differ. At least 2: Multi-AZ, without which a promoted region would stand on one node, needs a replica."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.nodes_per_shard >= 2 && var.nodes_per_shard <= 6 && floor(var.nodes_per_shard) == var.nodes_per_shard
    error_message = "nodes_per_shard must be a whole number from 2 to 6: automatic failover needs a replica to fail over to, and ElastiCache allows five."
  }
}

variable "port" {
  description = "TCP port."
  type        = number
  default     = 6379
  nullable    = false

  validation {
    condition     = var.port >= 1024 && var.port <= 65535
    error_message = "port must be from 1024 to 65535; 6379 is what clients expect."
  }
}

variable "vpc_id" {
  description = "VPC of this region."
  type        = string
  nullable    = false
}

variable "subnet_ids" {
  description = "Private subnets of this region, in at least two zones."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "subnet_ids must name at least two subnets, in different zones: Multi-AZ places a replica in another zone than its primary."
  }
}

variable "client_security_group_ids" {
  description = "Security groups of this region that may connect, by a name of your choice."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "client_cidrs" {
  description = "IPv4 ranges that may connect, by a name of your choice: such as the peered VPC's, since a security group of another region cannot be named."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for range in values(var.client_cidrs) : can(cidrhost(range, 0)) && !endswith(range, "/0")])
    error_message = "client_cidrs must be IPv4 ranges such as \"10.2.0.0/16\", and none of them everything (/0)."
  }
}

variable "kms_key_arn" {
  description = "ARN of a KMS key of this region for what is on disk; `null` takes the key that AWS owns. A change replaces the member."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key (arn:aws:kms:REGION:ACCOUNT:key/ID), not of an alias."
  }
}

variable "auth_token" {
  description = "Password that clients must give, the same in every region. It ends up in Terraform's state. Excludes `user_group_ids`."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.auth_token == null || can(regex("^[0-9A-Za-z!&#$^<>-]{16,128}$", var.auth_token))
    error_message = "auth_token must be 16 to 128 letters, digits and characters of !&#$^<>-: that is ElastiCache's rule."
  }
}

variable "user_group_ids" {
  description = "User group of this region for role-based access, at most one. User groups are regional: what you define in one region must be defined in the others, too. Excludes `auth_token`."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.user_group_ids) <= 1
    error_message = "user_group_ids must hold one group at most: ElastiCache allows no more for a replication group."
  }
  validation {
    condition     = length(var.user_group_ids) == 0 || var.auth_token == null
    error_message = "user_group_ids and auth_token exclude each other: leave one of them out."
  }
}

variable "maintenance_window" {
  description = "Weekly window in UTC, such as `sun:05:00-sun:06:00`; `null` lets AWS choose. Give the regions different ones."
  type        = string
  default     = null

  validation {
    condition     = var.maintenance_window == null || can(regex("^(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]-(mon|tue|wed|thu|fri|sat|sun):[0-2][0-9]:[0-5][0-9]$", var.maintenance_window))
    error_message = "maintenance_window must be of the form ddd:hh:mm-ddd:hh:mm in lower case, such as \"sun:05:00-sun:06:00\"."
  }
}

variable "snapshot_retention_days" {
  description = "Days that automatic backups of this member are kept, up to 35; 0 takes none."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.snapshot_retention_days >= 0 && var.snapshot_retention_days <= 35
    error_message = "snapshot_retention_days must be from 0 to 35."
  }
}

variable "snapshot_window" {
  description = "Daily hour of the backup in UTC, such as `03:00-04:00`; `null` lets AWS choose. It must not overlap with the maintenance window."
  type        = string
  default     = null
}

variable "final_snapshot_identifier" {
  description = "Name of a last backup to take when this member is destroyed; `null` takes none."
  type        = string
  default     = null
}

variable "notification_topic_arn" {
  description = "SNS topic of this region for ElastiCache's events; it must not be encrypted. Use another than the one that the promoter notifies."
  type        = string
  default     = null

  validation {
    condition     = var.notification_topic_arn == null || can(regex("^arn:[a-z-]+:sns:", var.notification_topic_arn))
    error_message = "notification_topic_arn must be the ARN of an SNS topic, arn:aws:sns:REGION:ACCOUNT:NAME."
  }
}

variable "apply_immediately" {
  description = "Whether changes are made at once; otherwise they wait for the maintenance window."
  type        = bool
  default     = false
  nullable    = false
}

variable "tags" {
  description = "Tags of all that this module makes."
  type        = map(string)
  default     = {}
  nullable    = false
}
