/// Where credentials come from, as far as the environment and the shared files decide it. Making the plan
/// asks nobody; carrying it out (`AWSClient.obtainCredentials`) may.
indirect enum CredentialPlan: Sendable {
    /// They are known, and are all that there will be.
    case fixed(AWSCredentials)
    case role(RoleSettings, source: CredentialPlan)
    case container(ContainerEndpoint)
    /// No source has any: the error lists them.
    case missing(AWSError)

    /// Looks at the sources in the order of the SDKs: environment, profile, container endpoint. There is
    /// no instance metadata in it: no function runs there, and asking for it costs seconds where it is not.
    ///
    /// - Throws: where a source is set up wrongly, half or in a circle.
    init(environment: [String: String], profiles: ProfileSet, region: String?) throws(AWSError) {
        let builder = CredentialPlanBuilder(environment: environment, profiles: profiles, region: region)
        let keys = try builder.environmentKeys()
        // A profile that was asked for by name and says what the keys of the environment are for (to
        // assume a role) would never be used if they came first.
        if keys != nil, environment.nonEmpty("AWS_PROFILE") != nil, let plan = try builder.profilePlan(),
            case .role = plan, plan.endsInEnvironment
        {
            self = plan
        } else if let keys {
            self = .fixed(keys)
        } else if let plan = try builder.profilePlan() {
            self = plan
        } else if let endpoint = try ContainerEndpoint(environment: environment) {
            self = .container(endpoint)
        } else {
            self = .missing(builder.nothingFound())
        }
    }

    private var endsInEnvironment: Bool {
        switch self {
        case .fixed(let credentials): credentials.source == CredentialPlanBuilder.environmentSource
        case .role(_, let source): source.endsInEnvironment
        case .container, .missing: false
        }
    }
}

/// A role to assume, as a profile describes it.
struct RoleSettings: Sendable, Equatable {
    var profile: String
    var arn: String
    /// nil for one that is made up.
    var sessionName: String?
    var externalID: String?
    var durationSeconds: Int?
    /// Where STS is asked.
    var region: String
}

/// Reads plans out of variables and profiles.
struct CredentialPlanBuilder {
    static let environmentSource = "the environment"

    let environment: [String: String]
    let profiles: ProfileSet
    let region: String?

    /// - Throws: where only half of a pair of keys is there.
    func environmentKeys() throws(AWSError) -> AWSCredentials? {
        try keys(
            id: ("AWS_ACCESS_KEY_ID", environment.nonEmpty("AWS_ACCESS_KEY_ID")),
            secret: ("AWS_SECRET_ACCESS_KEY", environment.nonEmpty("AWS_SECRET_ACCESS_KEY")),
            token: environment.nonEmpty("AWS_SESSION_TOKEN"), source: Self.environmentSource)
    }

    /// The plan of the chosen profile; nil where it says nothing of credentials.
    func profilePlan() throws(AWSError) -> CredentialPlan? {
        guard let settings = profiles[profiles.chosen] else { return nil }
        if settings.nonEmpty("role_arn") != nil { return try rolePlan(profiles.chosen, settings, visited: []) }
        return try profileKeys(profiles.chosen, settings).map { .fixed($0) }
    }

