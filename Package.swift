// swift-tools-version: 6.2

import PackageDescription

// The arrows between these targets point down only: a target may depend on those above it in this
// list, never on those below. What the Lambda executable links ends at `LambdaCommand`, and nothing
// up to there imports Foundation (`make lint` checks it in the linked binary).
let package = Package(
    name: "promoter",
    products: [
        .executable(name: "bootstrap", targets: ["LambdaCommand"]),
        .executable(name: "promoter", targets: ["PromoterCommand"]),
        .executable(name: "simulate", targets: ["SimulateCommand"]),
        .executable(name: "chaos", targets: ["ChaosCommand"]),
        .executable(name: "local-aws", targets: ["LocalAWSCommand"]),
        // Preloaded by what runs on the local AWS; linked by nothing.
        .library(name: "local-aws-resolver", type: .dynamic, targets: ["CLocalResolver"]),
        // The same for what tests let time pass in.
        .library(name: "moved-clock", type: .dynamic, targets: ["MovedClock"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.0"),
    ],
    targets: [
        // System libraries: a module map and the few inline functions that Swift cannot do without.
        .systemLibrary(name: "CLibcurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLibssl", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),

        // What the Lambda executable is made of.
        .target(
            name: "CCommit",
            cSettings: [.define("PROMOTER_COMMIT", to: "\"\(Context.environment["PROMOTER_COMMIT"] ?? "")\"")]
        ),
        .target(name: "ProgramVersion", dependencies: ["CCommit"]),
        .target(name: "CCrashReport"),
        .target(name: "CGlibcCompatibility"),
        .target(name: "JSON", dependencies: ["CJansson"]),
        .target(name: "HTTPTransport", dependencies: ["CLibcurl", "CLibssl"]),
        .target(
            name: "LambdaRuntime",
            dependencies: ["HTTPTransport", "JSON", .product(name: "Logging", package: "swift-log")]
        ),
        .target(name: "AWSClient", dependencies: ["HTTPTransport", "JSON", "CLibcrypto", "CExpat"]),
        .target(name: "NameResolution"),
        .target(name: "Failover"),
        .target(
            name: "Promotion",
            dependencies: [
                "Failover", "AWSClient", "NameResolution", "JSON",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "PostgresClient", dependencies: ["HTTPTransport", "CLibpq"]),
        .target(
            name: "HealthProbe",
            dependencies: ["AWSClient", "NameResolution", "PostgresClient", "HTTPTransport", "JSON"]
        ),
        .target(name: "EndpointRecords", dependencies: ["AWSClient", "JSON"]),
        .target(
            name: "Functions",
            dependencies: [
                "LambdaRuntime", "Promotion", "HealthProbe", "EndpointRecords", "Failover", "AWSClient",
                "NameResolution", "PostgresClient", "HTTPTransport", "JSON", "ProgramVersion", "CCrashReport",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(name: "LambdaCommand", dependencies: ["Functions", "CGlibcCompatibility"]),

        // The command line of operators. Apart from the functions, so that the zip does not carry what they never run.
        .target(
            name: "Diagnosis",
            dependencies: [
                "Functions", "Promotion", "Failover", "AWSClient", "NameResolution", "HTTPTransport", "JSON",
                "ProgramVersion",
            ]
        ),
        .executableTarget(
            name: "PromoterCommand",
            dependencies: [
                "Diagnosis", "Functions", "Promotion", "HealthProbe", "EndpointRecords", "Failover", "AWSClient",
                "NameResolution", "LambdaRuntime",
                "JSON", "ProgramVersion",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // The emulated AWS. It shares no code with the product: one that made the same mistake twice
        // would find it right.
        .target(
            name: "LocalAWS",
            dependencies: ["CLibcrypto", .product(name: "FlyingFox", package: "FlyingFox")]
        ),
        .target(name: "CLocalResolver", linkerSettings: [.linkedLibrary("dl"), .linkedLibrary("pthread")]),
        .executableTarget(
            name: "LocalAWSCommand",
            dependencies: [
                "LocalAWS",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // Worlds in which the functions run as they are, on a clock, a network and name servers that follow from a seed.
        .target(
            name: "Simulation",
            dependencies: [
                "Functions", "Promotion", "Failover", "LambdaRuntime", "AWSClient", "NameResolution", "HTTPTransport",
                "JSON", .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .executableTarget(
            name: "SimulateCommand",
            dependencies: ["Simulation", .product(name: "ArgumentParser", package: "swift-argument-parser")]),

        // The same judge, of real processes on the local AWS.
        .target(name: "Chaos", dependencies: ["LocalAWS", "Simulation"]),
        .executableTarget(
            name: "ChaosCommand",
            dependencies: ["Chaos", .product(name: "ArgumentParser", package: "swift-argument-parser")]
        ),

        .testTarget(name: "SimulationTests", dependencies: ["Simulation"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "HTTPTransportTests", dependencies: ["HTTPTransport", "LocalAWS", "CLibssl"]),
        .testTarget(
            name: "LambdaRuntimeTests",
            dependencies: ["LambdaRuntime", "HTTPTransport", "JSON", .product(name: "Logging", package: "swift-log")]
        ),
        .testTarget(name: "AWSClientTests", dependencies: ["AWSClient", "HTTPTransport", "JSON"]),
        .testTarget(name: "NameResolutionTests", dependencies: ["NameResolution"]),
        .testTarget(name: "FailoverTests", dependencies: ["Failover"]),
        .testTarget(
            name: "PromotionTests",
            dependencies: [
                "Promotion", "Failover", "AWSClient", "NameResolution", "HTTPTransport", "JSON",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "TestRedis", dependencies: ["HealthProbe", "HTTPTransport"], path: "Tests/TestRedis"),
        .target(
            name: "TestPostgres",
            dependencies: ["PostgresClient", "HTTPTransport"],
            path: "Tests/TestPostgres"
        ),
        .testTarget(name: "PostgresClientTests", dependencies: ["PostgresClient"]),
        .testTarget(
            name: "HealthProbeTests",
            dependencies: [
                "TestRedis", "TestPostgres", "HealthProbe", "AWSClient", "NameResolution", "PostgresClient",
                "HTTPTransport", "JSON",
            ]
        ),
        .testTarget(name: "EndpointRecordsTests", dependencies: ["EndpointRecords", "AWSClient", "JSON"]),
        .testTarget(
            name: "FunctionsTests",
            dependencies: [
                "Functions", "Promotion", "HealthProbe", "EndpointRecords", "Failover", "LambdaRuntime", "AWSClient",
                "NameResolution", "PostgresClient", "HTTPTransport", "JSON",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "DiagnosisTests",
            dependencies: [
                "Diagnosis", "Functions", "Promotion", "Failover", "AWSClient", "NameResolution", "HTTPTransport",
                "JSON",
            ]
        ),
        .testTarget(name: "LocalAWSTests", dependencies: ["LocalAWS"]),
        .testTarget(
            name: "RejoinTests",
            dependencies: [
                "LocalAWS", "Functions", "Promotion", "Failover", "LambdaRuntime", "AWSClient", "NameResolution",
                "HTTPTransport", "JSON", .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "MovedClock", path: "Tests/MovedClock"),
        .testTarget(
            name: "EndToEnd",
            dependencies: [
                "TestRedis", "TestPostgres", "LocalAWS", "LambdaCommand", "PromoterCommand", "LocalAWSCommand",
            ]
        ),
        .testTarget(
            name: "ChaosTests",
            dependencies: ["Chaos", "Simulation", "LocalAWS", "LambdaCommand", "PromoterCommand"]
        ),
        .testTarget(
            name: "Interop",
            dependencies: [
                "EndpointRecords", "AWSClient", "HTTPTransport", "LocalAWS", "PromoterCommand", "LocalAWSCommand",
            ],
            exclude: ["python"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// Targets without any unsafe construct: the compiler holds them to it.
let memorySafe: Set<String> = ["Failover", "Promotion", "HealthProbe", "EndpointRecords", "Functions", "Diagnosis"]

for target in package.targets where target.type != .system {
    var settings = target.swiftSettings ?? []
    settings += [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .treatAllWarnings(as: .error),
    ]
    if memorySafe.contains(target.name) { settings.append(.strictMemorySafety()) }
    target.swiftSettings = settings
}
