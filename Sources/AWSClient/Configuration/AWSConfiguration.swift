/// How AWS is to be called, as the environment and the shared files say it. Made once at start; what is
/// wrong in it is refused there.
///
/// It holds values, not the environment, so that printing it cannot show a secret.
package struct AWSConfiguration: Sendable {
    /// From `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile.
    package let region: String?
    /// How often a request is sent at most, the first time included: `AWS_MAX_ATTEMPTS`.
    package let maximumAttempts: Int
    /// How long one attempt may take, where its operation does not say otherwise.
    package var attemptTimeout: Duration = .seconds(5)
    package let userAgent: String
    let endpoints: EndpointSettings
    let credentials: CredentialPlan
    /// For the token file of the container endpoint, which is read each time anew.
    let readFile: FileReader

    /// - Parameters:
    ///   - environment: the environment variables.
    ///   - readFile: reads the shared files. They are left alone where the environment has all that they
    ///     could give and no variable points to them.
    ///   - version: of this program, for the user agent.
    /// - Throws: where a value is wrong. That there are no credentials is said when they are needed.
    package init(
        environment: [String: String], readFile: @escaping FileReader = FileContents.read, version: String = "0"
    ) throws(AWSError) {
        let profiles =
            Self.needsFiles(environment)
            ? try ProfileSet(environment: environment, readFile: readFile)
            : ProfileSet(chosen: environment.nonEmpty("AWS_PROFILE") ?? "default")
        if let name = environment.nonEmpty("AWS_PROFILE"), profiles[name] == nil {
            let files = profiles.sources.map { "\($0.path): \($0.finding)" }.joined(separator: "; ")
            throw AWSError(
                .invalidConfiguration,
                "AWS_PROFILE is \(AWSError.printable(name)), but there is no such profile (\(files))",
                remedy: "Set AWS_PROFILE to one of the profiles in these files, or unset it.")
        }
        let settings = Settings(environment: environment, profiles: profiles)
        self.readFile = readFile
        region = try Self.region(settings)
        maximumAttempts = try Self.maximumAttempts(settings)
        userAgent = Self.userAgent(version: version, applicationID: environment.nonEmpty("AWS_SDK_UA_APP_ID"))
        endpoints = try EndpointSettings(settings)
        credentials = try CredentialPlan(environment: environment, profiles: profiles, region: region)
    }

    /// The region, or the error that says how to set it.
    package func requireRegion() throws(AWSError) -> String {
        guard let region else {
            throw AWSError(.invalidConfiguration, "the region is not known", remedy: "Set AWS_REGION, as in eu-west-1.")
        }
        return region
    }

    /// In Lambda nobody has a home directory, and looking for the files is part of every cold start.
    private static func needsFiles(_ environment: [String: String]) -> Bool {
        let pointers = ["AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"]
        if pointers.contains(where: { environment.nonEmpty($0) != nil }) { return true }
        guard environment.nonEmpty("AWS_LAMBDA_FUNCTION_NAME") != nil else { return true }
        return environment.nonEmpty("AWS_ACCESS_KEY_ID") == nil
    }

    private static func region(_ settings: Settings) throws(AWSError) -> String? {
        let setting =
            settings.value("AWS_REGION", profileKey: nil) ?? settings.value("AWS_DEFAULT_REGION", profileKey: "region")
        guard let setting else { return nil }
        guard isRegionName(setting.value) else {
            throw setting.refused("expected the name of a region, as in eu-west-1")
        }
        return setting.value
    }

    /// It becomes part of a host name, so that anything else could send requests to hosts of others.
    static func isRegionName(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        }
        return isPlain && (1...63).contains(text.utf8.count) && !text.hasPrefix("-") && !text.hasSuffix("-")
    }

    private static func maximumAttempts(_ settings: Settings) throws(AWSError) -> Int {
        guard let setting = settings.value("AWS_MAX_ATTEMPTS", profileKey: "max_attempts") else { return 3 }
        guard let value = Int(setting.value), (1...100).contains(value) else {
            throw setting.refused("expected a whole number from 1 to 100, where 1 means no retries")
        }
        return value
    }

    private static func userAgent(version: String, applicationID: String?) -> String {
        var text = "global-promoter/\(token(version)) ua/2.1 os/linux lang/swift#6"
        // The SDKs clip it at 50 characters, too. Clipped as a token: a character can have any number of bytes.
        if let applicationID { text += " app/\(token(applicationID).prefix(50))" }
        return text
    }

    /// What is no character of a token (RFC 9110) becomes a hyphen.
    private static func token(_ text: String) -> String {
        let others = Set("!$%&'*+-.^_`|~".utf8)
        return String(
            decoding: text.utf8.map { byte in
                let isLetter = (0x41...0x5A).contains(byte & ~0x20) && byte < 0x80
                return isLetter || (0x30...0x39).contains(byte) || others.contains(byte) ? byte : UInt8(ascii: "-")
            }, as: UTF8.self)
    }
}