    /// What is said where no source has credentials.
    func nothingFound() -> AWSError {
        var looked = ["the environment (AWS_ACCESS_KEY_ID is not set)"]
        if profiles.sources.isEmpty {
            looked.append("the shared configuration and credentials files (no variable says where they are)")
        } else {
            let files = profiles.sources.map { "\($0.path): \($0.finding)" }.joined(separator: ", ")
            var finding = profiles[profiles.chosen] == nil ? "not found" : "without keys or a role"
            if let setting = unsupportedSetting() { finding += "; its \(setting) is not supported by this program" }
            looked.append("the profile \(profiles.chosen) (\(finding); \(files))")
        }
        looked.append(
            "the container endpoint (neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor "
                + "AWS_CONTAINER_CREDENTIALS_FULL_URI is set)")
        return AWSError(
            .noCredentials, "there are no AWS credentials in \(looked.joined(separator: ", "))",
            remedy: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN if they are temporary), "
                + "or AWS_PROFILE to a profile with keys or a role. The instance metadata service is not asked.")
    }

    private func unsupportedSetting() -> String? {
        ["credential_process", "sso_session", "sso_start_url", "web_identity_token_file", "login_session"]
            .first { profiles.setting($0) != nil }
    }

    private func rolePlan(
        _ name: String, _ settings: [String: String], visited: [String]
    ) throws(AWSError) -> CredentialPlan {
        let visited = visited + [name]
        guard let arn = settings.nonEmpty("role_arn") else { throw wrong(name, "role_arn is missing") }
        if settings.nonEmpty("mfa_serial") != nil {
            throw wrong(name, "mfa_serial is set, and this program cannot ask for a code")
        }
        let role = RoleSettings(
            profile: name, arn: arn, sessionName: settings.nonEmpty("role_session_name"),
            externalID: settings.nonEmpty("external_id"), durationSeconds: try duration(name, settings),
            region: region ?? settings.nonEmpty("region")
                ?? (AWSPartition.of(arn: arn) ?? AWSPartition.commercial).globalRegion)
        switch (settings.nonEmpty("source_profile"), settings.nonEmpty("credential_source")) {
        case (let source?, nil): return .role(role, source: try sourcePlan(source, visited: visited))
        case (nil, let source?): return .role(role, source: try namedSource(source, profile: name))
        case (nil, nil): throw wrong(name, "role_arn needs source_profile or credential_source, and has neither")
        case (_?, _?): throw wrong(name, "role_arn has both source_profile and credential_source: remove one")
        }
    }

    /// The credentials that a role is assumed with. Keys come before a further role here: that is how a
    /// profile can name itself as its source.
    private func sourcePlan(_ name: String, visited: [String]) throws(AWSError) -> CredentialPlan {
        let referrer = visited.last ?? name
        guard let settings = profiles[name] else {
            throw wrong(referrer, "its source_profile \(name) does not exist")
        }
        if let keys = try profileKeys(name, settings) { return .fixed(keys) }
        guard !visited.contains(name) else {
            throw wrong(referrer, "source_profile goes in a circle: \((visited + [name]).joined(separator: " → "))")
        }
        guard settings.nonEmpty("role_arn") != nil else {
            throw wrong(referrer, "its source_profile \(name) has neither keys nor a role_arn")
        }
        return try rolePlan(name, settings, visited: visited)
    }

    private func namedSource(_ source: String, profile: String) throws(AWSError) -> CredentialPlan {
        switch source.lowercased() {
        case "environment":
            guard let keys = try environmentKeys() else {
                throw wrong(profile, "credential_source is Environment, but AWS_ACCESS_KEY_ID is not set")
            }
            return .fixed(keys)
        case "ecscontainer":
            guard let endpoint = try ContainerEndpoint(environment: environment) else {
                throw wrong(
                    profile,
                    "credential_source is EcsContainer, but neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor "
                        + "AWS_CONTAINER_CREDENTIALS_FULL_URI is set")
            }
            return .container(endpoint)
        default:
            throw wrong(
                profile, "credential_source is \(AWSError.printable(source)): expected Environment or EcsContainer")
        }
    }

    private func profileKeys(_ name: String, _ settings: [String: String]) throws(AWSError) -> AWSCredentials? {
        try keys(
            id: ("aws_access_key_id of the profile \(name)", settings.nonEmpty("aws_access_key_id")),
            secret: ("aws_secret_access_key of the profile \(name)", settings.nonEmpty("aws_secret_access_key")),
            token: settings.nonEmpty("aws_session_token"), source: "the profile \(name)")
    }

    private func keys(
        id: (name: String, value: String?), secret: (name: String, value: String?), token: String?, source: String
    ) throws(AWSError) -> AWSCredentials? {
        switch (id.value, secret.value) {
        case (nil, nil): return nil
        case (let id?, let secret?):
            return AWSCredentials(
                accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: token.map(Secret.init), source: source)
        case (_?, nil): throw AWSError(.invalidConfiguration, "\(id.name) is set, but \(secret.name) is not")
        case (nil, _?): throw AWSError(.invalidConfiguration, "\(secret.name) is set, but \(id.name) is not")
        }
    }

    private func duration(_ name: String, _ settings: [String: String]) throws(AWSError) -> Int? {
        guard let text = settings.nonEmpty("duration_seconds") else { return nil }
        guard let value = Int(text), (900...43200).contains(value) else {
            throw wrong(
                name, "duration_seconds is \(AWSError.printable(text)): expected a whole number from 900 to 43200")
        }
        return value
    }

    private func wrong(_ profile: String, _ reason: String) -> AWSError {
        AWSError(.invalidConfiguration, "the profile \(profile) cannot be used: \(reason)")
    }
}
