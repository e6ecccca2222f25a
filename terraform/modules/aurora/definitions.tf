# The state machines in Amazon States Language.
#
# An order that the operator function refused is never given again: it was refused for a reason, of which people are told.
# What is tried again is what Lambda did not start. Where it is not known whether Lambda carried an order out, the planned
# way goes on looking, and the unplanned one repeats the order: a cluster that is detached already is as good.

locals {
  invoke  = "arn:${local.partition}:states:::lambda:invoke"
  publish = "arn:${local.partition}:states:::sns:publish"

  # The function was not started.
  throttled   = "Lambda.TooManyRequestsException"
  not_started = [local.throttled, "Lambda.ServiceException", "Lambda.EC2ThrottledException"]
  # It may have been, and nobody knows what became of it.
  lost = ["Lambda.Unknown", "Lambda.SdkClientException", "Lambda.ClientExecutionTimeoutException", "Lambda.AWSLambdaException",
  "Runtime.ExitError", "Sandbox.Timedout", "States.Timeout"]

  # 2 s, 4 s, 8 s, and so on: about a minute in all.
  retry_not_started = { ErrorEquals = local.not_started, IntervalSeconds = 2, BackoffRate = 2, MaxAttempts = 5 }
  retry_lost        = { ErrorEquals = local.lost, IntervalSeconds = 5, BackoffRate = 2, MaxAttempts = 3 }

  # The orders, as the operator function reads them. What is null is left out.
  by = "States.Format('{}, execution {}', $$.StateMachine.Name, $$.Execution.Name)"
  payloads = { for order, members in {
    status     = { command = "status", watch = var.watch }
    switchover = { command = "switchover", to = local.region, watch = var.watch, group = var.group, maximumLagSeconds = var.maximum_lag_seconds, "by.$" = local.by }
    detach     = { command = "detach", watch = var.watch, group = var.group, "by.$" = local.by }
  } : order => { for name, value in members : name => value if value != null } }

  # How long an order may take is the function's to say, whose timeout is 15 minutes at most.
  order_seconds  = 930
  status_seconds = 120
  # A switchover takes AWS minutes; what has not come about after so many looks has not.
  look_again_seconds = 15
  most_looks         = 60

  look = {
    Type           = "Task"
    Resource       = local.invoke
    Parameters     = { FunctionName = var.operator_function_arn, Payload = local.payloads.status }
    TimeoutSeconds = local.status_seconds
    # Of this region's cluster in each global cluster that was looked at.
    ResultSelector = { "roles.$" = "$.Payload.watches[*].globalCluster.members[?(@.region == '${local.region}')].role" }
    Retry          = [local.retry_not_started, local.retry_lost]
  }

  failed = var.notify_topic_arn == null ? "Failed" : "TellFailure"
  done   = var.notify_topic_arn == null ? "Done" : "TellSuccess"
  moved  = var.promoter_function_arn == null ? local.done : "Records"
  caught = [{ ErrorEquals = ["States.ALL"], ResultPath = "$.failure", Next = local.failed }]

  words = {
    switchover = {
      done   = "The Aurora cluster in ${local.region} is the writer"
      failed = "The switchover to ${local.region} was not carried out, or not all of it"
    }
    unplanned = {
      done   = "The Aurora cluster in ${local.region} is out of its global cluster and takes writes. Rebuild the global cluster once the other region is back"
      failed = "The Aurora cluster in ${local.region} was not detached, or not all of what follows was done"
    }
  }

  # What both ways end in. Null is what there is not.
  endings = { for path, words in local.words : path => { for name, state in {
    # A check of the promoter, whose last step are the records. Where one is running, which checks again and again, that
    # one does it.
    Records = var.promoter_function_arn == null ? null : {
      Type           = "Task"
      Resource       = local.invoke
      Parameters     = { FunctionName = var.promoter_function_arn, Payload = { source = local.machine_names[path] } }
      TimeoutSeconds = local.order_seconds
      ResultPath     = null
      Retry          = [merge(local.retry_not_started, { ErrorEquals = setsubtract(local.not_started, [local.throttled]) })]
      Catch = [
        { ErrorEquals = [local.throttled], ResultPath = null, Next = local.done },
        { ErrorEquals = ["States.ALL"], ResultPath = "$.failure", Next = "RecordsFailed" },
      ]
      Next = local.done
    }
    RecordsFailed = var.promoter_function_arn == null ? null : {
      Type = "Pass"
      Parameters = {
        "Error.$" = "$.failure.Error"
        "Cause.$" = "States.Format('${words.done}; but the promoter could not see to the records: {}', $.failure.Cause)"
      }
      ResultPath = "$.failure"
      Next       = local.failed
    }
    TellSuccess = var.notify_topic_arn == null ? null : {
      Type     = "Task"
      Resource = local.publish
      Parameters = {
        TopicArn    = var.notify_topic_arn
        Subject     = "${local.machine_names[path]} in ${local.region}: done"
        "Message.$" = "States.Format('${words.done}. This is {}.', $$.Execution.Id)"
      }
      ResultPath = null
      # It is done all the same.
      Catch = [{ ErrorEquals = ["States.ALL"], ResultPath = null, Next = "Done" }]
      Next  = "Done"
    }
    TellFailure = var.notify_topic_arn == null ? null : {
      Type     = "Task"
      Resource = local.publish
      Parameters = {
        TopicArn    = var.notify_topic_arn
        Subject     = "${local.machine_names[path]} in ${local.region}: FAILED"
        "Message.$" = "States.Format('${words.failed}: {}: {} This is {}.', $.failure.Error, $.failure.Cause, $$.Execution.Id)"
      }
      ResultPath = null
      Catch      = [{ ErrorEquals = ["States.ALL"], ResultPath = null, Next = "Failed" }]
      Next       = "Failed"
    }
    Done   = { Type = "Succeed" }
    Failed = { Type = "Fail", ErrorPath = "$.failure.Error", CausePath = "$.failure.Cause" }
  } : name => state if state != null } }

  definitions = {
    switchover = jsonencode({
      Comment        = "Makes the Aurora cluster in ${local.region} the writer without loss of data, while all regions are well."
      StartAt        = "Begin"
      TimeoutSeconds = 3600
      States = merge({
        # Whatever the execution was started with is none of its business.
        Begin = { Type = "Pass", Parameters = { seen = { looks = 0 } }, Next = "Look" }
        # What cannot be read cannot be verified either, and there is no hurry.
        Look = merge(local.look, { ResultPath = "$.before", Catch = local.caught, Next = "IsSeen" })
        IsSeen = {
          Type    = "Choice"
          Choices = [{ Variable = "$.before.roles[0]", IsPresent = true, Next = "Switchover" }]
          Default = "NotSeen"
        }
        NotSeen = {
          Type       = "Pass"
          Parameters = { Error = "NotSeen", Cause = "No global cluster with a member in ${local.region} could be read, and nothing was begun. The status says why." }
          ResultPath = "$.failure"
          Next       = local.failed
        }
        Switchover = {
          Type           = "Task"
          Resource       = local.invoke
          Parameters     = { FunctionName = var.operator_function_arn, Payload = local.payloads.switchover }
          TimeoutSeconds = local.order_seconds
          ResultSelector = { "watches.$" = "$.Payload.watches" }
          ResultPath     = "$.order"
          Retry          = [local.retry_not_started]
          Catch          = concat([{ ErrorEquals = local.lost, ResultPath = "$.lost", Next = "Wait" }], local.caught)
          Next           = "Verify"
        }
        Verify = merge(local.look, { ResultPath = "$.after", Catch = local.caught, Next = "Judge" })
        Judge = {
          Type = "Pass"
          Parameters = {
            "isWriter.$"  = "States.ArrayContains($.after.roles, 'PRIMARY')"
            "isWaiting.$" = "States.ArrayContains($.after.roles, 'SECONDARY')"
            "looks.$"     = "States.MathAdd($.seen.looks, 1)"
          }
          ResultPath = "$.seen"
          Next       = "IsWriter"
        }
        IsWriter = {
          Type = "Choice"
          Choices = [
            {
              And  = [{ Variable = "$.seen.isWriter", BooleanEquals = true }, { Variable = "$.seen.isWaiting", BooleanEquals = false }]
              Next = local.moved
            },
            { Variable = "$.seen.looks", NumericGreaterThanEquals = local.most_looks, Next = "NotVerified" },
          ]
          Default = "Wait"
        }
        Wait = { Type = "Wait", Seconds = local.look_again_seconds, Next = "Verify" }
        NotVerified = {
          Type       = "Pass"
          Parameters = { Error = "NotVerified", Cause = "The cluster in ${local.region} was not seen to be the writer. AWS may be at it still: ask for its status." }
          ResultPath = "$.failure"
          Next       = local.failed
        }
      }, local.endings.switchover)
    })

    unplanned = jsonencode({
      Comment        = "Takes the Aurora cluster in ${local.region} out of its global cluster, so that it takes writes, whatever has become of the other region."
      StartAt        = "Begin"
      TimeoutSeconds = 5400
      States = merge({
        Begin = { Type = "Pass", Parameters = {}, Next = "Detach" }
        Detach = {
          Type           = "Task"
          Resource       = local.invoke
          Parameters     = { FunctionName = var.operator_function_arn, Payload = local.payloads.detach }
          TimeoutSeconds = local.order_seconds
          ResultSelector = { "watches.$" = "$.Payload.watches" }
          ResultPath     = "$.order"
          Retry          = [local.retry_not_started, local.retry_lost]
          Catch          = local.caught
          Next           = local.moved
        }
      }, local.endings.unplanned)
    })
  }
}
