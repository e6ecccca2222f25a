/// The profiles of the shared configuration and credentials files together.
struct ProfileSet: Sendable {
    /// One file that was looked at.
    struct Source: Sendable {
        var path: String
        /// What was found, in words.
        var finding: String
    }

    /// The settings of a profile; those of the credentials file win.
    private var profiles: [String: [String: String]] = [:]
    private var services: [String: [String: String]] = [:]
    private(set) var sources: [Source] = []
    /// The profile that is chosen by `AWS_PROFILE`, or `default`.
    let chosen: String

    /// No files at all, as in a Lambda function.
    init(chosen: String) {
        self.chosen = chosen
    }

    /// Reads both files. One that is missing is empty.
    init(environment: [String: String], readFile: FileReader) throws(AWSError) {
        self.init(chosen: environment.nonEmpty("AWS_PROFILE") ?? "default")
        let files = [
            (path: Self.path("AWS_CONFIG_FILE", ".aws/config", environment), isConfig: true),
            (path: Self.path("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials", environment), isConfig: false),
        ]
        for (path, isConfig) in files {
            guard let path else { continue }
            switch readFile(path) {
            case .missing: sources.append(Source(path: path, finding: "no such file"))
            case .unreadable(let reason): sources.append(Source(path: path, finding: reason))
            case .bytes(let bytes):
                let count = add(try ProfileFile(parsing: bytes, path: path), isConfig: isConfig)
                sources.append(Source(path: path, finding: "\(count) profile\(count == 1 ? "" : "s")"))
            }
        }
    }

    /// The settings of a profile; nil where neither file has it.
    subscript(profile: String) -> [String: String]? { profiles[profile] }

    /// A setting of the chosen profile; one that is empty counts as missing.
    func setting(_ key: String) -> String? { profiles[chosen]?.nonEmpty(key) }

    /// The endpoint that the `services` section of the chosen profile has for a service.
    func serviceEndpoint(_ service: AWSService) -> String? {
        setting("services").flatMap { services[$0] }?.nonEmpty("\(service.variableSuffix.lowercased()).endpoint_url")
    }

    private mutating func add(_ file: ProfileFile, isConfig: Bool) -> Int {
        var names: Set<String> = []
        // `[profile default]` wins over `[default]` whatever their order; hence the second is merged first.
        let sections = file.sections.filter { $0.name == "default" } + file.sections.filter { $0.name != "default" }
        for section in sections {
            let words = section.name.split(separator: " ", maxSplits: 1).map(String.init)
            if isConfig, words.count == 2, words[0] == "services" {
                services[words[1], default: [:]].merge(section.values) { $1 }
                continue
            }
            let name: String
            switch (isConfig, words.count) {
            case (true, 2) where words[0] == "profile": name = words[1]
            case (true, 1) where words[0] == "default": name = words[0]
            case (false, 1...): name = section.name
            default: continue
            }
            profiles[name, default: [:]].merge(section.values) { $1 }
            names.insert(name)
        }
        return names.count
    }

    private static func path(_ variable: String, _ standard: String, _ environment: [String: String]) -> String? {
        let home = environment.nonEmpty("HOME")
        guard let path = environment.nonEmpty(variable) else { return home.map { "\($0)/\(standard)" } }
        guard path.hasPrefix("~/"), let home else { return path }
        return "\(home)/\(path.dropFirst(2))"
    }
}

extension [String: String] {
    /// The value of a key; an empty one counts as missing, as in every SDK.
    func nonEmpty(_ key: String) -> String? {
        self[key].flatMap { $0.isEmpty ? nil : $0 }
    }
}
