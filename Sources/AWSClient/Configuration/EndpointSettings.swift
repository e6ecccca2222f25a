/// Where the requests to a service go, and in which region they are signed.
package struct Endpoint: Sendable, Equatable {
    package var url: WebURL
    package var signingRegion: String
}

/// The rules that endpoints come from.
struct EndpointSettings: Sendable {
    /// Endpoints that are configured, by `AWSService.variableSuffix`.
    private var services: [String: (url: WebURL, origin: String)] = [:]
    /// The one for all services.
    private var common: (url: WebURL, origin: String)?
    private let usesFIPS: Bool

    /// - Throws: where a configured URL is none, or a flag is neither true nor false.
    init(_ settings: Settings) throws(AWSError) {
        usesFIPS = try settings.flag("AWS_USE_FIPS_ENDPOINT", profileKey: "use_fips_endpoint")
        let ignores = try settings.flag(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", profileKey: "ignore_configured_endpoint_urls")
        if ignores { return }
        let fromEnvironment = settings.value("AWS_ENDPOINT_URL", profileKey: nil)
        common = try settings.value("AWS_ENDPOINT_URL", profileKey: "endpoint_url").map(Self.endpoint)
        for service in AWSService.all {
            var setting = settings.value("AWS_ENDPOINT_URL_\(service.variableSuffix)", profileKey: nil)
            // Any variable wins over any profile, the more general variable over the more special key.
            if setting == nil, fromEnvironment == nil, let value = settings.profiles.serviceEndpoint(service) {
                let key = service.variableSuffix.lowercased()
                setting = Settings.Value(
                    value: value,
                    origin: "endpoint_url of \(key) in the services of the profile \(settings.profiles.chosen)")
            }
            services[service.variableSuffix] = try setting.map(Self.endpoint)
        }
    }

    /// - Throws: where the region is no name of one, or there is no such endpoint.
    func endpoint(for service: AWSService, region: String) throws(AWSError) -> Endpoint {
        guard AWSConfiguration.isRegionName(region) else {
            throw AWSError(
                .invalidConfiguration,
                "\"\(AWSError.printable(region))\" is no name of a region: expected one like eu-west-1")
        }
        let partition = AWSPartition.of(region: region)
        let signingRegion = service.global.map { partition.endpoint(of: $0).region } ?? region
        if let configured = services[service.variableSuffix] ?? common {
            guard !usesFIPS else {
                throw AWSError(
                    .invalidConfiguration,
                    "AWS_USE_FIPS_ENDPOINT is true, but \(configured.origin) sets an endpoint for \(service.name)",
                    remedy: "Unset one of the two, or set AWS_IGNORE_CONFIGURED_ENDPOINT_URLS to true.")
            }
            return Endpoint(url: configured.url, signingRegion: signingRegion)
        }
        let host = try host(for: service, region: region, partition: partition)
        do {
            return Endpoint(url: try WebURL(parsing: "https://\(host)"), signingRegion: signingRegion)
        } catch {
            throw AWSError(.invalidConfiguration, "the endpoint \(host) of \(service.name) is no URL: \(error.reason)")
        }
    }

    private func host(
        for service: AWSService, region: String, partition: AWSPartition
    ) throws(AWSError) -> String {
        guard let endpoint = service.global.map(partition.endpoint) else {
            let suffix = usesFIPS && !service.partitionsWithFIPSOnly.contains(partition.id) ? "-fips" : ""
            return "\(service.endpointPrefix)\(suffix).\(region).\(partition.dnsSuffix)"
        }
        guard usesFIPS else { return endpoint.host }
        guard let host = endpoint.fipsHost else {
            throw AWSError(
                .invalidConfiguration,
                "AWS_USE_FIPS_ENDPOINT is true, but \(service.name) has no FIPS endpoint in the partition \(partition.id)",
                remedy: "Set AWS_ENDPOINT_URL_\(service.variableSuffix) and unset AWS_USE_FIPS_ENDPOINT.")
        }
        return host
    }

    private static func endpoint(_ setting: Settings.Value) throws(AWSError) -> (url: WebURL, origin: String) {
        do throws(WebURL.Problem) {
            let url = try WebURL(parsing: setting.value)
            if url.query != nil { throw WebURL.Problem(reason: "it has a query") }
            return (url, setting.origin)
        } catch {
            throw setting.refused(
                "\(error.reason); expected a URL of a host such as http://localhost:4566 or https://proxy.example.com")
        }
    }
}
