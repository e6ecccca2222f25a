/// A health check as Route 53's XML has it.
enum HealthCheckForm {
    /// What is kept only to be told again.
    private static let endpointElements = [
        "IPAddress", "Port", "ResourcePath", "FullyQualifiedDomainName", "SearchString", "RequestInterval",
        "FailureThreshold", "MeasureLatency", "EnableSNI", "RoutingControlArn",
    ]
    private static let mostChildren = 256

    static func config(_ element: XMLElement) throws(AWSFailure) -> HealthCheckConfig {
        let type = element.value("Type") ?? ""
        var config = HealthCheckConfig(type: type)
        try read(element, into: &config)
        switch type {
        case HealthCheckConfig.alarm:
            guard config.alarm != nil else { throw invalid("A \(type) health check needs an AlarmIdentifier.") }
            config.insufficientData = config.insufficientData ?? .lastKnownStatus
        case HealthCheckConfig.calculated:
            guard config.healthThreshold != nil else {
                throw invalid("A \(type) health check needs a HealthThreshold.")
            }
        case _ where HealthCheckConfig.endpointTypes.contains(type):
            guard
                ["IPAddress", "FullyQualifiedDomainName", "RoutingControlArn"].contains(where: {
                    config.endpoint[$0] != nil
                })
            else { throw invalid("A \(type) health check needs an IPAddress or a FullyQualifiedDomainName.") }
        default: throw invalid("There is no type '\(type)' of health checks.")
        }
        return config
    }

    /// What the element has; all else stays as it is.
    static func read(_ element: XMLElement, into config: inout HealthCheckConfig) throws(AWSFailure) {
        let type = config.type
        if let inverted = element.value("Inverted") { config.isInverted = inverted == "true" }
        if let disabled = element.value("Disabled") { config.isDisabled = disabled == "true" }
        if let threshold = element.value("HealthThreshold") {
            guard type == HealthCheckConfig.calculated, let number = Int(threshold), (0...mostChildren).contains(number)
            else { throw invalid("HealthThreshold is 0 to \(mostChildren), for CALCULATED.") }
            config.healthThreshold = number
        }
        if let children = element.child("ChildHealthChecks")?.children.map(\.text) {
            guard type == HealthCheckConfig.calculated, children.count <= mostChildren else {
                throw invalid("ChildHealthChecks are for CALCULATED, at most \(mostChildren).")
            }
            config.children = children
        }
        if let alarm = element.child("AlarmIdentifier") {
            guard type == HealthCheckConfig.alarm, let region = alarm.value("Region"), let name = alarm.value("Name"),
                !region.isEmpty, !name.isEmpty
            else { throw invalid("AlarmIdentifier has a Region and a Name, for CLOUDWATCH_METRIC.") }
            config.alarm = HealthCheckConfig.AlarmIdentifier(region: region, name: name)
        }
        if let text = element.value("InsufficientDataHealthStatus") {
            guard type == HealthCheckConfig.alarm, let status = HealthCheckConfig.InsufficientData(rawValue: text)
            else {
                throw invalid("InsufficientDataHealthStatus '\(text)' is none, or not for \(type).")
            }
            config.insufficientData = status
        }
        if let regions = element.child("Regions")?.children.map(\.text) { config.checkerRegions = regions }
        for name in endpointElements {
            if let value = element.value(name) { config.endpoint[name] = value }
        }
    }

    static func write(_ check: HealthCheck, into xml: inout XML) {
        xml.element("HealthCheck") { xml in
            xml.element("Id", check.id)
            xml.element("CallerReference", check.callerReference)
            xml.element("HealthCheckConfig") { write(check.config, into: &$0) }
            xml.element("HealthCheckVersion", check.version)
            if let rule = check.alarmRule {
                xml.element("CloudWatchAlarmConfiguration") { write(rule, into: &$0) }
            }
        }
    }

    private static func write(_ config: HealthCheckConfig, into xml: inout XML) {
        xml.element("Type", config.type)
        for name in endpointElements { xml.element(name, config.endpoint[name]) }
        xml.element("Inverted", config.isInverted)
        xml.element("Disabled", config.isDisabled)
        xml.element("HealthThreshold", config.healthThreshold)
        if !config.children.isEmpty {
            xml.element("ChildHealthChecks") { xml in
                for child in config.children { xml.element("ChildHealthCheck", child) }
            }
        }
        if !config.checkerRegions.isEmpty {
            xml.element("Regions") { xml in
                for region in config.checkerRegions { xml.element("Region", region) }
            }
        }
        if let alarm = config.alarm {
            xml.element("AlarmIdentifier") { xml in
                xml.element("Region", alarm.region)
                xml.element("Name", alarm.name)
            }
        }
        xml.element("InsufficientDataHealthStatus", config.insufficientData?.rawValue)
    }

    private static func write(_ rule: AlarmRule, into xml: inout XML) {
        xml.element("EvaluationPeriods", rule.evaluationPeriods)
        xml.element("Threshold", "\(rule.threshold)")
        xml.element("ComparisonOperator", rule.comparison.rawValue)
        xml.element("Period", rule.period)
        xml.element("MetricName", rule.metric.name)
        xml.element("Namespace", rule.metric.namespace)
        xml.element("Statistic", rule.statistic)
        xml.element("Dimensions") { xml in
            for (name, value) in rule.metric.dimensions.sorted(by: { $0.key < $1.key }) {
                xml.element("Dimension") { xml in
                    xml.element("Name", name)
                    xml.element("Value", value)
                }
            }
        }
    }

    static func invalid(_ message: String) -> AWSFailure { AWSFailure(400, "InvalidInput", message) }
}
