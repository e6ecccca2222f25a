import Foundation

/// Health checks: of alarms and of other checks, which find their health here, and of endpoints, whose health is what
/// somebody has set.
extension Route53Service {
    func createHealthCheck(_ call: ServiceCall) throws -> ServiceAnswer {
        let root = try Self.document(call, "CreateHealthCheckRequest")
        guard let reference = root.value("CallerReference"), (1...64).contains(reference.count),
            let config = root.child("HealthCheckConfig")
        else {
            throw HealthCheckForm.invalid("A CallerReference (1 to 64 characters) and a HealthCheckConfig are needed.")
        }
        let (check, isNew) = try world.create(try HealthCheckForm.config(config), reference: reference)
        var answer = answer("CreateHealthCheckResponse", check)
        answer.status = isNew ? 201 : 200
        answer.headers["Location"] = "https://route53.amazonaws.com/2013-04-01/healthcheck/\(check.id)"
        return answer
    }

    func getHealthCheck(_ call: ServiceCall) throws -> ServiceAnswer {
        answer("GetHealthCheckResponse", try healthCheck(call))
    }

    func updateHealthCheck(_ call: ServiceCall) throws -> ServiceAnswer {
        let root = try Self.document(call, "UpdateHealthCheckRequest")
        let version = root.value("HealthCheckVersion").flatMap { Int($0) }
        let check = try world.update(healthCheck: call.parameters["Id"] ?? "", version: version) { config in
            for name in root.child("ResetElements")?.children.map(\.text) ?? [] {
                switch name {
                case "ChildHealthChecks": config.children = []
                case "Regions": config.checkerRegions = []
                default: config.endpoint[name] = nil
                }
            }
            try HealthCheckForm.read(root, into: &config)
        }
        return answer("UpdateHealthCheckResponse", check)
    }

    /// AWS does not ask whether records or other checks hang on it.
    func deleteHealthCheck(_ call: ServiceCall) throws -> ServiceAnswer {
        try world.removeHealthCheck(call.parameters["Id"] ?? "")
        return ServiceAnswer(body: XML.document("DeleteHealthCheckResponse", xmlns: namespace) { _ in })
    }

    func listHealthChecks(_ call: ServiceCall) throws -> ServiceAnswer {
        let limit = try Self.pageSize(call.parameters["maxitems"], most: 100)
        let checks = world.snapshot.healthChecks.values.sorted { $0.id < $1.id }
        let rest = checks.drop { $0.id < call.parameters["marker"] ?? "" }
        let body = XML.document("ListHealthChecksResponse", xmlns: namespace) { xml in
            xml.element("HealthChecks") { xml in
                for check in rest.prefix(limit) { HealthCheckForm.write(check, into: &xml) }
            }
            xml.element("Marker", call.parameters["marker"] ?? "")
            xml.element("IsTruncated", rest.count > limit)
            xml.element("NextMarker", rest.dropFirst(limit).first?.id)
            xml.element("MaxItems", limit)
        }
        return ServiceAnswer(body: body)
    }

    /// What the checkers say, in three of their regions.
    func getHealthCheckStatus(_ call: ServiceCall) throws -> ServiceAnswer {
        let check = try healthCheck(call)
        guard check.config.type != HealthCheckConfig.calculated else {
            throw HealthCheckForm.invalid("GetHealthCheckStatus does not tell of CALCULATED health checks.")
        }
        let isHealthy = world.snapshot.checkHealth[check.id] ?? true
        let regions = check.config.checkerRegions
        let body = XML.document("GetHealthCheckStatusResponse", xmlns: namespace) { xml in
            xml.element("HealthCheckObservations") { xml in
                for region in regions.isEmpty ? ["eu-west-1", "us-east-1", "us-west-2"] : regions {
                    xml.element("HealthCheckObservation") { xml in
                        xml.element("Region", region)
                        xml.element("IPAddress", "192.0.2.1")
                        xml.element("StatusReport") { xml in
                            xml.element("Status", "\(isHealthy ? "Success" : "Failure"): \(check.config.subject)")
                            xml.element("CheckedTime", AWSDate.extended(check.checked))
                        }
                    }
                }
            }
        }
        return ServiceAnswer(body: body)
    }

    private func healthCheck(_ call: ServiceCall) throws(AWSFailure) -> HealthCheck {
        let id = call.parameters["Id"] ?? ""
        guard let check = world.snapshot.healthChecks[id] else { throw World.noSuchHealthCheck(id) }
        return check
    }

    private static func document(_ call: ServiceCall, _ name: String) throws(AWSFailure) -> XMLElement {
        guard let root = try? XMLElement.parse(String(decoding: call.request.body, as: UTF8.self)), root.name == name
        else { throw HealthCheckForm.invalid("The body is no \(name).") }
        return root
    }

    private func answer(_ root: String, _ check: HealthCheck) -> ServiceAnswer {
        ServiceAnswer(body: XML.document(root, xmlns: namespace) { HealthCheckForm.write(check, into: &$0) })
    }
}
