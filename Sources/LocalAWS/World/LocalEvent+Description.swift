import Foundation

/// One line for a timeline.
extension LocalEvent: CustomStringConvertible {
    package var description: String {
        switch kind {
        case .requestServed(let request):
            let result =
                switch (request.status, request.errorCode) {
                case (nil, _): "no answer"
                case (let status?, nil): "\(status)"
                case (let status?, let code?): "\(status) \(code)"
                }
            return "request \(request.number): \(request.service) \(request.operation) in \(request.region): \(result)"
                + (request.fault.map { " (\($0))" } ?? "")
        case .answerChanged(let name, let from, let to, let addresses):
            let answer = addresses.isEmpty ? "not found" : addresses.joined(separator: " ")
            return "DNS: \(name) leads from \(from ?? "nowhere") to \(to ?? "nowhere") (\(answer))"
        case .healthChanged(let subject, let healthy):
            return "health: \(subject) is \(healthy ? "healthy" : "unhealthy")"
        case .alarmChanged(let change):
            return "alarm \(change.alarm.name) in \(change.alarm.region): \(change.old.rawValue) -> "
                + "\(change.alarm.state.rawValue): \(change.alarm.reason)"
        case .healthCheckChanged(let check, let healthy):
            return "health: check \(check.id) (\(check.config.subject)) is \(healthy ? "healthy" : "unhealthy")"
        case .failoverStarted(let datastore, let from, let to):
            return "datastore \(datastore): failover from \(from ?? "no primary") to \(to) started"
        case .failoverFinished(let datastore, let primary, let swapped):
            return "datastore \(datastore): failover \(swapped ? "finished" : "came to nothing"), primary is "
                + (primary ?? "nowhere")
        case .disassociationStarted(let datastore, let member, let region):
            return "datastore \(datastore): detaching \(member) in \(region)"
        case .disassociationFinished(let datastore, let member, let region):
            return "datastore \(datastore): \(member) in \(region) is detached, and primary by itself"
        case .auroraChanged(let event): return event.description
        case .nodeFailoverStarted(let group, let failover):
            return "group \(group.id) in \(group.region): failover from \(failover.from) to \(failover.to) started"
        case .clusterChanged(let event):
            return "group \(event.group.id) in \(event.group.region): \(event.name) \(event.source)"
        case .messagePublished(let message):
            return "topic \(message.topicName): \(message.subject ?? message.message.replacing("\n", with: " "))"
        case .messageDelivered(let message, let function):
            return "topic \(message.topicName): \(message.id) delivered to function \(function)"
        case .messageDisturbed(let message, let function, let id):
            return "topic \(message.topicName): \(message.id) for function \(function) suffers \(id)"
        case .faultInjected(let id, let fault): return "\(id) injected: \(fault.effect)"
        case .faultRemoved(let id): return "\(id) removed"
        case .invocationDelivered(let function, let requestID): return "function \(function): \(requestID) delivered"
        case .invocationEnded(let function, let requestID, let outcome):
            return "function \(function): \(requestID) ended: \(outcome)"
        }
    }
}

extension InvocationOutcome: CustomStringConvertible {
    package var description: String {
        switch self {
        case .response(let body): "response of \(body.count) bytes"
        case .error(let type, _): "error \(type)"
        case .initError(let type, _): "init error \(type)"
        case .timedOut: "timed out"
        case .notDelivered: "not delivered"
        }
    }
}
