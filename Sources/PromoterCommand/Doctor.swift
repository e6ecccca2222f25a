import ArgumentParser
import Diagnosis
import Functions
import JSON

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check the whole set-up from here, and say what is wrong and what to do.",
        discussion: """
            Changes nothing. Looks at the configuration, the credentials, the way to AWS, the permissions, DNS, the \
            records, the datastore, the pause and the topic; a line for each finding: ✓ well, ! to be looked at, ✗ wrong.

            With --function the variables of the deployed function are checked, not those of this environment, and the \
            permissions of its role; options such as --dns-name come before both. Credentials and endpoints of AWS are \
            those of this environment. Where the function has WATCHES_FILE, say with WATCHES_FILE where a copy is.

            What changes something is not done to see whether it is allowed, but simulated by IAM \
            (iam:SimulatePrincipalPolicy). Exit code: 1 if anything is wrong (✗), else 0.
            """)

    @OptionGroup var options: WatchOptions

    @Option(
        name: .long, help: ArgumentHelp("Deployed Lambda function to check, by name or ARN.", valueName: "name"))
    var function: String?

    func run() async throws {
        let variables = [
            "HOSTED_ZONE_ID": options.hostedZoneID, "DNS_NAME": options.dnsName,
            "GLOBAL_DATASTORE_ID": options.globalDatastoreID, "GLOBAL_CLUSTER_ID": options.globalClusterID,
            "AWS_REGION": options.region, "AWS_PROFILE": options.profile,
        ].compactMapValues { $0 }
        let doctor = Diagnosis.Doctor(
            environment: LambdaMain.environment,
            options: .init(
                variables: variables, function: function, watch: options.watchName,
                timeout: .seconds(options.timeout ?? 30)))
        let report = await doctor.examine()
        switch options.output {
        case .json: try Terminal.say(report.json)
        case .text: for line in report.lines { try Terminal.say(line) }
        }
        if report.hasFailed { throw ExitCode.failure }
    }
}
